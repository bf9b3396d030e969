// SPDX-License-Identifier: Apache-2.0

package dbtest

import (
	"path"
	"strconv"
	"syscall"
	"testing"
)

// MySQL runs a test against each MySQL and each MariaDB that is installed. Its user
// root has no password.
func MySQL(t *testing.T, test func(*testing.T, Server)) {
	t.Helper()
	each(t, "MySQL or MariaDB", find("/usr/sbin/mariadbd", "/usr/sbin/mysqld"), startMySQL, test)
}

func startMySQL(t testing.TB, i installation) int {
	t.Helper()
	folder, port := i.folder(t), freePort(t)
	data := folder + "/data"
	args := []string{
		"--no-defaults", "--datadir=" + data, "--port=" + strconv.Itoa(port), "--bind-address=127.0.0.1",
		"--socket=" + folder + "/socket", "--pid-file=" + folder + "/pid", "--tmpdir=" + folder,
		"--secure-file-priv=", "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync", "--innodb-buffer-pool-size=32M", "--skip-log-bin",
	}
	if path.Base(i.program) == "mariadbd" {
		finish(t, i.command("/usr/bin/mariadb-install-db", "--no-defaults", "--datadir="+data,
			"--auth-root-authentication-method=normal", "--skip-test-db"))
	} else {
		finish(t, i.command(i.program, "--no-defaults", "--initialize-insecure", "--datadir="+data, "--innodb-flush-method=nosync"))
		args = append(args, "--mysqlx=OFF")
	}
	i.start(t, folder, syscall.SIGTERM, func() error { return greets(port) }, args...)
	return port
}

// greets returns an error until the server says something to who connects.
func greets(port int) error {
	conn, err := connect(port)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_, err = conn.Read(make([]byte, 1))
	return err
}
