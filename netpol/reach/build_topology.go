// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"encoding/binary"
	"maps"
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// A topologyBuilder collects what a topology is made of.
type topologyBuilder struct {
	*topology
	plane      dataplane
	nodeIndex  map[string]int32
	layoutSeen map[string]int32
	pending    []pendingEndpoint
	addrsOf    [][]netip.Addr // by endpoint
	key        []byte         // scratch
	names      []string       // scratch
}

// A pendingEndpoint is an endpoint that has no class yet.
type pendingEndpoint struct {
	workload.Workload
	ref   bulkhead.Ref
	unit  int32
	ns    int32
	node  int32
	addrs []netip.Addr
}

// newTopology builds a topology from objects, which are in order. Of the bounds
// see topology. If pods are expected in a namespace, it holds a class of pods of any
// labels there, and one in a namespace that is yet to be made.
func newTopology(objs []bulkhead.Object, bounds []netip.Addr, plane dataplane, expected string) *topology {
	b := &topologyBuilder{
		topology: &topology{
			nsIndex:   make(map[string]int32),
			byName:    make(map[string]int32),
			ambiguous: make(map[string][]int32),
			byAddr:    make(map[netip.Addr]int32),
			nodeAddr:  make(map[netip.Addr]int32),
			onNode:    make(map[int32][]int32),
			hostOn:    make(map[int32][]int32),
			bounds:    bounds,
		},
		plane:      plane,
		nodeIndex:  make(map[string]int32),
		layoutSeen: make(map[string]int32),
	}
	workloads := workload.All(objs)
	b.addNamespaces(objs, workloads, expected)
	b.addNodes(objs)
	b.addUnits(workloads)
	b.nameUnits()
	b.addClasses(expected)
	b.addNodeClasses()
	b.locate()
	b.spread()
	b.index = newLabelIndex(b.topology)
	return b.topology
}

// namespaceOf returns the namespace of an object; kubectl puts one without into
// "default", unless it is told otherwise.
func namespaceOf(obj bulkhead.Object) string {
	return cmp.Or(obj.GetNamespace(), metav1.NamespaceDefault)
}

func (b *topologyBuilder) addNamespaces(objs []bulkhead.Object, workloads []workload.Workload, expected string) {
	found := make(map[string]map[string]string)
	if expected != "" {
		found[expected] = nil
	}
	for _, w := range workloads {
		found[namespaceOf(w.Object)] = nil
	}
	for ns := range bulkhead.Each[*corev1.Namespace](objs) {
		labels := make(map[string]string, len(ns.Labels)+1)
		maps.Copy(labels, ns.Labels)
		found[ns.Name] = labels
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		labels, known := found[name], found[name] != nil
		if labels == nil {
			labels = make(map[string]string, 1)
		}
		labels[corev1.LabelMetadataName] = name // the API server sets it
		b.nsIndex[name] = int32(len(b.namespaces))
		b.namespaces = append(b.namespaces, namespace{name: name, labels: labels, known: known})
	}
	if expected != "" {
		b.namespaces = append(b.namespaces, namespace{fresh: true})
	}
}

func (b *topologyBuilder) addNodes(objs []bulkhead.Object) {
	for n := range bulkhead.Each[*corev1.Node](objs) {
		var addrs []netip.Addr
		for _, a := range n.Status.Addresses {
			if addr, ok := parseAddress(a.Address); ok {
				addrs = append(addrs, addr)
			}
		}
		i := b.node(n.Name)
		b.nodes[i].labels, b.nodes[i].known = n.Labels, true
		b.giveAddresses(i, addrs)
	}
}

// node returns the number of the node of a name.
func (b *topologyBuilder) node(name string) int32 {
	i, found := b.nodeIndex[name]
	if !found {
		i = int32(len(b.nodes))
		b.nodeIndex[name] = i
		b.nodes = append(b.nodes, node{name: name})
	}
	return i
}

func (b *topologyBuilder) giveAddresses(n int32, addrs []netip.Addr) {
	for _, addr := range addrs {
		if _, taken := b.nodeAddr[addr]; !taken {
			b.nodeAddr[addr] = n
			b.nodes[n].addrs = append(b.nodes[n].addrs, addr)
		}
	}
}

