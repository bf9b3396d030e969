// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// neighbours is a set of objects by namespace, as rules about more than one
// object look things up. The empty namespace, which a manifest leaves to kubectl,
// is one namespace like any other; see podsKnown for where it is not.
type neighbours struct {
	namespaces map[string]labels.Set // of the Namespace objects in the set
	workloads  map[string][]workload.Workload
	services   map[string][]*corev1.Service
	policies   map[string][]policy
	cluster    []clusterPolicy
	// custom marks namespaces with objects whose controllers may start pods that
	// the set does not show, or with roles for programs that do; customEverywhere,
	// that there is such a role for all of them.
	custom           map[string]bool
	customEverywhere bool
	// foreign marks namespaces with network policies of kinds that are not read
	// here. Those of the whole cluster are under the empty namespace.
	foreign map[string]bool
}

// A policy is a NetworkPolicy with its subject ready for use.
type policy struct {
	obj     *networkingv1.NetworkPolicy // not embedded: a policy is no bulkhead.Object
	subject labels.Selector
}

func neighboursOf(objs []bulkhead.Object) neighbours {
	n := neighbours{
		namespaces: namespaceLabels(objs),
		workloads:  make(map[string][]workload.Workload),
		services:   make(map[string][]*corev1.Service),
		policies:   make(map[string][]policy),
		foreign:    make(map[string]bool),
	}
	n.custom, n.customEverywhere = podMakers(objs)
	for _, w := range workload.All(objs) {
		namespace := w.Object.GetNamespace()
		n.workloads[namespace] = append(n.workloads[namespace], w)
	}
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		n.add(obj)
	}
	return n
}

// namespaceLabels returns the labels of the Namespace objects of a set by name.
func namespaceLabels(objs []bulkhead.Object) map[string]labels.Set {
	out := make(map[string]labels.Set)
	for namespace := range bulkhead.Each[*corev1.Namespace](objs) {
		set := labels.Set{}
		maps.Copy(set, namespace.Labels)
		set[corev1.LabelMetadataName] = namespace.Name // the API server sets it, manifests leave it out
		out[namespace.Name] = set
	}
	return out
}

func (n *neighbours) add(obj bulkhead.Object) {
	switch o := obj.(type) {
	case *corev1.Namespace: // namespaceLabels has them
	case *corev1.Service:
		n.services[o.Namespace] = append(n.services[o.Namespace], o)
	case *networkingv1.NetworkPolicy:
		if subject := compile(&o.Spec.PodSelector); subject != nil {
			n.policies[o.Namespace] = append(n.policies[o.Namespace], policy{o, subject})
		}
	case *policyv1alpha2.ClusterNetworkPolicy:
		n.cluster = append(n.cluster, clusterPolicyOf(o))
	default:
		ref := bulkhead.RefTo(obj)
		if isForeignPolicy(ref) {
			n.foreign[ref.Namespace] = true
		} else if _, untyped := obj.(*unstructured.Unstructured); untyped && startsPods(ref) {
			n.custom[ref.Namespace] = true
		}
	}
}

// podsKnown reports whether the set shows the pods of a namespace: it has
// workloads, and nothing that may start others, neither a custom resource nor a
// role that lets a program do so. A set that names the
// namespace of some workloads and leaves that of others to kubectl does not tell
// which are neighbours, so it shows the pods of none.
func (n neighbours) podsKnown(namespace string) bool {
	return len(n.workloads[namespace]) > 0 && !n.custom[namespace] && !n.customEverywhere && !mixed(n.workloads, namespace)
}

// policiesKnown reports whether the set shows in full what governs a namespace.
func (n neighbours) policiesKnown(namespace string) bool {
	return !n.foreign[namespace] && !n.foreign[""] && !mixed(n.policies, namespace)
}

// mixed reports whether objects beside those of a namespace may be in it too,
// because they, or it, leave the namespace to kubectl.
func mixed[T any](byNamespace map[string][]T, namespace string) bool {
	unnamed := len(byNamespace[""])
	if namespace != "" {
		return unnamed > 0
	}
	for name := range byNamespace {
		if name != "" {
			return true
		}
	}
	return false
}

// eachPolicy yields the policies of the set whose subject the API server accepts,
// in no particular order.
func (n neighbours) eachPolicy() iter.Seq[policy] {
	return func(yield func(policy) bool) {
		for _, policies := range n.policies {
			for _, np := range policies {
				if !yield(np) {
					return
				}
			}
		}
	}
}

// selected returns the workloads of a namespace whose pods match, owned ones
// beside their owners.
func (n neighbours) selected(namespace string, selector labels.Selector) []workload.Workload {
	var out []workload.Workload
	for _, w := range n.workloads[namespace] {
		if w.Matches(selector) {
			out = append(out, w)
		}
	}
	return out
}

// runs reports whether a pod of a namespace matches.
func (n neighbours) runs(namespace string, pods labels.Selector) bool {
	return slices.ContainsFunc(n.workloads[namespace], func(w workload.Workload) bool { return w.Matches(pods) })
}

// governing returns the policies that govern the pods of a workload in a
// direction. A pod on the host network is governed by none.
func (n neighbours) governing(w workload.Workload, direction networkingv1.PolicyType) []policy {
	var out []policy
	for _, np := range n.policies[w.Object.GetNamespace()] {
		if !w.Spec.HostNetwork && governs(np.obj, direction) && w.Matches(np.subject) {
			out = append(out, np)
		}
	}
	return out
}

// compile returns nil for a selector that kube-apiserver would refuse; the rule
// Invalid reports it.
func compile(selector *metav1.LabelSelector) labels.Selector {
	out, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return nil
	}
	return out
}

// contradictory reports whether no labels at all match a selector, which the rule
// ContradictorySelector reports.
func contradictory(selector *metav1.LabelSelector) bool {
	space, ok := spaceOf(selector)
	_, found := space.contradiction()
	return ok && found
}

// listed is how many names a message lists before it counts the rest.
const listed = 5

// list joins names for a message.
func list(names []string) string {
	var out []string
	for _, name := range names[:min(listed, len(names))] {
		out = append(out, cut(name))
	}
	return strings.Join(out, ", ") + more(len(names))
}

// more counts what a message does not list of so many things.
func more(of int) string {
	if of <= listed {
		return ""
	}
	return fmt.Sprintf(" and %d more", of-listed)
}
