// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"os"
	"syscall"
)

// maxRSS returns the most memory in bytes that an ended process has held.
func maxRSS(state *os.ProcessState) int {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return int(usage.Maxrss) * 1024 // Linux counts in kilobytes
}
