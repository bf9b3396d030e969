// SPDX-License-Identifier: Apache-2.0

package bulkheadtest

import (
	"flag"
	"strconv"
)

const updateFlag = "update"

// The flag must be there before the test binary parses its arguments, which is
// before the first test calls [Golden]. Nothing is kept: the value is read from
// the flag itself, whoever registered it.
var _ = registerUpdate()

func registerUpdate() *flag.Flag {
	if flag.Lookup(updateFlag) == nil {
		flag.Bool(updateFlag, false, "rewrite the golden files that differ")
	}
	return flag.Lookup(updateFlag)
}

// updating reports whether the tests run with -update.
func updating() bool {
	f := flag.Lookup(updateFlag)
	if f == nil {
		return false
	}
	yes, err := strconv.ParseBool(f.Value.String())
	return err == nil && yes
}
