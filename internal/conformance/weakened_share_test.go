// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// What a rule finds is no theory: the server admits the pod that goes around the
// objects. And where the rule finds nothing, it does not.
func TestServerAdmitsWhatRulesFind(t *testing.T) {
	s := newStage(t)
	memory := func(namespace string) *corev1.ResourceQuota {
		return bulkhead.Must(quota.ResourceQuota(namespace, "memory", amounts("requests.memory", "1Gi", "limits.memory", "1Gi")))
	}
	limits := func(namespace string, item corev1.LimitRangeItem) *corev1.LimitRange {
		return bulkhead.Must(quota.Limits(namespace, "limits", item))
	}
	noPodsOf := func(namespace string, operator corev1.ScopeSelectorOperator, class string) *corev1.ResourceQuota {
		q := bulkhead.Must(quota.OnlyClasses(namespace, "classes", class))
		q.Spec.ScopeSelector.MatchExpressions[0].Operator = operator
		return q
	}
	zeroLimit := func(p *corev1.Pod) { requests(p, nil, amounts("memory", "0")) }
	podLevel := func(p *corev1.Pod) {
		p.Spec.Resources = &corev1.ResourceRequirements{Requests: amounts("cpu", "1m")}
	}
	class := func(name string) func(*corev1.Pod) {
		return func(p *corev1.Pod) { p.Spec.PriorityClassName = name }
	}
	s.set(bulkhead.Must(quota.Priority("weakened-prod", 1000)), bulkhead.Must(quota.LowPriority("weakened-low", -1)))
	tests := map[string]struct {
		objects func(namespace string) []bulkhead.Object
		pod     func(*corev1.Pod)
		rule    string // that speaks of such pods
		admits  bool   // and finds something, since the pod is admitted
	}{
		"a memory limit of zero beside a quota": {
			func(ns string) []bulkhead.Object { return []bulkhead.Object{memory(ns)} }, zeroLimit, quota.ZeroLimit, true,
		},
		"a memory limit of zero below a most": {
			func(ns string) []bulkhead.Object {
				return []bulkhead.Object{limits(ns, corev1.LimitRangeItem{Type: corev1.LimitTypeContainer, Max: amounts("memory", "1Gi")})}
			}, zeroLimit, quota.ZeroLimit, true,
		},
		"a memory limit of zero below a least": {
			func(ns string) []bulkhead.Object {
				item := corev1.LimitRangeItem{Type: corev1.LimitTypeContainer, Min: amounts("memory", "1Mi"), Default: amounts("memory", "64Mi")}
				return []bulkhead.Object{memory(ns), limits(ns, item)}
			}, zeroLimit, quota.ZeroLimit, false,
		},
		"resources of the pod beside a quota": {
			func(ns string) []bulkhead.Object { return []bulkhead.Object{memory(ns)} }, podLevel, quota.PodLevelBypass, true,
		},
		"resources of the pod beside a bound of pods": {
			func(ns string) []bulkhead.Object {
				return []bulkhead.Object{memory(ns), limits(ns, corev1.LimitRangeItem{Type: corev1.LimitTypePod, Max: amounts("memory", "1Gi")})}
			}, podLevel, quota.PodLevelBypass, false,
		},
		"another class than the one that is refused": {
			func(ns string) []bulkhead.Object {
				return []bulkhead.Object{noPodsOf(ns, corev1.ScopeSelectorOpIn, "weakened-prod")}
			}, class("system-cluster-critical"), quota.ClassEscape, true,
		},
		"another class than those that are allowed": {
			func(ns string) []bulkhead.Object {
				return []bulkhead.Object{noPodsOf(ns, corev1.ScopeSelectorOpNotIn, "weakened-low")}
			}, class("system-cluster-critical"), quota.ClassEscape, false,
		},
		"a key that nothing counts": {
			func(ns string) []bulkhead.Object {
				return []bulkhead.Object{bulkhead.Must(quota.ResourceQuota(ns, "gpus", amounts("limits.nvidia.com/gpu", "0")))}
			},
			func(p *corev1.Pod) { requests(p, nil, amounts("nvidia.com/gpu", "1")) }, quota.UncountedKey, true,
		},
		"a key that is counted": {
			func(ns string) []bulkhead.Object {
				return []bulkhead.Object{bulkhead.Must(quota.ResourceQuota(ns, "gpus", amounts("requests.nvidia.com/gpu", "0")))}
			},
			func(p *corev1.Pod) { requests(p, nil, amounts("nvidia.com/gpu", "1")) }, quota.UncountedKey, false,
		},
		"scopes that exclude each other": {
			func(ns string) []bulkhead.Object {
				q := noPodsOf(ns, corev1.ScopeSelectorOpNotIn, "weakened-low")
				q.Spec.Scopes = []corev1.ResourceQuotaScope{corev1.ResourceQuotaScopeTerminating}
				more := corev1.ScopedResourceSelectorRequirement{ScopeName: corev1.ResourceQuotaScopeNotTerminating, Operator: corev1.ScopeSelectorOpExists}
				q.Spec.ScopeSelector.MatchExpressions = append(q.Spec.ScopeSelector.MatchExpressions, more)
				return []bulkhead.Object{q}
			}, class("weakened-prod"), quota.UnreachableScope, true,
		},
		"a label of Pod Security that is misspelt": {
			func(ns string) []bulkhead.Object {
				n := bulkhead.Must(quota.Namespace(ns, quota.Restricted))
				n.Labels = map[string]string{"pod-security.kubernetes.io/enforced": "restricted"}
				return []bulkhead.Object{n}
			},
			func(p *corev1.Pod) { p.Spec.HostNetwork = true }, quota.PodSecurityKey, true,
		},
		"Pod Security that only warns": {
			func(ns string) []bulkhead.Object {
				n := bulkhead.Must(quota.Namespace(ns, quota.Restricted))
				delete(n.Labels, quota.EnforceLabel)
				return []bulkhead.Object{n}
			},
			func(p *corev1.Pod) { p.Spec.HostNetwork = true }, quota.PodSecurityNotEnforced, true,
		},
	}
	i := 0
	for name, tt := range tests {
		i++
		namespace := "weakened-" + string(rune('a'+i))
		t.Run(name, func(t *testing.T) {
			objs := tt.objects(namespace)
			if _, ok := objs[0].(*corev1.Namespace); !ok {
				plain := &corev1.Namespace{TypeMeta: typeMeta("v1", "Namespace"), ObjectMeta: metav1.ObjectMeta{Name: namespace}}
				objs = append([]bulkhead.Object{plain}, objs...)
			}
			s := s.in(t)
			s.set(objs...)
			pod := hardened(namespace, "")
			tt.pod(pod)
			_, err := s.dryRun(pod)
			if (err == nil) != tt.admits {
				t.Errorf("the server answers: %v", err)
			}
			found := bulkhead.Check(objs, quota.Rules()...)
			if slices.ContainsFunc(found, func(f bulkhead.Finding) bool { return f.Rule == tt.rule }) != tt.admits {
				t.Errorf("%s should find something: %v, in: %v", tt.rule, tt.admits, found)
			}
		})
	}
	count(len(tests))
}
