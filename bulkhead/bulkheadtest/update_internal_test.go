// SPDX-License-Identifier: Apache-2.0

package bulkheadtest

import (
	"flag"
	"testing"
)

// White-box, since registration happens while packages are set up, before any
// test can arrange who comes first.
func TestRegisterUpdateLeavesAnothersFlag(t *testing.T) {
	before := flag.CommandLine
	t.Cleanup(func() { flag.CommandLine = before })
	flag.CommandLine = flag.NewFlagSet(t.Name(), flag.ContinueOnError)

	another := flag.String(updateFlag, "snapshots", "of another library")
	if f := registerUpdate(); f.Usage != "of another library" || *another != "snapshots" {
		t.Errorf("the flag became %+v", f)
	}
}
