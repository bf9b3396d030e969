// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// classKey is the same for endpoints that are of one class.
func (b *topologyBuilder) classKey(p pendingEndpoint, layout int32) []byte {
	key := binary.AppendUvarint(b.key[:0], uint64(p.ns))
	key = binary.AppendUvarint(key, uint64(layout))
	switch {
	case p.Spec.HostNetwork: // alone: its node decides who may connect to it
		key = strconv.AppendQuote(append(key, "host "...), p.ref.Kind+"/"+p.ref.Name)
	case len(p.addrs) == 0:
		key = append(key, "nowhere"...)
	}
	if b.isAlone(p.Object) {
		key = append(key, "alone"...)
	}
	if !isPod(p.Object) {
		key = append(append(key, " of "...), p.ref.Kind...)
		if p.ref.Group == "batch" { // what labels its pods get depends on more than the kind
			key = strconv.AppendQuote(key, p.ref.Name)
		}
	}
	for _, addr := range p.addrs {
		at, found := slices.BinarySearchFunc(b.bounds, addr, netip.Addr.Compare)
		if found {
			at++ // a block that begins here holds the address
		}
		key = binary.AppendUvarint(append(key, ' '), uint64(at))
	}
	b.names = b.names[:0]
	for name := range p.Labels {
		b.names = append(b.names, name)
	}
	slices.Sort(b.names)
	for _, name := range b.names {
		key = strconv.AppendQuote(strconv.AppendQuote(key, name), p.Labels[name]) // which may hold anything
	}
	b.key = key
	return key
}

// isAlone reports whether an object is a pod that the dataplane may leave alone since it
// has no owner.
func (b *topologyBuilder) isAlone(obj bulkhead.Object) bool {
	return b.plane.standalone != surely && isPod(obj) && len(obj.GetOwnerReferences()) == 0
}

func isPod(obj bulkhead.Object) bool {
	_, ok := obj.(*corev1.Pod)
	return ok
}

// addClasses sorts the endpoints into classes, those of a namespace side by side.
func (b *topologyBuilder) addClasses(expected string) {
	b.layouts = append(b.layouts, layout{}) // of addresses
	seen := make(map[string]int32)
	next := 0
	for n := range b.namespaces {
		b.namespaces[n].first = len(b.classes)
		for ; next < len(b.pending) && b.pending[next].ns == int32(n); next++ {
			p := b.pending[next]
			l := b.layoutFor(p)
			key := b.classKey(p, l)
			c, found := seen[string(key)]
			if !found {
				c = int32(len(b.classes))
				seen[string(key)] = c
				b.classes = append(b.classes, class{
					ns: p.ns, labels: p.Labels, source: p.Workload, layout: l, host: p.Spec.HostNetwork, node: p.node, addrs: p.addrs, alone: b.isAlone(p.Object),
					partial: !isPod(p.Object) || p.node < 0 && len(p.addrs) == 0,
				})
				if b.classes[c].alone {
					b.alone = append(b.alone, c)
				}
				if p.Spec.HostNetwork {
					b.hostClasses = append(b.hostClasses, c)
					if p.node >= 0 {
						b.classes[c].addrs = b.nodes[p.node].addrs
					}
				}
			}
			b.place(p, c)
		}
		if b.namespaces[n].fresh || expected != "" && b.namespaces[n].name == expected {
			b.layouts = append(b.layouts, layout{any: true})
			b.expected = append(b.expected, int32(len(b.classes)))
			if b.plane.standalone != surely { // nobody may own them
				b.alone = append(b.alone, int32(len(b.classes)))
			}
			b.classes = append(b.classes, class{
				ns: int32(n), anyLabels: true, layout: int32(len(b.layouts) - 1), node: -1, alone: b.plane.standalone != surely,
			})
		}
		b.namespaces[n].end = len(b.classes)
	}
	b.podClasses = len(b.classes)
	b.pending = nil
}

