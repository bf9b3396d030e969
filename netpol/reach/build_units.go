// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// addUnits makes a unit of each workload that nobody in the input controls, and an
// endpoint of each of its pods, and of its template where none of them looks like it:
// there are none, or they are of an older one, until it is rolled out.
func (b *topologyBuilder) addUnits(workloads []workload.Workload) {
	refs := make([]bulkhead.Ref, len(workloads))
	at := make(map[bulkhead.Ref]int, len(workloads))
	for i, w := range workloads {
		refs[i] = refOf(w.Object)
		at[refs[i]] = i
	}
	top := tops(workloads, at)
	unitOf := make(map[int]int32)
	pods := make(map[int][]int)
	for i, w := range workloads {
		t := top[i]
		if t == i {
			unitOf[i] = int32(len(b.units))
			b.units = append(b.units, unit{ref: refs[i], ns: b.nsIndex[namespaceOf(w.Object)]})
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
		if !slices.ContainsFunc(members, func(pod int) bool { return looksLike(workloads[pod], workloads[i]) }) {
			members = append(members, i)
		}
		for _, m := range members {
			b.addEndpoint(workloads[m], refs[m], u)
		}
	}
}

// looksLike reports whether a pod may be made from the template of a workload, as far
// as policies can tell. It may have more labels, which the control plane gives.
func looksLike(pod, template workload.Workload) bool {
	for key, value := range template.Labels {
		if got, found := pod.Labels[key]; !found || got != value {
			return false
		}
	}
	return pod.Spec.HostNetwork == template.Spec.HostNetwork && slices.Equal(layoutOf(pod), layoutOf(template))
}

// tops returns for each workload the one, up the chain of owners, that nobody in the
// input controls; at are their numbers. No chain is longer than Deployment, ReplicaSet
// and Pod.
func tops(workloads []workload.Workload, at map[bulkhead.Ref]int) []int {
	out := make([]int, len(workloads))
	for i := range workloads {
		top := i
		for workloads[top].Owned {
			owner, found := at[ownerOf(workloads[top].Object)]
			if !found {
				break
			}
			top = owner
		}
		out[i] = top
	}
	return out
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
