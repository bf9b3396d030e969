// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// Fit says how well the workloads among objects fit under the quotas and LimitRanges
// of their namespaces: between rollouts, in rollouts, and at the peak while replaced
// pods terminate. It adds up what the objects say. Quotas count as enforced and unused
// whatever their status says; what has ended, by the status of a pod or Job, runs no
// more. A Deployment that is paused counts as one that will be rolled out.
//
// An error is an [*OptionsError]. What is wrong with an object is in the report.
func Fit(objs []bulkhead.Object, options Options) (Report, error) {
	objs, left := sound(objs)
	cluster, err := newCluster(objs, left, options, unusedQuota)
	if err != nil {
		return Report{}, err
	}
	f := &fitting{
		cluster: cluster, missing: make(map[string][]Problem), scaled: make(map[bulkhead.Ref]scaling), present: make(map[bulkhead.Ref]bool),
		ordinals: make(map[claimsOf][]int64),
	}
	f.invalid(objs)
	f.read(objs)
	slices.SortFunc(f.problems, compareProblems)
	return Report{Namespaces: f.fitnesses(f.tenants(objs)), Problems: slices.Compact(f.problems)}, nil
}

// A fitting is one run of Fit: what its namespaces share.
type fitting struct {
	cluster  *Cluster
	missing  map[string][]Problem // by namespace
	problems []Problem
	scaled   map[bulkhead.Ref]scaling // by what it scales
	present  map[bulkhead.Ref]bool
	ordinals map[claimsOf][]int64 // of claims that are there
	// everywhere is what is missing in every namespace.
	everywhere []Problem
}

// A tenant is what is in one namespace.
type tenant struct {
	workloads []workload.Workload
	objects   []bulkhead.Object
}

// tenants sorts objects by namespace.
func (f *fitting) tenants(objs []bulkhead.Object) map[string]*tenant {
	out := make(map[string]*tenant)
	at := func(namespace string) *tenant {
		if out[namespace] == nil {
			out[namespace] = &tenant{}
		}
		return out[namespace]
	}
	for name := range f.cluster.homes {
		at(name) // where nothing runs, too
	}
	for _, w := range workload.All(objs) {
		if !w.Owned {
			t := at(w.Object.GetNamespace())
			t.workloads = append(t.workloads, w)
		}
	}
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		if t := out[obj.GetNamespace()]; t != nil {
			t.objects = append(t.objects, obj)
		}
	}
	return out
}

// fitnesses judges namespaces, which have nothing to do with each other, as many at a
// time as there are processors.
func (f *fitting) fitnesses(tenants map[string]*tenant) []Fitness {
	names := sortedKeys(tenants)
	found := make([]*Fitness, len(names))
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for first := range workers {
		wait.Go(func() {
			for i := first; i < len(names); i += workers {
				h := f.cluster.at(names[i])
				if fits, ok := f.fitness(h, f.loads(h, tenants[names[i]])); ok {
					found[i] = &fits
				}
			}
		})
	}
	wait.Wait()
	var out []Fitness
	for _, fits := range found {
		if fits != nil {
			out = append(out, *fits)
		}
	}
	return out
}

// loads returns all that is charged in a namespace.
func (f *fitting) loads(h *home, t *tenant) []load {
	var out []load
	put := func(loads ...load) {
		for _, l := range loads {
			if !l.hidden || l.charges != nil { // something counts it
				out = append(out, l)
			}
		}
	}
	for _, w := range t.workloads {
		put(f.podLoad(h, w)...)
	}
	if len(h.quotas)+len(h.limits) > 0 {
		for _, obj := range t.objects {
			put(f.objectLoad(h, obj))
			if service, ok := obj.(*corev1.Service); ok {
				put(f.endpoints(h, service)...)
			}
		}
		put(f.inherent(h)...)
	}
	return out
}

// objectLoad returns what quotas count of an object beside running pods: that it is
// there, the storage of claims, the ports of Services.
func (f *fitting) objectLoad(h *home, obj bulkhead.Object) load {
	l := load{Load: Load{Object: bulkhead.RefTo(obj), Counts: plain(1)}, hidden: true}
	if f.made(obj) {
		return l // its controller has been asked
	}
	switch o := obj.(type) {
	case *corev1.Pod:
		if o.Status.Phase == corev1.PodSucceeded || o.Status.Phase == corev1.PodFailed {
			ended := make(corev1.ResourceList)
			ended[counted.CountPrefix+"pods"] = one()
			l.charges = h.chargesFor(podItem{f.cluster, o}, ended)
		}
		return l
	case *corev1.PersistentVolumeClaim:
		if r := h.checkLimits(func(lr *limitRange) []Reason { return lr.checkClaim(o) }); r != nil {
			l.Result, l.hidden = *r, false
		}
	}
	l.charges = f.cluster.chargesOf(h, obj)
	return l
}

// endpoints returns what controllers make of a Service: where it leads to, in the old
// form and in the new, of which there is one for up to 100 pods.
func (f *fitting) endpoints(h *home, service *corev1.Service) []load {
	if len(service.Spec.Selector) == 0 {
		return nil
	}
	ref := bulkhead.RefTo(service)
	var out []load
	for _, i := range []countedItem{{"", "endpoints"}, {"discovery.k8s.io", "endpointslices"}} {
		out = append(out, load{Load: Load{Object: ref, Counts: plain(1)}, charges: h.presence(i), hidden: true})
	}
	return out
}

// inherent adds what controllers put into every namespace (Kubernetes v1.37,
// pkg/controller/certificates/rootcacertpublisher and pkg/controller/serviceaccount).
func (f *fitting) inherent(h *home) []load {
	var out []load
	for _, o := range []struct{ kind, plural, name string }{
		{"ConfigMap", "configmaps", "kube-root-ca.crt"},
		{"ServiceAccount", "serviceaccounts", "default"},
	} {
		ref := bulkhead.Ref{Kind: o.kind, Namespace: h.name, Name: o.name}
		if !f.present[ref] {
			out = append(out, load{Load: Load{Object: ref, Counts: plain(1)}, charges: h.presence(countedItem{plural: o.plural}), hidden: true})
		}
	}
	return out
}

func compareProblems(a, b Problem) int {
	return cmp.Or(a.Object.Compare(b.Object), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Message, b.Message))
}
