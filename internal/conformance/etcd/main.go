// SPDX-License-Identifier: Apache-2.0

// Command etcd is the etcd server, at the version that go.mod names.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