// nodeOf returns the node of a pod, or -1. A pod that is read from a cluster tells
// name and address of its node.
func (b *topologyBuilder) nodeOf(pod *corev1.Pod) int32 {
	var addrs []netip.Addr
	for _, ip := range pod.Status.HostIPs {
		if addr, ok := parseAddress(ip.IP); ok {
			addrs = append(addrs, addr)
		}
	}
	if addr, ok := parseAddress(pod.Status.HostIP); ok && !slices.Contains(addrs, addr) {
		addrs = append(addrs, addr)
	}
	if pod.Spec.HostNetwork {
		addrs = append(addrs, podAddresses(pod)...)
	}
	switch {
	case pod.Spec.NodeName != "":
		n := b.node(pod.Spec.NodeName)
		b.giveAddresses(n, addrs)
		return n
	case len(addrs) == 0:
		return -1
	}
	for _, addr := range addrs {
		if n, found := b.nodeAddr[addr]; found {
			return n
		}
	}
	n := b.node("(node " + addrs[0].String() + ")") // no node has such a name
	b.giveAddresses(n, addrs)
	return n
}

func podAddresses(pod *corev1.Pod) []netip.Addr {
	var out []netip.Addr
	for _, ip := range pod.Status.PodIPs {
		if addr, ok := parseAddress(ip.IP); ok {
			out = append(out, addr)
		}
	}
	if addr, ok := parseAddress(pod.Status.PodIP); ok && !slices.Contains(out, addr) {
		out = append(out, addr)
	}
	return out
}

func parseAddress(text string) (netip.Addr, bool) {
	if text == "" {
		return netip.Addr{}, false
	}
	addr, err := netip.ParseAddr(text)
	return addr.Unmap().WithZone(""), err == nil
}

// addUnits makes a unit of each workload that nobody in the input controls, and an
// endpoint of each of its pods, or of its template where it has none.
func (b *topologyBuilder) addUnits(workloads []workload.Workload) {
	refs := make([]bulkhead.Ref, len(workloads))
	at := make(map[bulkhead.Ref]int, len(workloads))
	for i, w := range workloads {
		refs[i] = refOf(w.Object)
		at[refs[i]] = i
	}
	top := func(i int) int {
		for range len(workloads) { // owners in a circle end somewhere
			if !workloads[i].Owned {
				break
			}
			owner, found := at[ownerOf(workloads[i].Object)]
			if !found {
				break
			}
			i = owner
		}
		return i
	}
	unitOf := make(map[int]int32)
	pods := make(map[int][]int)
	for i, w := range workloads {
		t := top(i)
		if t == i || workloads[t].Owned && unitOf[t] == 0 {
			if _, found := unitOf[t]; !found {
				unitOf[t] = int32(len(b.units))
				b.units = append(b.units, unit{ref: refs[t], ns: b.nsIndex[namespaceOf(workloads[t].Object)]})
			}
		}
		if _, isPod := w.Object.(*corev1.Pod); isPod && t != i {
			pods[t] = append(pods[t], i)
		}
	}
	for i := range workloads {
		u, isUnit := unitOf[i]
		if !isUnit {
			continue
		}
		members := pods[i]
		if len(members) == 0 {
			members = []int{i}
		}
		for _, m := range members {
			b.addEndpoint(workloads[m], refs[m], u)
		}
	}
}

func ownerOf(obj bulkhead.Object) bulkhead.Ref {
	owner := metav1.GetControllerOf(obj)
	if owner == nil {
		return bulkhead.Ref{}
	}
	gv, err := schema.ParseGroupVersion(owner.APIVersion)
	if err != nil {
		return bulkhead.Ref{}
	}
	return bulkhead.Ref{Group: gv.Group, Kind: owner.Kind, Namespace: namespaceOf(obj), Name: owner.Name}
}

func (b *topologyBuilder) addEndpoint(w workload.Workload, ref bulkhead.Ref, u int32) {
	p := pendingEndpoint{Workload: w, ref: ref, unit: u, ns: b.units[u].ns, node: -1}
	if pod, ok := w.Object.(*corev1.Pod); ok {
		p.node = b.nodeOf(pod)
		if !pod.Spec.HostNetwork {
			p.addrs = podAddresses(pod)
		}
	}
	b.pending = append(b.pending, p)
}

