// SPDX-License-Identifier: Apache-2.0

package reach

import "fmt"

// A specTable holds each distinct portSpec once. Specs are added by the one who
// holds the lock of the cluster; a state keeps those that were there when it was
// made.
type specTable struct {
	specs []*portSpec
	seen  map[string]*portSpec
}

// The specs that every table begins with.
const (
	specNone = iota
	specAll
)

func newSpecTable() *specTable {
	t := &specTable{seen: make(map[string]*portSpec)}
	t.intern(nil, nil)
	t.intern(everySpan(), nil)
	return t
}

// intern returns the spec of some ports. It owns its arguments.
func (t *specTable) intern(spans []span, names []portName) *portSpec {
	spans = normal(spans)
	key := fmt.Sprint(spans, names)
	spec, found := t.seen[key]
	if !found {
		spec = &portSpec{id: int32(len(t.specs)), spans: spans, names: names}
		t.specs = append(t.specs, spec)
		t.seen[key] = spec
	}
	return spec
}

func (t *specTable) every() *portSpec { return t.specs[specAll] }
