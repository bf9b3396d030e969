// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// A court gathers what is found.
type court struct {
	*world
	breaches map[string]*found
	missing  map[string]bool
	findings bulkhead.Findings
	// withdrawals are what changes take from somebody, for recipes.
	withdrawals map[bulkhead.Change]withdrawal
}

// found is a breach and how many others its change closes.
type found struct {
	bulkhead.Breach
	others map[bulkhead.Ref]bool
}

func newCourt(w *world) *court {
	return &court{world: w, breaches: make(map[string]*found), missing: make(map[string]bool), withdrawals: make(map[bulkhead.Change]withdrawal)}
}

// breach adds a path. Of those that one change closes, the shortest is kept.
func (c *court) breach(rule string, path []bulkhead.Hop, change bulkhead.Change) {
	at := key(rule, change.Object.Namespace, change.Object.Kind, change.Object.Name, change.Field, change.Text)
	object := path[len(path)-1].Object
	b := bulkhead.Breach{Rule: rule, Path: path, Change: change}
	known := c.breaches[at]
	switch {
	case known == nil:
		c.breaches[at] = &found{Breach: b, others: map[bulkhead.Ref]bool{object: true}}
		return
	case compareBreaches(b, known.Breach) < 0:
		known.Breach = b
	}
	known.others[object] = true
}

// breached returns the breaches in order.
func (c *court) breached() []bulkhead.Breach {
	var out []bulkhead.Breach
	for _, f := range c.breaches {
		b := f.Breach
		if more := len(f.others) - 1; more > 0 {
			b.Path = slices.Clone(b.Path)
			b.Path[len(b.Path)-1].Text += fmt.Sprintf("; the change closes %d more like it", more)
		}
		out = append(out, b)
	}
	slices.SortFunc(out, compareBreaches)
	return out
}

func compareBreaches(a, b bulkhead.Breach) int {
	return cmp.Or(
		cmp.Compare(len(a.Path), len(b.Path)),
		slices.CompareFunc(a.Path, b.Path, func(a, b bulkhead.Hop) int {
			return cmp.Or(a.Object.Compare(b.Object), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Text, b.Text))
		}),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Change.Text, b.Change.Text),
	)
}

func (c *court) miss(format string, args ...any) { c.missing[fmt.Sprintf(format, args...)] = true }

func (c *court) missed() []string {
	return slices.Sorted(maps.Keys(c.missing))
}

// warn adds a finding.
func (c *court) warn(rule string, object bulkhead.Ref, at, fix, format string, args ...any) {
	c.findings = append(c.findings, bulkhead.Finding{
		Rule: rule, Severity: bulkhead.Warning, Object: object, Field: at, Message: fmt.Sprintf(format, args...), Fix: fix,
	})
}