// nameUnits gives each unit its name, sorts units by it, and renumbers.
func (b *topologyBuilder) nameUnits() {
	count := make(map[string]int)
	plain := func(u unit) string { return u.ref.Namespace + "/" + u.ref.Name }
	for _, u := range b.units {
		count[plain(u)]++
	}
	for i, u := range b.units {
		b.units[i].name = plain(u)
		if count[plain(u)] > 1 {
			b.units[i].name = u.ref.Namespace + "/" + u.ref.Kind + "/" + u.ref.Name
		}
	}
	order := make([]int32, len(b.units))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int {
		a, c := b.units[x], b.units[y]
		return cmp.Or(cmp.Compare(a.ns, c.ns), cmp.Compare(a.name, c.name), a.ref.Compare(c.ref))
	})
	renumber, sorted := make([]int32, len(order)), make([]unit, len(order))
	for to, from := range order {
		renumber[from], sorted[to] = int32(to), b.units[from]
	}
	b.units = sorted
	for i := range b.pending {
		b.pending[i].unit = renumber[b.pending[i].unit]
	}
	slices.SortStableFunc(b.pending, func(x, y pendingEndpoint) int {
		return cmp.Or(cmp.Compare(x.unit, y.unit), x.ref.Compare(y.ref))
	})
	for i, u := range b.units {
		for _, kind := range []string{u.ref.Kind, strings.ToLower(u.ref.Kind)} {
			b.byName[u.ref.Namespace+"/"+kind+"/"+u.ref.Name] = int32(i)
		}
		if name := plain(u); count[name] > 1 {
			b.ambiguous[name] = append(b.ambiguous[name], int32(i))
		} else {
			b.byName[name] = int32(i)
		}
	}
}

// classKey is the same for endpoints that are of one class.
func (b *topologyBuilder) classKey(p pendingEndpoint, layout int32) []byte {
	key := binary.AppendUvarint(b.key[:0], uint64(p.ns))
	key = binary.AppendUvarint(key, uint64(layout))
	switch {
	case p.Spec.HostNetwork: // alone: its node decides who may connect to it
		key = append(append(key, "host "...), p.ref.Kind+"/"+p.ref.Name...)
	case len(p.addrs) == 0:
		key = append(key, "nowhere"...)
	}
	if !isPod(p.Object) {
		key = append(append(key, " of "...), p.ref.Kind...)
		if p.ref.Group == "batch" { // what labels its pods get depends on more than the kind
			key = append(key, p.ref.Name...)
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
		key = append(append(append(append(key, '\n'), name...), '='), p.Labels[name]...)
	}
	b.key = key
	return key
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
					ns: p.ns, labels: p.Labels, source: p.Workload, layout: l, host: p.Spec.HostNetwork, node: p.node, addrs: p.addrs,
					partial: !isPod(p.Object) || p.node < 0 && len(p.addrs) == 0,
				})
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
			b.classes = append(b.classes, class{ns: int32(n), anyLabels: true, layout: int32(len(b.layouts) - 1), node: -1})
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
	key := b.key[:0]
	perhaps := p.Spec.HostNetwork && b.plane.hostSelected == maybe
	if perhaps {
		key = append(key, 0)
	}
	for _, n := range names {
		key = append(append(key, n.name...), 0, byte(n.transport), byte(n.number>>8), byte(n.number))
	}
	b.key = key
	l, found := b.layoutSeen[string(key)]
	if !found {
		l = int32(len(b.layouts))
		b.layoutSeen[string(key)] = l
		b.layouts = append(b.layouts, layout{names: names, perhaps: perhaps})
	}
	return l
}

// place gives an endpoint its number.
func (b *topologyBuilder) place(p pendingEndpoint, c int32) {
	e := int32(len(b.endpoints))
	b.endpoints = append(b.endpoints, endpoint{ref: p.ref, class: c, unit: p.unit, node: p.node, pod: isPod(p.Object)})
	b.addrsOf = append(b.addrsOf, p.addrs)
	b.classes[c].endpoints = append(b.classes[c].endpoints, e)
	b.units[p.unit].members = append(b.units[p.unit].members, e)
	if p.node >= 0 {
		b.onNode[p.node] = append(b.onNode[p.node], e)
		if p.Spec.HostNetwork {
			b.hostOn[p.node] = append(b.hostOn[p.node], e)
		}
	}
	for _, addr := range p.addrs {
		b.byAddr[addr] = e
	}
	if u := b.units[p.unit]; u.ref != p.ref {
		b.addPodName(p.ref, e)
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
