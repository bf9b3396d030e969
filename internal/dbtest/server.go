// SPDX-License-Identifier: Apache-2.0

package dbtest

import (
	"net"
	"os"
	"strconv"
	"testing"
)

// nobody is the user and the group of servers that root starts.
const nobody = 65534

// A Server is a running database server.
type Server struct {
	Version string // such as "PostgreSQL 15.18"
	Port    int    // of 127.0.0.1
}

// Address is where the server listens.
func (s Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }

// each runs a test against each installation of a kind of server.
func each(t *testing.T, kind string, found []installation, start func(testing.TB, installation) int, test func(*testing.T, Server)) {
	t.Helper()
	if len(found) == 0 {
		missing := "no " + kind + " is installed; internal/dbtest/install does it"
		if os.Getenv("WATERTIGHT_REQUIRE_DATABASES") != "" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	for _, i := range found {
		version := i.version(t)
		t.Run(version, func(t *testing.T) {
			t.Log(version)
			test(t, Server{Version: version, Port: start(t, i)})
		})
	}
}
