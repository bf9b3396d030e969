// SPDX-License-Identifier: Apache-2.0

package condition_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/condition"
)

// A world is all that there is to know of a request.
type world struct {
	request gcp.Request
	tagged  bool
	port    int
}

// A tree is an expression, and what it is worth in Go.
type tree struct {
	text  string
	holds func(world) bool
}

func resourceNames() []string {
	return []string{"projects/p/instances/prod", "projects/p/instances/staging", "projects/p/instances/staging-legacy-prod", "projects/111/secrets/db"}
}

func resourceTypes() []string {
	return []string{"sqladmin.googleapis.com/Instance", "secretmanager.googleapis.com/Secret"}
}

// moments are now, and times around those that expressions name.
func moments() []time.Time {
	var out []time.Time
	for year := 2020; year <= 2032; year += 2 {
		at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		out = append(out, at.Add(-1), at, at.Add(1))
	}
	return append(out, now())
}

func atoms() *rapid.Generator[tree] {
	return rapid.Custom(func(t *rapid.T) tree {
		name := rapid.SampledFrom(resourceNames()).Draw(t, "name")
		kind := rapid.SampledFrom(resourceTypes()).Draw(t, "type")
		at := time.Date(2020+2*rapid.IntRange(0, 6).Draw(t, "year"), 1, 1, 0, 0, 0, 0, time.UTC)
		stamp := fmt.Sprintf("timestamp(%q)", at.Format(time.RFC3339))
		return rapid.SampledFrom([]tree{
			{fmt.Sprintf("resource.name == %q", name), func(w world) bool { return w.request.ResourceName == name }},
			{fmt.Sprintf("resource.name.startsWith(%q)", name), func(w world) bool { return strings.HasPrefix(w.request.ResourceName, name) }},
			{fmt.Sprintf("resource.name in [%q]", name), func(w world) bool { return w.request.ResourceName == name }},
			{fmt.Sprintf("resource.type != %q", kind), func(w world) bool { return w.request.ResourceType != kind }},
			{fmt.Sprintf("resource.service == %q", strings.Split(kind, "/")[0]), func(w world) bool { return w.request.ResourceService == strings.Split(kind, "/")[0] }},
			{"resource.name.extract('instances/{i}') == 'prod'", func(w world) bool { return w.request.ResourceName == "projects/p/instances/prod" }},
			{"request.time < " + stamp, func(w world) bool { return w.request.Time.Before(at) }},
			{"request.time >= " + stamp, func(w world) bool { return !w.request.Time.Before(at) }},
			{stamp + " == request.time", func(w world) bool { return w.request.Time.Equal(at) }},
			{"request.time.getFullYear() == 2030", func(w world) bool { return w.request.Time.Year() == 2030 }},
			{"resource.matchTag('1/env', 'prod')", func(w world) bool { return w.tagged }},
			{"destination.port == 22", func(w world) bool { return w.port == 22 }},
			{"true", func(world) bool { return true }},
		}).Draw(t, "atom")
	})
}

func trees(depth int) *rapid.Generator[tree] {
	if depth == 0 {
		return atoms()
	}
	sub := trees(depth - 1)
	return rapid.OneOf(
		atoms(),
		rapid.Map(sub, func(a tree) tree {
			return tree{"!(" + a.text + ")", func(w world) bool { return !a.holds(w) }}
		}),
		rapid.Custom(func(t *rapid.T) tree {
			a, b := sub.Draw(t, "a"), sub.Draw(t, "b")
			return tree{"(" + a.text + " && " + b.text + ")", func(w world) bool { return a.holds(w) && b.holds(w) }}
		}),
		rapid.Custom(func(t *rapid.T) tree {
			a, b := sub.Draw(t, "a"), sub.Draw(t, "b")
			return tree{"(" + a.text + " || " + b.text + ")", func(w world) bool { return a.holds(w) || b.holds(w) }}
		}),
		rapid.Custom(func(t *rapid.T) tree {
			a, b, c := sub.Draw(t, "a"), sub.Draw(t, "b"), sub.Draw(t, "c")
			return tree{"(" + a.text + " ? " + b.text + " : " + c.text + ")", func(w world) bool {
				if a.holds(w) {
					return b.holds(w)
				}
				return c.holds(w)
			}}
		}),
	)
}

