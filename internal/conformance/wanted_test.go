// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"slices"
	"sync"

	"github.com/watertight-go/watertight/bulkhead"
)

// A judgement is what both sides refuse in one object.
type judgement struct {
	kind         string
	object       bulkhead.Object
	ours, theirs []string // fields, sorted; nothing means that the object is accepted
}

func (j judgement) equal() bool { return slices.Equal(j.ours, j.theirs) }

// A difference between this library and kube-apiserver is wanted if it stands here
// with its reason. The test fails if one no longer occurs.
type difference struct {
	reason string
	is     func(judgement) bool
}

func wanted() map[string]difference {
	return map[string]difference{
		"CEL rules at once": {
			reason: "The server runs the CEL rules of a definition only when the schema has nothing to say. Whoever mends a manifest wants all mistakes at once.",
			is: func(j judgement) bool {
				// The server says so itself, under no field.
				rest, unchecked := without(j.theirs, "<nil>")
				return j.kind == "ClusterNetworkPolicy" && unchecked && someOf(rest, j.ours)
			},
		},
		"Pod Security at once": {
			reason: "The server asks the admission of Pod Security only about a namespace that is valid otherwise. Again all mistakes are told at once.",
			is:     func(j judgement) bool { return j.kind == "Namespace" && someOf(j.theirs, j.ours) },
		},
	}
}

// someOf reports whether some, which is not nothing, is a part of all.
func someOf(some, all []string) bool {
	if len(some) == 0 {
		return false
	}
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// without returns what list holds beside s, and whether it holds s.
func without(list []string, s string) ([]string, bool) {
	rest := slices.DeleteFunc(slices.Clone(list), func(t string) bool { return t == s })
	return rest, len(rest) < len(list)
}

// A tally counts the differences of one run that are wanted, by their names.
type tally struct {
	mutex sync.Mutex
	seen  map[string]int
}

// wants reports whether a judgement differs in a wanted way, and counts it.
func (t *tally) wants(j judgement) bool {
	for name, d := range wanted() {
		if !d.is(j) {
			continue
		}
		t.mutex.Lock()
		defer t.mutex.Unlock()
		if t.seen == nil {
			t.seen = make(map[string]int)
		}
		t.seen[name]++
		return true
	}
	return false
}
