// SPDX-License-Identifier: Apache-2.0

package servers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// A keeper holds the processes that are its own, beside those of envtest.
type keeper struct {
	dir, scratch string
	environment  *envtest.Environment
	running      []*process
}

type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended
}

// start starts a controller manager or a scheduler. Neither listens: without a
// port there is none to clash, and that they work is seen in what they do.
func (k *keeper) start(program Program) error {
	kubeconfig := filepath.Join(k.scratch, "kubeconfig")
	if err := os.WriteFile(kubeconfig, k.environment.KubeConfig, 0o600); err != nil {
		return err
	}
	args := []string{"--kubeconfig=" + kubeconfig, "--leader-elect=false", "--secure-port=0", "--kube-api-qps=500", "--kube-api-burst=1000"}
	switch program {
	case ControllerManager:
		server := k.environment.ControlPlane.GetAPIServer()
		ca := filepath.Join(k.scratch, "ca.crt")
		if err := os.WriteFile(ca, server.CA, 0o600); err != nil {
			return err
		}
		args = append(args, "--root-ca-file="+ca,
			// As installers set it up: each controller is a user of its own.
			"--use-service-account-credentials",
			"--service-account-private-key-file="+filepath.Join(server.CertDir, "sa-signer.key"),
			// No kubelet renews the leases of nodes: they would be taken for dead.
			"--controllers=*,-node-lifecycle-controller,-taint-eviction-controller")
	case Scheduler:
	default:
		return fmt.Errorf("%q is started by nobody", program)
	}
	return k.run(program, args...)
}

// run starts a process and fails if it ends at once.
func (k *keeper) run(program Program, args ...string) error {
	log, err := os.Create(filepath.Join(k.scratch, string(program)+".log"))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(filepath.Join(k.dir, string(program)), args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	p := &process{cmd: cmd, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		_ = cmd.Wait() // how it ended is in its log
	}()
	select {
	case <-p.done:
		return fmt.Errorf("%s ended at once\n%s", program, tail(log.Name()))
	case <-time.After(time.Second):
		k.running = append(k.running, p)
		return nil
	}
}

// stop asks all processes to end, and ends those that do not.
func (k *keeper) stop() {
	for _, p := range k.running {
		_ = p.cmd.Process.Signal(os.Interrupt) // it may have ended by itself
	}
	deadline := time.After(20 * time.Second)
	for _, p := range k.running {
		select {
		case <-p.done:
		case <-deadline:
			_ = p.cmd.Process.Kill()
			<-p.done
		}
	}
}

// tail returns the end of a log.
func tail(file string) string {
	const most = 4 << 10
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-most):])
}