func worlds() *rapid.Generator[world] {
	return rapid.Custom(func(t *rapid.T) world {
		kind := rapid.SampledFrom(resourceTypes()).Draw(t, "type")
		return world{
			request: gcp.Request{
				ResourceName: rapid.SampledFrom(resourceNames()).Draw(t, "name"), ResourceType: kind, ResourceService: strings.Split(kind, "/")[0],
				Time: rapid.SampledFrom(moments()).Draw(t, "time"),
			},
			tagged: rapid.Bool().Draw(t, "tagged"),
			port:   rapid.SampledFrom([]int{21, 22}).Draw(t, "port"),
		}
	})
}

// partOf is what is left of a request of which some is forgotten, its time never.
func partOf(t *rapid.T, r gcp.Request) gcp.Request {
	if rapid.Bool().Draw(t, "forget name") {
		r.ResourceName = ""
	}
	if rapid.Bool().Draw(t, "forget type") {
		r.ResourceType = ""
	}
	if rapid.Bool().Draw(t, "forget service") {
		r.ResourceService = ""
	}
	return r
}

// A yes is true, and a no is false, whatever was not known, and knowing more never
// takes one back.
func TestHoldsAgreesWithEveryWorld(t *testing.T) {
	conditions := condition.New(now())
	rapid.Check(t, func(t *rapid.T) {
		expression, w := trees(4).Draw(t, "expression"), worlds().Draw(t, "world")
		less := partOf(t, w.request)
		if rapid.Bool().Draw(t, "no more") {
			less = w.request
		}
		got := conditions.Holds(expression.text, less)
		switch holds := expression.holds(w); {
		case got.Answer == identity.Yes && !holds, got.Answer == identity.No && holds:
			t.Fatalf("%s holds for %+v: %v; for %+v it is %t", expression.text, less, got, w, holds)
		}
		more := conditions.Holds(expression.text, w.request)
		if got.Answer != identity.Unknown && more.Answer != got.Answer {
			t.Fatalf("%s holds for %+v: %v; for %+v: %v", expression.text, less, got, w.request, more)
		}
		if less == w.request && got.Answer == identity.Unknown && !strings.Contains(expression.text, "matchTag") && !strings.Contains(expression.text, "port") {
			t.Fatalf("%s is unknown for a request of which all is known: %v", expression.text, got.Missing)
		}
	})
}

// Without a time, a no excludes every time from now on, and what holds at one of them
// is no no. Of times that are only compared, all is known.
func TestHoldsAtAnyTimeFromNowOn(t *testing.T) {
	conditions := condition.New(now())
	rapid.Check(t, func(t *rapid.T) {
		expression, w := trees(4).Draw(t, "expression"), worlds().Draw(t, "world")
		anyTime := w.request
		anyTime.Time = time.Time{}
		got := conditions.Holds(expression.text, anyTime)
		ever, decided := identity.No, true
		for _, at := range moments() {
			if w.request.Time = at; at.Before(now()) {
				continue
			}
			match := conditions.Holds(expression.text, w.request)
			if match.Answer == identity.Yes {
				ever = identity.Yes
			}
			decided = decided && match.Answer != identity.Unknown
		}
		if got.Answer == identity.No && ever == identity.Yes {
			t.Fatalf("%s holds at no time: %v; but at one it does", expression.text, got)
		}
		if compared := !strings.Contains(expression.text, "getFullYear"); compared && decided && got.Answer != ever {
			t.Fatalf("%s holds from now on: %v, want %v", expression.text, got, ever)
		}
		forgotten := conditions.Holds(expression.text, partOf(t, anyTime))
		if forgotten.Answer != identity.Unknown && forgotten.Answer != got.Answer {
			t.Fatalf("%s holds for a part of the request: %v; for all of it: %v", expression.text, forgotten, got)
		}
	})
}
