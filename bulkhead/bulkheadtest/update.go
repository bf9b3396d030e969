// SPDX-License-Identifier: Apache-2.0

package bulkheadtest

import (
	"flag"
	"strconv"
)

// updateFlag belongs to the test package: if this one registered it, every test
// package with a flag of that name would panic as soon as it imports this one.
const updateFlag = "update"

// updating reports whether the tests run with -update. The flag is looked up anew
// each time, whoever registered it; there may be none.
func updating() bool {
	f := flag.Lookup(updateFlag)
	if f == nil {
		return false
	}
	yes, err := strconv.ParseBool(f.Value.String())
	return err == nil && yes
}

// updateCommand is what to run to have golden files written, and what is missing
// for that.
func updateCommand() string {
	if flag.Lookup(updateFlag) == nil {
		return `go test -update (once the test package declares var _ = flag.Bool("update", false, "rewrite golden files"))`
	}
	return "go test -update"
}
