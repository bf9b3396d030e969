// SPDX-License-Identifier: Apache-2.0

package dbtest

import (
	"os"
	"os/exec"
	"syscall"
)

// confine makes a program end with the thread that starts it and see nothing outside
// root. PostgreSQL and MySQL refuse to be root, so for root nobody runs it.
func confine(cmd *exec.Cmd, root string) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	if root != "/" {
		cmd.SysProcAttr.Chroot = root
	}
}
