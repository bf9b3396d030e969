// SPDX-License-Identifier: Apache-2.0

package servers

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// keeperFolder names the folder of the programs to a process that is to be the
// keeper.
const keeperFolder = "WATERTIGHT_KEEPER_FOLDER"

// An answer is what the keeper writes, a line of JSON for the start and for each
// line that it reads, which is the name of a further program to start.
type answer struct {
	Error      string `json:",omitempty"`
	Kubeconfig []byte `json:",omitempty"`
}

// Keep is the first call of a TestMain. In the keeper it runs the servers and does
// not return; everywhere else it does nothing.
func Keep() {
	dir := os.Getenv(keeperFolder)
	if dir == "" {
		return
	}
	// Terminals, timeout(1) and CI systems signal the whole process group, in which
	// the servers are not. The pipe tells when to stop.
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if err := keep(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// keep serves one test process until its end of the pipe closes.
func keep(dir string) (err error) {
	scratch, err := os.MkdirTemp("", "watertight-servers-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	answers := json.NewEncoder(os.Stdout)
	environment, err := startEnvironment(dir, scratch)
	if err != nil {
		return errors.Join(answers.Encode(answer{Error: err.Error()}), environment.Stop())
	}
	defer func() { err = errors.Join(err, environment.Stop()) }()

	ctx, cancel := context.WithCancel(context.Background())
	finished, err := finishPods(ctx, environment.Config)
	if err != nil {
		cancel()
		return err
	}
	defer func() {
		cancel()
		<-finished
	}()

	k := &keeper{dir: dir, scratch: scratch, environment: environment}
	defer k.stop()
	if err := answers.Encode(answer{Kubeconfig: environment.KubeConfig}); err != nil {
		return err
	}
	orders := bufio.NewScanner(os.Stdin)
	for orders.Scan() {
		var a answer
		if err := k.start(Program(orders.Text())); err != nil {
			a.Error = err.Error()
		}
		if err := answers.Encode(a); err != nil {
			return err
		}
	}
	return orders.Err()
}

// startEnvironment starts etcd and kube-apiserver. The environment is to be
// stopped even if there is an error.
func startEnvironment(dir, scratch string) (*envtest.Environment, error) {
	environment := &envtest.Environment{
		BinaryAssetsDirectory:    dir,
		ControlPlaneStartTimeout: 2 * time.Minute,
		ControlPlaneStopTimeout:  time.Minute,
	}
	server := environment.ControlPlane.GetAPIServer()
	// envtest turns the plugin ServiceAccount off.
	server.Configure().Disable("disable-admission-plugins")
	log, err := os.Create(filepath.Join(scratch, string(APIServer)+".log"))
	if err != nil {
		return environment, err
	}
	server.Out, server.Err = log, log
	if _, err := environment.Start(); err != nil {
		return environment, fmt.Errorf("%w\n%s", err, tail(log.Name()))
	}
	return environment, nil
}
