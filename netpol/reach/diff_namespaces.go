// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"maps"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
)

// A NamespaceChange is what a change of policies means for the pods of a namespace that
// are yet to be made.
type NamespaceChange struct {
	Namespace string
	Isolation []IsolationChange
	Exposed   []ExposureChange
}

// An IsolationChange is a namespace whose pods are isolated otherwise than before, in
// one direction.
type IsolationChange struct {
	Direction     networkingv1.PolicyType
	Before, After Isolation
}

// An ExposureChange is a pair of ends, as [End] names them, of which at least one is new
// pods, and between which other ports are open than before, or open whatever the labels
// and not only with some. Which labels these are is no change.
type ExposureChange struct {
	From, To      string
	Before, After []Exposure
}

// DiffNamespaces compares what [Cluster.Isolated] and [Cluster.Exposed] say about
// namespaces that both clusters have. It looks at those whose policies or labels
// differ, and at those that selectors for namespaces in differing policies ask for; a
// selector of all namespaces adds none, since what it opens to a new one is told of
// the namespace of the policy. Workloads that only one of the clusters has are left
// out. It takes as long as these methods for each of the namespaces.
func DiffNamespaces(before, after *Cluster) []NamespaceChange {
	was, is := before.now.Load(), after.now.Load()
	standing := commonUnits(was, is)
	var out []NamespaceChange
	for _, namespace := range touchedNamespaces(before, after) {
		change := NamespaceChange{Namespace: namespace, Exposed: exposureChanges(before.Exposed(namespace), after.Exposed(namespace), standing)}
		oldEgress, oldIngress := before.Isolated(namespace)
		newEgress, newIngress := after.Isolated(namespace)
		for _, c := range []IsolationChange{
			{networkingv1.PolicyTypeEgress, oldEgress, newEgress}, {networkingv1.PolicyTypeIngress, oldIngress, newIngress},
		} {
			if !c.Before.equal(c.After) {
				change.Isolation = append(change.Isolation, c)
			}
		}
		if len(change.Isolation)+len(change.Exposed) > 0 {
			out = append(out, change)
		}
	}
	return out
}

func (i Isolation) equal(j Isolation) bool {
	return i.Verdict == j.Verdict && (i.NewPods == nil) == (j.NewPods == nil) && slices.Equal(i.Open, j.Open) && slices.Equal(i.Unsure, j.Unsure)
}

// commonUnits returns the names of the workloads that two states have.
func commonUnits(a, b *state) map[string]bool {
	names := make(map[string]bool, len(a.units))
	for i := range a.units {
		names[a.units[i].name] = true
	}
	out := make(map[string]bool, len(names))
	for i := range b.units {
		if name := b.units[i].name; names[name] {
			out[name] = true
		}
	}
	return out
}

// touchedNamespaces returns the namespaces of both clusters that differing policies,
// or labels of namespaces, are about, in order.
func touchedNamespaces(before, after *Cluster) []string {
	was, is := before.now.Load(), after.now.Load()
	changed := changedItems(before.snapshot(), after.snapshot())
	touched := make(map[string]bool)
	for ref, it := range changed {
		switch {
		case it.role == placeRole:
			touched[ref.Name] = true
		case ref.Namespace != "":
			touched[ref.Namespace] = true
		case isUntyped(it.obj): // of a kind that is not read, and may be about all
			for name := range was.nsIndex {
				touched[name] = true
			}
		}
	}
	for _, s := range []*state{was, is} {
		for _, p := range s.everyPolicy() {
			if _, found := changed[p.ref]; found {
				s.touch(p, touched)
			}
		}
	}
	maps.DeleteFunc(touched, func(name string, _ bool) bool {
		_, old := was.nsIndex[name]
		_, young := is.nsIndex[name]
		return !old || !young
	})
	return slices.Sorted(maps.Keys(touched))
}

// touch adds the namespaces that a policy selects for, and those that its rules ask for.
func (s *state) touch(p *policy, touched map[string]bool) {
	add := func(wanted selector) {
		for i := range s.namespaces {
			if n := &s.namespaces[i]; wanted.namespace(n, s.nsIndex) != never {
				touched[n.name] = true
			}
		}
	}
	if p.kind != networkPolicy {
		add(p.subjectSelector().namespace)
	}
	for _, rules := range p.rules {
		for i := range rules {
			for _, peer := range peersOf(&rules[i]) {
				if wanted := selectorOfPeer(peer).namespace; len(wanted) > 0 {
					add(wanted)
				}
			}
		}
	}
}

func isUntyped(obj bulkhead.Object) bool {
	_, ok := obj.(*unstructured.Unstructured)
	return ok
}

// changedItems returns the policies and Namespaces of two clusters that only one has,
// or that differ.
func changedItems(before, after []item) map[bulkhead.Ref]item {
	old := make(map[bulkhead.Ref]item)
	for _, it := range before {
		if it.decides() {
			old[it.ref] = it
		}
	}
	out := make(map[bulkhead.Ref]item)
	for _, it := range after {
		if !it.decides() {
			continue
		}
		was, found := old[it.ref]
		if delete(old, it.ref); !found || !slices.EqualFunc(was.objects(), it.objects(), sameObject) {
			out[it.ref] = it
		}
	}
	maps.Copy(out, old)
	return out
}

// decides reports whether an item is a policy or a Namespace.
func (it item) decides() bool {
	_, isNamespace := it.obj.(*corev1.Namespace)
	return isNamespace || it.role == policyRole
}

func sameObject(a, b bulkhead.Object) bool { return reflect.DeepEqual(a, b) }

// exposureChanges compares exposures pair by pair, in the order of names.
func exposureChanges(before, after []Exposure, standing map[string]bool) []ExposureChange {
	type pair struct{ from, to string }
	there := func(e End) bool { return e.isNew() || standing[e.Name] }
	pairs := make(map[pair]*ExposureChange)
	at := func(e Exposure) *ExposureChange {
		key := pair{e.From.Name, e.To.Name}
		if pairs[key] == nil {
			pairs[key] = &ExposureChange{From: e.From.Name, To: e.To.Name}
		}
		return pairs[key]
	}
	for _, e := range before {
		if there(e.From) && there(e.To) {
			at(e).Before = append(at(e).Before, e)
		}
	}
	for _, e := range after {
		if there(e.From) && there(e.To) {
			at(e).After = append(at(e).After, e)
		}
	}
	var out []ExposureChange
	for _, c := range pairs {
		if !exposedPorts(c.Before).equal(exposedPorts(c.After)) {
			out = append(out, *c)
		}
	}
	slices.SortFunc(out, func(a, b ExposureChange) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out
}

// A portsExposed is what exposures of a pair add up to: ports that are open whatever the
// labels, others that are with some, and those of which it is not known.
type portsExposed struct{ always, sometimes, perhaps Ports }

func (p portsExposed) equal(q portsExposed) bool {
	return p.always.Equal(q.always) && p.sometimes.Equal(q.sometimes) && p.perhaps.Equal(q.perhaps)
}

func exposedPorts(exposures []Exposure) portsExposed {
	var out portsExposed
	for _, e := range exposures {
		switch {
		case e.Verdict != Allowed:
			out.perhaps = out.perhaps.Union(e.Ports)
		case e.From.anyLabels() && e.To.anyLabels():
			out.always = out.always.Union(e.Ports)
		default:
			out.sometimes = out.sometimes.Union(e.Ports)
		}
	}
	return out
}
