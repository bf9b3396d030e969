// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
)

// A name that is misspelled proves nothing, on either side.
func TestAUserOfProductionThatIsNotThereIsMissing(t *testing.T) {
	b := boundary()
	b.Away.Users = []string{"prodution"}
	proof := prove(t, with(t, redis8, "+get"), b)
	if proof.Verdict != bulkhead.Undetermined || !strings.Contains(proof.String(), `"prodution" of production`) {
		t.Errorf("got %s", proof)
	}
}
