// SPDX-License-Identifier: Apache-2.0

package space_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// domainNames are all names of one to four labels, out of two.
func domainNames() []string {
	out, longest := []string{"a", "aa"}, []string{"a", "aa"}
	for range 3 {
		var longer []string
		for _, name := range longest {
			longer = append(longer, "a."+name, "aa."+name)
		}
		longest = longer
		out = append(out, longer...)
	}
	return out
}

// isOf reads a pattern as the API describes it: the wildcard is one label or more.
func isOf(name, pattern string) bool {
	own, labels := strings.Split(name, "."), strings.Split(pattern, ".")
	if labels[0] != "*" {
		return slices.Equal(own, labels)
	}
	rest := labels[1:]
	return len(own) > len(rest) && slices.Equal(own[len(own)-len(rest):], rest)
}

func TestDomainsAreTheirNames(t *testing.T) {
	all := domainNames()
	rapid.Check(t, func(t *rapid.T) {
		patterns := rapid.Map(rapid.SampledFrom(all), func(name string) string {
			if labels := strings.Split(name, "."); len(labels) > 1 && len(name)%2 == 0 {
				return "*." + strings.Join(labels[1:], ".")
			}
			return name
		}).Filter(func(pattern string) bool { return strings.Count(pattern, ".") < 3 })
		x, y := patterns.Draw(t, "x"), patterns.Draw(t, "y")
		covers, overlaps := true, false
		for _, name := range all {
			inX, inY := isOf(name, x), isOf(name, y)
			covers, overlaps = covers && (inX || !inY), overlaps || inX && inY
		}
		d, e := space.DomainOf(x), space.DomainOf(strings.ToUpper(y)+".")
		if got := d.Covers(e); got != covers {
			t.Errorf("covers %t, every name is in it %t", got, covers)
		}
		if got := d.Overlaps(e); got != overlaps {
			t.Errorf("overlaps %t, some name is in both %t", got, overlaps)
		}
	})
}

func TestNoDomainOverlapsNothing(t *testing.T) {
	if none := (space.Domain{}); none.Overlaps(none) || none.Overlaps(space.DomainOf("*.a.a")) || space.DomainOf("*.a.a").Overlaps(none) {
		t.Error("the zero value holds a name")
	}
}
