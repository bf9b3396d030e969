// SPDX-License-Identifier: Apache-2.0

package reach

// A specTable holds each distinct portSpec once. Specs are added by the one who
// holds the lock of the cluster; a state keeps those that were there when it was
// made.
type specTable struct {
	specs []*portSpec
	seen  map[string]*portSpec
	key   []byte
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
	t.key = appendSpans(t.key[:0], spans)
	for _, n := range names {
		t.key = append(t.key, '|', byte(n.transport), '-')
		if n.anyTransport {
			t.key[len(t.key)-1] = '+'
		}
		t.key = append(t.key, n.name...)
	}
	spec, found := t.seen[string(t.key)]
	if !found {
		spec = &portSpec{id: int32(len(t.specs)), spans: spans, names: names}
		t.specs = append(t.specs, spec)
		t.seen[string(t.key)] = spec
	}
	return spec
}

// appendSpans appends bytes that differ for different spans.
func appendSpans(key []byte, spans []span) []byte {
	for _, s := range spans {
		key = append(key, byte(s.transport), byte(s.first>>8), byte(s.first), byte(s.last>>8), byte(s.last))
	}
	return key
}

func (t *specTable) every() *portSpec { return t.specs[specAll] }
