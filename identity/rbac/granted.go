// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

func index(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// granted notes what crosses the boundary because objects on either side say so, whoever
// may write them: grants to routes and claims of the side, and hosts of the other that
// the side answers for as well.
func (w *walk) granted() {
	for _, g := range w.outside.grants {
		if !w.away[g.ref.Namespace] || !w.from[g.from] {
			continue
		}
		rule := RoutesTraffic
		if g.kind == "PersistentVolumeClaim" {
			rule = MakesVolumes
		}
		text := "lets every " + g.kind + " of namespace " + g.from + " refer to each " + strings.Join(g.to, " and ") + " of namespace " + g.ref.Namespace
		hop := bulkhead.Hop{Object: g.ref, Field: g.field, Text: text}
		w.breach(rule, (*trail)(nil).then(hop).closedBy(bulkhead.Change{Object: g.ref, Field: g.field, Text: "take the namespace out of the grant"}))
	}
	owned := make(map[string]host)
	for _, h := range w.outside.hosts {
		if _, ok := owned[h.name]; !ok && w.away[h.ref.Namespace] {
			owned[h.name] = h
		}
	}
	for _, h := range w.outside.hosts {
		other, ok := owned[h.name]
		if !ok || !w.from[h.ref.Namespace] {
			continue
		}
		w.breach(RoutesTraffic, (*trail)(nil).then(
			bulkhead.Hop{Object: h.ref, Field: h.field, Text: "answers requests for the host " + h.name},
			bulkhead.Hop{Object: other.ref, Field: other.field, Text: "is the same host"},
		).closedBy(bulkhead.Change{Object: h.ref, Field: h.field, Text: "take the host out"}))
	}
}
