// SPDX-License-Identifier: Apache-2.0

package dbtest

import (
	"strconv"
	"syscall"
	"testing"
)

// Redis runs a test against each Redis and each Valkey that is installed. The default
// user may do everything and has no password, as the server ships.
func Redis(t *testing.T, test func(*testing.T, Server)) {
	t.Helper()
	each(t, "Redis or Valkey", find("/usr/bin/redis-server", "/usr/bin/valkey-server"), startRedis, test)
}

func startRedis(t testing.TB, i installation) int {
	t.Helper()
	folder, port := i.folder(t), freePort(t)
	i.start(t, folder, syscall.SIGTERM, func() error { return answers(port) },
		"--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", folder, "--save", "", "--appendonly", "no")
	return port
}

// answers returns an error until the server answers PING.
func answers(port int) error {
	conn, err := connect(port)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	_, err = conn.Read(make([]byte, 1))
	return err
}
