// SPDX-License-Identifier: Apache-2.0

package quota_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// refused returns the fields that the rule invalid names in one object.
func refused(obj bulkhead.Object) []string {
	var fields []string
	for _, f := range quota.Validate(obj) {
		if f.Rule == quota.Invalid {
			fields = append(fields, f.Field)
		}
	}
	return slices.Compact(fields) // there may be several reasons at one field
}

// amounts makes a list of names and quantities by turns.
func amounts(pairs ...string) corev1.ResourceList {
	out := make(corev1.ResourceList)
	for i := 0; i < len(pairs); i += 2 {
		out[corev1.ResourceName(pairs[i])] = resource.MustParse(pairs[i+1])
	}
	return out
}

func TestInvalidQuota(t *testing.T) {
	selector := func(scope corev1.ResourceQuotaScope, op corev1.ScopeSelectorOperator, values ...string) *corev1.ScopeSelector {
		return &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{{ScopeName: scope, Operator: op, Values: values}}}
	}
	const at = "spec.scopeSelector.matchExpressions"
	tests := map[string]struct {
		spec corev1.ResourceQuotaSpec
		want []string
	}{
		"nothing": {},
		"a name of containers": {
			corev1.ResourceQuotaSpec{Hard: amounts("storage", "1")},
			[]string{"spec.hard[storage]"},
		},
		"limits of huge pages": {
			corev1.ResourceQuotaSpec{Hard: amounts("limits.hugepages-2Mi", "0", "requests.hugepages-2Mi", "0")},
			[]string{"spec.hard[limits.hugepages-2Mi]"},
		},
		"a broken qualified name": {
			corev1.ResourceQuotaSpec{Hard: amounts("a/b/c", "1")},
			[]string{"spec.hard[a/b/c]"},
		},
		"half a device": {
			corev1.ResourceQuotaSpec{Hard: amounts("nvidia.com/gpu", "500m", "requests.nvidia.com/gpu", "500m")},
			[]string{"spec.hard[nvidia.com/gpu]"},
		},
		"less than a thousandth is rounded up": {
			corev1.ResourceQuotaSpec{Hard: amounts("pods", "1n", "cpu", "1n")},
			[]string{"spec.hard[pods]"},
		},
		"an unknown scope": {
			corev1.ResourceQuotaSpec{Scopes: []corev1.ResourceQuotaScope{"Best"}},
			[]string{"spec.scopes"},
		},
		"scopes that exclude each other in one list": {
			corev1.ResourceQuotaSpec{Scopes: []corev1.ResourceQuotaScope{"Terminating", "NotTerminating"}},
			[]string{"spec.scopes"},
		},
		"scopes that exclude each other in two lists": {
			corev1.ResourceQuotaSpec{
				Scopes:        []corev1.ResourceQuotaScope{"Terminating"},
				ScopeSelector: selector("NotTerminating", "Exists"),
			}, nil,
		},
		"ephemeral storage of a class": {
			corev1.ResourceQuotaSpec{Hard: amounts("requests.ephemeral-storage", "1"), ScopeSelector: selector("PriorityClass", "Exists")},
			[]string{at},
		},
		"pods of a class of volumes": {
			corev1.ResourceQuotaSpec{Hard: amounts("pods", "1"), ScopeSelector: selector("VolumeAttributesClass", "In", "gold")},
			[]string{at},
		},
		"claims of a class of volumes": {
			corev1.ResourceQuotaSpec{Hard: amounts("persistentvolumeclaims", "1", "requests.storage", "1"), ScopeSelector: selector("VolumeAttributesClass", "In", "gold")},
			nil,
		},
		"a scope that takes no operator but Exists": {
			corev1.ResourceQuotaSpec{ScopeSelector: selector("BestEffort", "In", "x")},
			[]string{at + ".operator"},
		},
		"In without values": {
			corev1.ResourceQuotaSpec{ScopeSelector: selector("PriorityClass", "In")},
			[]string{at + ".values"},
		},
		"Exists with values": {
			corev1.ResourceQuotaSpec{ScopeSelector: selector("PriorityClass", "Exists", "x")},
			[]string{at + ".values"},
		},
		"an unknown scope and operator": {
			corev1.ResourceQuotaSpec{Hard: amounts("secrets", "1"), ScopeSelector: selector("Class", "Equals", "x")},
			[]string{at + ".operator", at + ".scopeName"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			obj := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "cap"}, Spec: tt.spec}
			if diff := cmp.Diff(tt.want, refused(obj)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInvalidLimits(t *testing.T) {
	tests := map[string]struct {
		items []corev1.LimitRangeItem
		want  []string
	}{
		"nothing": {},
		"an unknown type": {
			[]corev1.LimitRangeItem{{Type: "container"}},
			[]string{"spec.limits[0].type"},
		},
		"one type twice": {
			[]corev1.LimitRangeItem{{Type: "Container"}, {Type: "Container"}},
			[]string{"spec.limits[1].type"},
		},
		"a foreign type": {[]corev1.LimitRangeItem{{Type: "example.com/Image", Max: amounts("storage", "1")}}, nil},
		"a name of quotas, which is defaulted too": {
			[]corev1.LimitRangeItem{{Type: "Container", Min: amounts("requests.cpu", "1")}},
			[]string{"spec.limits[0].defaultRequest[requests.cpu]", "spec.limits[0].min[requests.cpu]"},
		},
		"claims without storage": {
			[]corev1.LimitRangeItem{{Type: "PersistentVolumeClaim", Max: amounts("cpu", "1")}},
			[]string{"spec.limits[0].limits"},
		},
		"the least above the most": {
			[]corev1.LimitRangeItem{{Type: "Pod", Min: amounts("cpu", "2"), Max: amounts("cpu", "1")}},
			[]string{"spec.limits[0].min[cpu]"},
		},
		"a ratio below one": {
			[]corev1.LimitRangeItem{{Type: "Pod", MaxLimitRequestRatio: amounts("cpu", "500m")}},
			[]string{"spec.limits[0].maxLimitRequestRatio[cpu]"},
		},
		"a ratio that most and least do not allow": {
			[]corev1.LimitRangeItem{{Type: "Pod", Min: amounts("cpu", "1"), Max: amounts("cpu", "2"), MaxLimitRequestRatio: amounts("cpu", "2001m")}},
			[]string{"spec.limits[0].maxLimitRequestRatio[cpu]"},
		},
		"a ratio that most and least just allow": {
			[]corev1.LimitRangeItem{{Type: "Pod", Min: amounts("cpu", "1"), Max: amounts("cpu", "2"), MaxLimitRequestRatio: amounts("cpu", "2")}},
			nil,
		},
		"a device cannot be overcommitted": {
			[]corev1.LimitRangeItem{{Type: "Container", Default: amounts("nvidia.com/gpu", "2"), DefaultRequest: amounts("nvidia.com/gpu", "1")}},
			[]string{"spec.limits[0].defaultRequest[nvidia.com/gpu]"},
		},
		"negative amounts are stored": {[]corev1.LimitRangeItem{{Type: "Pod", Max: amounts("cpu", "-1")}}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			obj := &corev1.LimitRange{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "limits"}}
			obj.Spec.Limits = tt.items
			before := obj.DeepCopy()
			if diff := cmp.Diff(tt.want, refused(obj)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, obj); diff != "" {
				t.Errorf("the object was changed:\n%s", diff)
			}
		})
	}
}

