// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

// Who removes something can tell that it was there.
func TestRemoveTellsHowMany(t *testing.T) {
	deny, web := netpol.DefaultDeny("shop"), examplePod("", "web")
	ref := bulkhead.RefTo(deny)
	c := newCluster(t, []bulkhead.Object{deny, web, examplePod("shop", "db")}, reach.Generic)
	for _, tt := range []struct {
		what string
		refs []bulkhead.Ref
		want int
	}{
		{"nothing", nil, 0},
		{"a name without its group", []bulkhead.Ref{{Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name}}, 0},
		{"a policy, and the same again", []bulkhead.Ref{ref, ref}, 1},
		{"what is no longer there", []bulkhead.Ref{ref}, 0},
		{"a pod that names no namespace, and one that does", []bulkhead.Ref{bulkhead.RefTo(web), {Kind: "Pod", Namespace: "shop", Name: "db"}}, 2},
	} {
		if got := c.Remove(tt.refs...); got != tt.want {
			t.Errorf("%s: %d were removed, want %d", tt.what, got, tt.want)
		}
	}
	if left := c.Workloads(); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}
