// SPDX-License-Identifier: Apache-2.0

package servers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// A Cluster is a running control plane.
type Cluster struct {
	Config  *rest.Config  // of a user who may do everything
	Startup time.Duration // from the first process to an API server that answers

	keeper  *exec.Cmd
	orders  io.WriteCloser
	answers *json.Decoder

	mutex   sync.Mutex
	started map[Program]bool
}

// ErrNotBuilt says that a server would have to be built first, which takes minutes
// and happens only where it was asked for.
var ErrNotBuilt = errors.New("the servers are not built: WATERTIGHT_REQUIRE_SERVERS=1 builds them, which takes a quarter of an hour once")

// Start starts etcd and kube-apiserver, and builds them first where that is
// required. The test binary must call [Keep] in its TestMain.
func Start(ctx context.Context) (*Cluster, error) {
	dir, err := ready(ctx, Etcd, APIServer)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	// The keeper outlives ctx, and what it writes must not keep "go test" waiting.
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), keeperFolder+"="+dir)
	orders, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	answers, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &Cluster{keeper: cmd, orders: orders, answers: json.NewDecoder(answers), started: make(map[Program]bool)}
	a, err := c.answer()
	if err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	if c.Config, err = clientcmd.RESTConfigFromKubeConfig(a.Kubeconfig); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	c.Config.QPS, c.Config.Burst = -1, -1 // the client does not hold back
	c.Config.WarningHandler = rest.NoWarnings{}
	c.Startup = time.Since(start)
	return c, nil
}

// Run starts a controller manager or a scheduler beside the API server, unless it
// runs already.
func (c *Cluster) Run(ctx context.Context, program Program) error {
	if _, err := ready(ctx, program); err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.started[program] {
		return nil
	}
	if _, err := fmt.Fprintln(c.orders, program); err != nil {
		return err
	}
	if _, err := c.answer(); err != nil {
		return err
	}
	c.started[program] = true
	return nil
}

// Stop stops all that was started, and waits for it.
func (c *Cluster) Stop() error {
	return errors.Join(c.orders.Close(), c.keeper.Wait())
}

func (c *Cluster) answer() (answer, error) {
	var a answer
	if err := c.answers.Decode(&a); err != nil {
		return a, fmt.Errorf("the keeper of the servers: %w", err)
	}
	if a.Error != "" {
		return a, errors.New(a.Error)
	}
	return a, nil
}

// ready returns the folder of programs that are built, or are built now.
func ready(ctx context.Context, programs ...Program) (string, error) {
	if required() {
		return Build(ctx, programs...)
	}
	dir, err := Folder(ctx)
	if err != nil {
		return "", err
	}
	if !built(dir, programs...) {
		return "", ErrNotBuilt
	}
	return dir, nil
}
