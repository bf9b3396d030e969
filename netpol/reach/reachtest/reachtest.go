// SPDX-License-Identifier: Apache-2.0

// Package reachtest holds what tests of manifests assert on who can talk to whom.
//
//	c, err := reach.New(set.Objects, reach.Options{Profile: reach.Calico})
//	...
//	reachtest.NoFlow(t, c, []string{"staging"}, []string{"prod"})
//	reachtest.Allowed(t, c, reach.Pod("prod/web"), reach.Pod("prod/db"), reach.TCP(5432))
//	reachtest.Denied(t, c, reach.Pod("prod/web"), reach.Pod("prod/db"), reach.TCP(22))
//
// None of them passes over nothing: a namespace that holds no workload fails the test,
// and so does a pod that is not in the cluster, as a misspelt name is neither. What is
// unknown passes neither as open nor as closed.
//
// They speak of the workloads that there are. Of those that somebody may add, see
// [reach.Cluster.Exposed] and [reach.Cluster.Isolated]; of what is wrong with the
// objects, [reach.Cluster.Findings].
package reachtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/internal/spelling"
	"github.com/watertight-go/watertight/netpol/reach"
)

// mostFlows bounds how many flows are told.
const mostFlows = 50

// NoFlow fails the test if a workload in the namespaces of one side can open a
// connection to one of the other, on any port, and also if that is not known. Each
// flow is told with what decides about it; of more than 50, the rest is counted.
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
	n := 0
	for f := range c.Between(from, to) {
		if n++; n <= mostFlows {
			t.Errorf("%s%s", f, why(c, f))
		}
	}
	if n > mostFlows {
		t.Errorf("and %d more flows from %v to %v", n-mostFlows, from, to)
	}
}

// Allowed fails the test unless from can surely open a connection to a port of to, and
// says why it cannot, or what is not known.
func Allowed(t bulkheadtest.TB, c *reach.Cluster, from, to reach.Endpoint, port reach.Port) {
	t.Helper()
	want(t, c.Allowed(from, to, port), reach.Allowed)
}

// Denied fails the test unless from surely cannot open a connection to a port of to, and
// says why it can, or what is not known. An end that is not in the cluster is not denied.
func Denied(t bulkheadtest.TB, c *reach.Cluster, from, to reach.Endpoint, port reach.Port) {
	t.Helper()
	want(t, c.Allowed(from, to, port), reach.Denied)
}

func want(t bulkheadtest.TB, got reach.Answer, verdict reach.Verdict) {
	t.Helper()
	if got.Verdict != verdict {
		t.Errorf("want %s: %s", verdict, got)
	}
}

// missing tells what keeps a question about two sides from being one.
func missing(c *reach.Cluster, from, to []string) []string {
	workloads, names := make(map[string]int), spelling.NewIndex()
	for _, w := range c.Workloads() {
		workloads[w.Namespace()]++
		names.Add(w.Namespace())
	}
	var out []string
	for i, side := range [][]string{from, to} {
		if len(side) == 0 {
			out = append(out, fmt.Sprintf("the %s side names no namespace", []string{"first", "second"}[i]))
		}
		for _, namespace := range side {
			if workloads[namespace] > 0 {
				continue
			}
			text := fmt.Sprintf("there is no pod or workload in namespace %q", namespace)
			if meant, ok := names.CloseTo(namespace); ok {
				text += fmt.Sprintf(", but there is in %q", meant)
			}
			out = append(out, text)
		}
	}
	if len(from) == 1 && slices.Equal(from, to) && workloads[from[0]] == 1 {
		out = append(out, fmt.Sprintf("there is only one workload in namespace %q, so that it has nobody to connect to", from[0]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// why lists the reasons for a flow.
func why(c *reach.Cluster, f reach.Flow) string {
	var b strings.Builder
	for _, r := range c.Why(f) {
		fmt.Fprintf(&b, "\n  %s", r)
	}
	return b.String()
}
