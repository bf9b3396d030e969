// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"net/netip"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// A topology is who there is: namespaces, nodes, pods and workloads, and the
// classes that they fall into. It does not change once built, and does not depend
// on policies, except that pods which a block of a policy tells apart are in
// different classes.
type topology struct {
	namespaces []namespace
	nsIndex    map[string]int32
	nodes      []node
	classes    []class // those of a namespace side by side, nodes last
	layouts    []layout
	endpoints  []endpoint
	units      []unit // sorted by name
	// podClasses is the number of classes that are not nodes.
	podClasses  int
	hostClasses []int32 // those of pods on the host network
	alone       []int32 // those that are alone
	expected    []int32 // those of pods that are yet to be made

	byName    map[string]int32   // units and endpoints by the names that Pod takes; see endpointNamed
	ambiguous map[string][]int32 // units of a name that several have
	byAddr    map[netip.Addr]int32
	shared    map[netip.Addr][]int32 // endpoints of an address that several have
	nodeAddr  map[netip.Addr]int32   // nodes, by their addresses
	index     *labelIndex
	located   []located    // in order of their addresses
	nowhere   set          // classes whose addresses are not in the input
	bounds    []netip.Addr // where blocks of policies begin, or have ended
	spreads   []addressRange
}

// A namespace is a namespace with a Namespace object or with pods.
type namespace struct {
	name   string
	labels map[string]string
	known  bool // there is a Namespace object, so that the labels are known
	fresh  bool // it stands for any namespace that is yet to be made
	first  int  // its classes, from first up to end
	end    int
}

// An addressRange is the addresses from first to last, both included.
type addressRange struct{ first, last netip.Addr }

// A node is a Node, or what the status of pods tells of one.
type node struct {
	name   string
	labels map[string]string
	known  bool // there is a Node object
	addrs  []netip.Addr
	class  int32
}

// A class is pods that no policy can tell apart: of one namespace, with the same
// labels and named ports, on the network of pods or of nodes, and inside the same
// blocks of addresses. A node is a class of its own.
type class struct {
	ns        int32 // -1 for a node
	labels    map[string]string
	source    workload.Workload // one of those that the class is made of
	partial   bool              // pods get labels that are not shown; see hides
	anyLabels bool              // pods that are yet to be made, whose labels nobody knows
	layout    int32
	host      bool // on the network of a node, or a node
	alone     bool // pods without an owner, where the dataplane may leave them alone
	node      int32
	addrs     []netip.Addr // of one of the pods; no policy tells theirs apart
	endpoints []int32
}

// An endpoint is a pod, or the template of a workload that has no pods in the input.
type endpoint struct {
	ref   bulkhead.Ref
	class int32
	unit  int32
	node  int32 // -1 if it is not known
	pod   bool  // one pod, not as many as its controller starts
}

// A located is a class and an address of one of its pods.
type located struct {
	addr  netip.Addr
	class int32
}

// A unit is what flows are between: a workload with its pods, or a bare pod.
type unit struct {
	name    string
	ref     bulkhead.Ref
	ns      int32
	members []int32 // endpoints
	// Of members that nothing tells apart one stands for all: where no node matters
	// each class has one in kinds, and where it does, each class on each node has one
	// in places.
	kinds, places []int32
	host          bool // some member is on the host network
}

func (t *topology) layout(c int32) *layout { return &t.layouts[t.classes[c].layout] }
