// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

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
	addrsOf    [][]netip.Addr    // by endpoint
	joined     map[[3]int32]bool // units, classes and nodes of endpoints that are placed
	key        []byte            // scratch
	names      []string          // scratch
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
			shared:    make(map[netip.Addr][]int32),
			nodeAddr:  make(map[netip.Addr]int32),
			bounds:    bounds,
		},
		plane:      plane,
		nodeIndex:  make(map[string]int32),
		layoutSeen: make(map[string]int32),
		joined:     make(map[[3]int32]bool),
	}
	workloads := workload.All(objs)
	b.pending = make([]pendingEndpoint, 0, len(workloads))
	b.units = make([]unit, 0, len(workloads))
	b.endpoints = make([]endpoint, 0, len(workloads))
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
