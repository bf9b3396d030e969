// SPDX-License-Identifier: Apache-2.0

package dbtest

import (
	"os"
	"path"
	"strconv"
	"syscall"
	"testing"
)

// PostgreSQL runs a test against each PostgreSQL that is installed. The superuser
// postgres needs no password, all others do.
func PostgreSQL(t *testing.T, test func(*testing.T, Server)) {
	t.Helper()
	each(t, "PostgreSQL", find("/usr/lib/postgresql/*/bin/postgres"), startPostgreSQL, test)
}

const clientAuthentication = `host all postgres 127.0.0.1/32 trust
host all all 127.0.0.1/32 scram-sha-256
`

func startPostgreSQL(t testing.TB, i installation) int {
	t.Helper()
	folder, port := i.folder(t), freePort(t)
	data := folder + "/data"
	bin := path.Dir(i.program)
	finish(t, i.command(bin+"/initdb", "--pgdata="+data, "--username=postgres", "--auth=trust",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"))
	if err := os.WriteFile(i.outside(data+"/pg_hba.conf"), []byte(clientAuthentication), 0o600); err != nil {
		t.Fatal(err)
	}
	// A fast shutdown ends the connections that a test left open.
	i.start(t, folder, syscall.SIGINT, func() error {
		return i.command(bin+"/pg_isready", "-q", "-h", "127.0.0.1", "-p", strconv.Itoa(port)).Run()
	},
		"-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "fsync=off", "-c", "max_connections=50")
	return port
}
