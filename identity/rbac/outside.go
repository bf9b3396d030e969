// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
)

// An outside is what objects of other kinds than those of RBAC let across a boundary.
type outside struct {
	awsAuth  bool            // identities of a cloud are mapped in kube-system
	served   []string        // API groups of custom resources, sorted
	composed map[string]bool // those that Crossplane serves because an object defines them
	stores   []store
	grants   []referenceGrant
	hosts    []host
}

// A store is a ClusterSecretStore of External Secrets.
type store struct {
	ref        bulkhead.Ref
	remote     string      // the namespace that its provider Kubernetes reads
	conditions []condition // of which one must hold; none admits every namespace
}

// A referenceGrant opens Services and volumes of its namespace to another.
type referenceGrant struct {
	ref   bulkhead.Ref
	field string
	kind  string
	from  string
	to    []string // kinds
}

// A host is one that an Ingress or a route answers for.
type host struct {
	ref   bulkhead.Ref
	field string
	name  string
}

func outsideOf(objs []bulkhead.Object) outside {
	out := outside{composed: make(map[string]bool)}
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch o := obj.(type) {
		case *corev1.ConfigMap:
			out.awsAuth = out.awsAuth || o.Namespace == systemNamespace && o.Name == "aws-auth"
		case *networkingv1.Ingress:
			for i := range o.Spec.Rules {
				out.host(obj, "spec.rules", i, "host", o.Spec.Rules[i].Host)
			}
		case *unstructured.Unstructured:
			out.custom(o)
		}
	}
	slices.Sort(out.served)
	out.served = slices.Compact(out.served)
	slices.SortFunc(out.stores, func(a, b store) int { return a.ref.Compare(b.ref) })
	slices.SortStableFunc(out.grants, func(a, b referenceGrant) int { return a.ref.Compare(b.ref) })
	slices.SortStableFunc(out.hosts, func(a, b host) int { return a.ref.Compare(b.ref) })
	return out
}

func (o *outside) host(obj bulkhead.Object, list string, i int, field, name string) {
	if name != "" {
		o.hosts = append(o.hosts, host{bulkhead.RefTo(obj), strings.TrimSuffix(index(list, i)+"."+field, "."), strings.ToLower(name)})
	}
}

// custom reads a custom resource. Fields of another type than they should have are
// passed over: the server refuses them.
func (o *outside) custom(u *unstructured.Unstructured) {
	ref := bulkhead.RefTo(u)
	text := func(from map[string]any, path ...string) string {
		s, _, _ := unstructured.NestedString(from, path...)
		return s
	}
	list := func(path ...string) []any {
		l, _, _ := unstructured.NestedFieldNoCopy(u.Object, path...)
		entries, _ := l.([]any)
		return entries
	}
	switch ref.Group + " " + ref.Kind {
	case "apiextensions.k8s.io CustomResourceDefinition":
		o.served = append(o.served, text(u.Object, "spec", "group"))
	case "apiextensions.crossplane.io CompositeResourceDefinition":
		o.composed[text(u.Object, "spec", "group")] = true
	case "external-secrets.io ClusterSecretStore":
		o.stores = append(o.stores, store{ref, text(u.Object, "spec", "provider", "kubernetes", "remoteNamespace"), conditionsOf(list("spec", "conditions"))})
	case "gateway.networking.k8s.io ReferenceGrant":
		var to []string
		for _, entry := range list("spec", "to") {
			if target, ok := entry.(map[string]any); ok {
				to = append(to, text(target, "kind"))
			}
		}
		for i, entry := range list("spec", "from") {
			if from, ok := entry.(map[string]any); ok {
				o.grants = append(o.grants, referenceGrant{ref, index("spec.from", i), text(from, "kind"), text(from, "namespace"), to})
			}
		}
	case "gateway.networking.k8s.io Gateway":
		for i, entry := range list("spec", "listeners") {
			if listener, ok := entry.(map[string]any); ok {
				o.host(u, "spec.listeners", i, "hostname", text(listener, "hostname"))
			}
		}
	case "gateway.networking.k8s.io GRPCRoute", "gateway.networking.k8s.io HTTPRoute", "gateway.networking.k8s.io TLSRoute":
		for i, entry := range list("spec", "hostnames") {
			if name, ok := entry.(string); ok {
				o.host(u, "spec.hostnames", i, "", name)
			}
		}
	}
}