func TestInvalidClass(t *testing.T) {
	policy := func(p corev1.PreemptionPolicy) *corev1.PreemptionPolicy { return &p }
	tests := map[string]struct {
		class schedulingv1.PriorityClass
		want  []string
	}{
		"the largest value":                {class: schedulingv1.PriorityClass{Value: quota.HighestPriority}},
		"a larger value":                   {schedulingv1.PriorityClass{Value: quota.HighestPriority + 1}, []string{"value"}},
		"an unknown preemption policy":     {schedulingv1.PriorityClass{PreemptionPolicy: policy("never")}, []string{"preemptionPolicy"}},
		"an empty preemption policy":       {schedulingv1.PriorityClass{PreemptionPolicy: policy("")}, []string{"preemptionPolicy"}},
		"Kubernetes' own with its value":   {class: schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "system-cluster-critical"}, Value: 2_000_000_000}},
		"Kubernetes' own with another":     {schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "system-cluster-critical"}, Value: 5}, []string{"metadata.name"}},
		"Kubernetes' own as a default":     {schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "system-cluster-critical"}, Value: 2_000_000_000, GlobalDefault: true}, []string{"metadata.name"}},
		"a name generated from the prefix": {schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{GenerateName: "system-"}}, []string{"metadata.name"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.class.Name == "" && tt.class.GenerateName == "" {
				tt.class.Name = "low"
			}
			if diff := cmp.Diff(tt.want, refused(&tt.class)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInvalidMetadata(t *testing.T) {
	tests := map[string]struct {
		obj  bulkhead.Object
		want []string
	}{
		"a quota in no namespace, which stands alone": {
			&corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "cap"}},
			[]string{"metadata.namespace"},
		},
		"a limit range that the server names": {
			&corev1.LimitRange{ObjectMeta: metav1.ObjectMeta{Namespace: "staging"}}, nil,
		},
		"a namespace that is too long to be a label": {
			&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "sixty-four-letters-sixty-four-letters-sixty-four-letters-sixty-fo"}},
			[]string{"metadata.labels", "metadata.name"},
		},
		"a namespace whose name label is overwritten": {
			&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging", Labels: map[string]string{corev1.LabelMetadataName: "not a value"}}},
			nil,
		},
		"a namespace with a finalizer of nobody": {
			&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}, Spec: corev1.NamespaceSpec{Finalizers: []corev1.FinalizerName{"mine", "kubernetes", "example.com/mine", "not one/"}}},
			[]string{"spec.finalizers"},
		},
		"an object of another kind": {&corev1.ConfigMap{}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, refused(tt.obj)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}
