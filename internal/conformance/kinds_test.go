// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"maps"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
	psaapi "k8s.io/pod-security-admission/api"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/quota"
)

// A judged kind is one of which a rule of this library says what kube-apiserver
// refuses.
type judged struct {
	registry   registry
	namespaced bool
	rules      []bulkhead.Rule // that say so
	seeds      []bulkhead.Object
	// admission returns what the server refuses after the registry, if anything.
	admission func(bulkhead.Object) []string
	// dear is how many times fewer objects are compared in process, for kinds whose
	// expressions the server compiles one by one; zero is one.
	dear int
	// aside reports whether no rule can know a mistake that the server tells.
	aside func(metav1.StatusCause) bool
}

// ours returns the fields that the rules refuse.
func (k judged) ours(obj bulkhead.Object) []string {
	var fields []string
	for _, f := range bulkhead.Check([]bulkhead.Object{obj}, k.rules...) {
		fields = append(fields, f.Field)
	}
	return sorted(fields)
}

// theirs returns the fields that the code of kube-apiserver refuses.
func (k judged) theirs(obj bulkhead.Object) ([]string, error) {
	answer, err := k.registry.judge(obj)
	if err != nil {
		return nil, err
	}
	fields, err := refusedFields(answer, k.aside)
	if err == nil && len(fields) == 0 && k.admission != nil {
		fields = k.admission(obj)
	}
	return fields, err
}

// kinds lists the judged kinds.
func kinds(t testing.TB) map[string]judged {
	t.Helper()
	definition, err := clusterPolicyDefinition()
	if err != nil {
		t.Fatal(err)
	}
	clusterPolicies, err := ofDefinition(definition)
	if err != nil {
		t.Fatal(err)
	}
	core := func(resource string) schema.GroupVersionResource {
		return corev1.SchemeGroupVersion.WithResource(resource)
	}
	all := map[string]judged{
		"NetworkPolicy": {
			registry:   ofKubernetes(networkpolicy.Strategy, networkingv1.SchemeGroupVersion.WithResource("networkpolicies")),
			namespaced: true, rules: only(netpol.Rules(), netpol.Invalid), seeds: networkPolicies(),
		},
		"ClusterNetworkPolicy": {
			registry: clusterPolicies, rules: only(netpol.Rules(), netpol.Invalid), seeds: clusterNetworkPolicies(),
		},
		"ResourceQuota": {
			registry: ofKubernetes(resourcequota.Strategy, core("resourcequotas")), namespaced: true,
			rules: only(quota.Rules(), quota.Invalid), seeds: resourceQuotas(),
		},
		"LimitRange": {
			registry: ofKubernetes(limitrange.Strategy, core("limitranges")), namespaced: true,
			rules: only(quota.Rules(), quota.Invalid), seeds: limitRanges(),
		},
		"PriorityClass": {
			registry: ofKubernetes(priorityclass.Strategy, schedulingv1.SchemeGroupVersion.WithResource("priorityclasses")),
			rules:    only(quota.Rules(), quota.Invalid), seeds: priorityClasses(),
		},
		"Namespace": {
			registry: ofKubernetes(namespace.Strategy, core("namespaces")),
			rules:    only(quota.Rules(), quota.Invalid, quota.PodSecurityValue), seeds: namespaces(),
			admission: podSecurity,
		},
	}
	maps.Copy(all, identityKinds())
	maps.Copy(all, guardKinds())
	return all
}

// only picks rules by their IDs.
func only(rules []bulkhead.Rule, ids ...string) []bulkhead.Rule {
	var out []bulkhead.Rule
	for _, r := range rules {
		for _, id := range ids {
			if r.ID == id {
				out = append(out, r)
			}
		}
	}
	return out
}

// podSecurity is what the admission of Pod Security refuses in a namespace
// (k8s.io/pod-security-admission v0.37, admission/admission.go, ValidateNamespace).
func podSecurity(obj bulkhead.Object) []string {
	privileged := psaapi.LevelVersion{Level: psaapi.LevelPrivileged, Version: psaapi.LatestVersion()}
	_, errs := psaapi.PolicyToEvaluate(obj.GetLabels(), psaapi.Policy{Enforce: privileged, Audit: privileged, Warn: privileged})
	var fields []string
	for _, e := range errs {
		fields = append(fields, e.Field)
	}
	return sorted(fields)
}

// metadata is metadata with something of everything.
func metadata(name string, namespaced bool) metav1.ObjectMeta {
	yes := true
	m := metav1.ObjectMeta{
		Name:            name,
		Labels:          map[string]string{"app": "web"},
		Annotations:     map[string]string{"example.com/a": "any text"},
		Finalizers:      []string{"example.com/a"},
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "owner", UID: "1", Controller: &yes}},
	}
	if namespaced {
		m.Namespace = metav1.NamespaceDefault
	}
	return m
}

func bare(name string, namespaced bool) metav1.ObjectMeta {
	m := metadata(name, namespaced)
	return metav1.ObjectMeta{Name: m.Name, Namespace: m.Namespace}
}

func typeMeta(apiVersion, kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: apiVersion, Kind: kind}
}

var clusterPolicyType = typeMeta(policyv1alpha2.GroupVersion.String(), "ClusterNetworkPolicy")