func (b *topologyBuilder) layoutFor(p pendingEndpoint) int32 {
	if p.Spec.HostNetwork && b.plane.hostSelected == never {
		return 0 // it is an address, and addresses have no named ports
	}
	names := layoutOf(p.Workload)
	if len(names) == 0 {
		return 0
	}
	if b.plane.untold != never {
		disputed(names)
	}
	key := b.key[:0]
	for i := range names {
		n := &names[i]
		if p.Spec.HostNetwork && b.plane.hostSelected == maybe {
			n.counts = maybe
		}
		key = append(append(key, n.name...), 0, byte(n.transport), byte(n.number>>8), byte(n.number), byte(n.counts))
	}
	b.key = key
	l, found := b.layoutSeen[string(key)]
	if !found {
		l = int32(len(b.layouts))
		b.layoutSeen[string(key)] = l
		b.layouts = append(b.layouts, layout{names: names})
	}
	return l
}

// place gives an endpoint its number.
func (b *topologyBuilder) place(p pendingEndpoint, c int32) {
	e := int32(len(b.endpoints))
	b.endpoints = append(b.endpoints, endpoint{ref: p.ref, class: c, unit: p.unit, node: p.node, pod: isPod(p.Object)})
	b.addrsOf = append(b.addrsOf, p.addrs)
	b.classes[c].endpoints = append(b.classes[c].endpoints, e)
	b.join(&b.units[p.unit], e)
	for _, addr := range p.addrs {
		switch other, taken := b.byAddr[addr]; {
		case !taken:
			b.byAddr[addr] = e
		case len(b.shared[addr]) == 0 && other != e:
			b.shared[addr] = []int32{other, e}
		case !slices.Contains(b.shared[addr], e) && other != e:
			b.shared[addr] = append(b.shared[addr], e)
		}
	}
	if u := b.units[p.unit]; u.ref != p.ref {
		b.addPodName(p.ref, e)
	}
}

// join adds an endpoint to a unit. Those of one class come one after another only if
// the unit has few classes, so that what was seen is looked up.
func (b *topologyBuilder) join(u *unit, e int32) {
	at := &b.endpoints[e]
	u.members = append(u.members, e)
	u.host = u.host || b.classes[at.class].host
	for _, seen := range []struct {
		place [3]int32
		list  *[]int32
	}{
		{[3]int32{at.unit, at.class, -2}, &u.kinds}, // no node has this number
		{[3]int32{at.unit, at.class, at.node}, &u.places},
	} {
		if !b.joined[seen.place] {
			b.joined[seen.place] = true
			*seen.list = append(*seen.list, e)
		}
	}
}

// addPodName lets a pod be asked about by its own name, beside its workload.
func (b *topologyBuilder) addPodName(ref bulkhead.Ref, e int32) {
	for _, kind := range []string{ref.Kind, strings.ToLower(ref.Kind)} {
		b.byName[ref.Namespace+"/"+kind+"/"+ref.Name] = -1 - e
	}
	name := ref.Namespace + "/" + ref.Name
	if _, taken := b.byName[name]; !taken && b.ambiguous[name] == nil {
		b.byName[name] = -1 - e
	}
}

func (b *topologyBuilder) addNodeClasses() {
	for i := range b.nodes {
		n := &b.nodes[i]
		n.class = int32(len(b.classes))
		b.classes = append(b.classes, class{ns: -1, host: true, node: int32(i), addrs: n.addrs})
	}
}

// locate lists the classes that have addresses, and those that do not.
func (b *topologyBuilder) locate() {
	b.nowhere = newSet(0, len(b.classes))
	for i := range b.classes {
		for _, addr := range b.classes[i].addrs {
			b.located = append(b.located, located{addr, int32(i)})
		}
		if len(b.classes[i].addrs) == 0 {
			b.nowhere.add(int32(i))
		}
	}
	slices.SortFunc(b.located, func(x, y located) int { return cmp.Or(x.addr.Compare(y.addr), cmp.Compare(x.class, y.class)) })
}
