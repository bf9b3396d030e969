// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"github.com/watertight-go/watertight/bulkhead"
)

// A trail is a path from a subject, which shares its beginning with others.
type trail struct {
	before *trail
	size   int // of hops, with those before
	hops   []bulkhead.Hop
	change bulkhead.Change
	rule   string   // of what it is an instance, if it is already known
	lacks  []string // evidence, for these hops to be certain
	told   bool     // what is lacking, from here back, has been noted
	unsure bool     // this step, or one before it, lacks evidence
}

// then returns a trail with a further step.
func (t *trail) then(hops ...bulkhead.Hop) *trail {
	next := &trail{before: t, hops: hops, size: len(hops)}
	if t != nil {
		next.size += t.size
		next.change, next.rule, next.unsure = t.change, t.rule, t.unsure
	}
	return next
}

// closedBy sets the change that closes a trail, unless an earlier step has set it.
func (t *trail) closedBy(change bulkhead.Change) *trail {
	if t.change == (bulkhead.Change{}) {
		t.change = change
	}
	return t
}

// as says what a trail is an instance of, unless an earlier step has said it.
func (t *trail) as(rule string) *trail {
	if t.rule == "" {
		t.rule = rule
	}
	return t
}

// unless says that the last step needs evidence to be certain.
func (t *trail) unless(missing []string) *trail {
	t.lacks = append(t.lacks, missing...)
	t.unsure = t.unsure || len(missing) > 0
	return t
}

// path returns all steps.
func (t *trail) path() []bulkhead.Hop {
	if t == nil {
		return nil
	}
	out := make([]bulkhead.Hop, t.size)
	for end := t.size; t != nil; t = t.before {
		end -= len(t.hops)
		copy(out[end:], t.hops)
	}
	return out
}

// missing returns the evidence that all steps need.
func (t *trail) missing() []string {
	if t == nil {
		return nil
	}
	return append(t.before.missing(), t.lacks...)
}
