// SPDX-License-Identifier: Apache-2.0

// Command build makes the servers that are not there yet and prints their folder,
// which also serves as KUBEBUILDER_ASSETS.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/watertight-go/watertight/internal/conformance/servers"
)

func main() {
	dir, err := servers.Build(context.Background(), servers.Etcd, servers.APIServer, servers.ControllerManager, servers.Scheduler)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(dir)
}
