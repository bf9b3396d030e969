// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"slices"

	"github.com/watertight-go/watertight/internal/workload"
)

// A layout is the named ports of a pod, sorted. Pods of one layout give the same
// meaning to every name.
type layout struct {
	names []namedNumber
	any   bool // of pods that are yet to be made: a name may stand for any port
}

type namedNumber struct {
	name      string
	transport transport
	number    uint16
	// counts says whether the name means this port. It may not where the pod is on the
	// network of its node, and for some dataplanes no more than an address, and where
	// two containers give the name to different ports.
	counts match
}

func layoutOf(w workload.Workload) []namedNumber {
	var out []namedNumber
	for port := range w.Ports() {
		t, ok := transportOf(port.Protocol)
		if port.Name != "" && ok && port.ContainerPort > 0 && port.ContainerPort <= lastPort {
			out = append(out, namedNumber{port.Name, t, uint16(port.ContainerPort), surely})
		}
	}
	slices.SortFunc(out, func(a, b namedNumber) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.transport, b.transport), cmp.Compare(a.number, b.number))
	})
	return slices.Compact(out)
}

// A portSpec is the ports of a rule: numbers, and names whose meaning the
// receiving pod decides. The spec of a rule without ports is of all.
type portSpec struct {
	id    int32 // the same for equal specs
	spans []span
	names []portName
}

type portName struct {
	name         string
	transport    transport
	anyTransport bool
}

// all reports whether the spec is every port of every protocol.
func (p *portSpec) all() bool { return p.id == specAll }

// has reports whether a port of a pod is among the ports.
func (p *portSpec) has(t transport, number uint16, of *layout) match {
	if contains(p.spans, t, number) {
		return surely
	}
	out := never
	for _, n := range p.names {
		if !n.anyTransport && n.transport != t {
			continue
		}
		for _, named := range of.names {
			if named.name == n.name && named.transport == t && named.number == number {
				out = named.counts
			}
		}
	}
	return out
}

// disputed makes the names that stand for several ports of a protocol count only
// perhaps. The names are sorted.
func disputed(names []namedNumber) {
	for i := 1; i < len(names); i++ {
		if a, b := &names[i-1], &names[i]; a.name == b.name && a.transport == b.transport {
			a.counts, b.counts = maybe, maybe
		}
	}
}

// on returns the ports of a pod that the spec stands for, those that it surely
// stands for first.
func (p *portSpec) on(of *layout) (sure, may []span) {
	if len(p.names) == 0 {
		return p.spans, p.spans
	}
	sure = slices.Clone(p.spans)
	may = slices.Clone(p.spans)
	for _, n := range p.names {
		for _, named := range of.names {
			if named.name == n.name && (n.anyTransport || named.transport == n.transport) {
				at := span{named.transport, named.number, named.number}
				may = append(may, at)
				if named.counts == surely {
					sure = append(sure, at)
				}
			}
		}
		for t := tcp; of.any && t <= sctp; t++ {
			if n.anyTransport || n.transport == t {
				may = append(may, span{t, 1, lastPort})
			}
		}
	}
	sure = normal(sure)
	return sure, union(sure, may)
}
