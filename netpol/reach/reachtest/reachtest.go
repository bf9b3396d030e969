// SPDX-License-Identifier: Apache-2.0

// Package reachtest holds what tests of manifests assert on who can talk to whom.
//
//	c, err := reach.New(set.Objects, reach.Options{Profile: reach.Calico})
//	...
//	reachtest.NoFlow(t, c, []string{"staging"}, []string{"prod"})
package reachtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/netpol/reach"
)

// NoFlow fails the test if a workload in the namespaces of one side can open a
// connection to one of the other, on any port, and also if that is not known. Each
// flow is told with what decides about its first port.
//
// A side without namespaces fails the test, and so does a namespace without workloads:
// a test about a name that nobody has would pass for ever. What leads the other way is
// another question, and so are addresses outside the cluster.
func NoFlow(t bulkheadtest.TB, c *reach.Cluster, from, to []string) {
	t.Helper()
	if missing := missing(c, from, to); len(missing) > 0 {
		t.Errorf("flows from %v to %v: %s", from, to, strings.Join(missing, "; "))
		return
	}
	for f := range c.Between(from, to) {
		t.Errorf("%s%s", f, why(c, f))
	}
}

// missing tells what keeps a question about two sides from being one.
func missing(c *reach.Cluster, sides ...[]string) []string {
	inhabited := make(map[string]bool)
	for _, w := range c.Workloads() {
		inhabited[w.Namespace()] = true
	}
	var out []string
	for i, side := range sides {
		if len(side) == 0 {
			out = append(out, fmt.Sprintf("the %s side names no namespace", []string{"first", "second"}[i]))
		}
		for _, namespace := range side {
			if !inhabited[namespace] {
				out = append(out, fmt.Sprintf("there is no pod or workload in namespace %q", namespace))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// why lists the reasons for the first port of a flow.
func why(c *reach.Cluster, f reach.Flow) string {
	port, found := f.Ports.First()
	if !found { // only protocols without ports
		return ""
	}
	var b strings.Builder
	for _, r := range c.Allowed(f.From, f.To, port).Why() {
		fmt.Fprintf(&b, "\n  %s", r)
	}
	return b.String()
}
