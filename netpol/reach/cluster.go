// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/watertight-go/watertight/bulkhead"
)

// Options say how a cluster is read. The zero value is the cautious choice.
type Options struct {
	// Profile decides where dataplanes differ.
	Profile Profile
}

// A Cluster answers who can open a connection to whom, as its objects say. All
// methods may be called at the same time; one that asks sees the cluster before or
// after an [Cluster.Update], never in between. The objects must not be changed.
type Cluster struct {
	options Options
	now     atomic.Pointer[state]

	mu      sync.Mutex // held by whoever makes the next state
	items   map[bulkhead.Ref]item
	builder *builder
}

// New reads a cluster from its objects: namespaces, nodes, pods and workloads,
// Services, EndpointSlices, Endpoints and policies, also as unstructured objects, which
// a dynamic client gives. Others are passed over, and so are nil objects. What is wrong with them is told by [Cluster.Findings], and the rest is
// answered all the same. The error says that the options are none.
func New(objs []bulkhead.Object, opts Options) (*Cluster, error) {
	if opts.Profile < 0 || int(opts.Profile) >= len(profiles()) {
		return nil, fmt.Errorf("unknown profile %s", opts.Profile)
	}
	items := itemsOf(objs)
	c := &Cluster{options: opts, items: make(map[bulkhead.Ref]item, len(items))}
	for _, it := range items {
		c.items[it.ref] = it
	}
	c.rebuild(items)
	return c, nil
}

// Update puts objects into the cluster, in the place of those of the same names.
func (c *Cluster) Update(objs ...bulkhead.Object) {
	items := itemsOf(objs)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, it := range items {
		c.items[it.ref] = it
	}
	c.change(items, nil)
}

// Remove takes objects out of the cluster, and returns how many names there were. A
// name that is not there is passed over; a Ref names the API group too, as
// [bulkhead.RefTo] does.
func (c *Cluster) Remove(refs ...bulkhead.Ref) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	var gone []item
	for _, ref := range refs {
		it, found := c.items[ref]
		if !found && ref.Namespace == "" {
			ref.Namespace = "default"
			it, found = c.items[ref]
		}
		if found {
			gone = append(gone, it)
			delete(c.items, it.ref)
		}
	}
	c.change(nil, gone)
	return len(gone)
}

// change makes the next state, anew only where it has to. The lock is held.
func (c *Cluster) change(in, out []item) {
	var places, rest bool
	for _, it := range slices.Concat(in, out) {
		places = places || it.role == placeRole
		rest = true
	}
	switch {
	case !rest:
	case places || !c.builder.next(c.now.Load(), in, out, c.services):
		c.rebuild(c.sorted())
	default:
		c.now.Store(c.builder.state)
	}
}

// sorted returns the items in order.
func (c *Cluster) sorted() []item {
	return slices.SortedFunc(maps.Values(c.items), func(a, b item) int { return a.ref.Compare(b.ref) })
}

func (c *Cluster) services() *services { return newServices(c.sorted()) }

// rebuild makes a state from all items, which are in order.
func (c *Cluster) rebuild(items []item) {
	c.builder = newBuilder(items, c.options.Profile.dataplane(), "")
	c.now.Store(c.builder.state)
}
