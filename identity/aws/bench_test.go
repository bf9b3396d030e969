// SPDX-License-Identifier: Apache-2.0

package aws_test

import (
	"fmt"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/aws"
)

// Roles of which each trusts one account of the cluster and the role before it, in one
// long chain from staging.
func BenchmarkNoAssumption(b *testing.B) {
	others := map[string][]string{"role-0": {web(stagingRole)}}
	for i := range 10_000 {
		others[fmt.Sprint("role-", i+1)] = []string{web(onlyProd), trusts(named(fmt.Sprint("role-", i+10_000)), "")}
	}
	e := setting{statements: []string{web(onlyProd), trusts(named("role-0"), "")}, others: others}.evidence(b)
	for b.Loop() {
		if proof := bulkhead.Must(aws.NoAssumption(e, boundary())); proof.Verdict != bulkhead.Breached {
			b.Fatal(proof)
		}
	}
}
