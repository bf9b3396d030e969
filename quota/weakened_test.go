// SPDX-License-Identifier: Apache-2.0

package quota_test

import (
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// A cluster is a capped namespace and another that nobody holds back.
type cluster struct {
	namespace *corev1.Namespace
	share     *quota.Share
	guest     *appsv1.Deployment // in the namespace, with its class
	host      *appsv1.Deployment // in another, without one
	without   []bulkhead.Object  // what is missing
}

func newCluster() cluster {
	share := bulkhead.Must(quota.Cap("staging", budget()))
	return cluster{
		namespace: bulkhead.Must(quota.Namespace("staging", quota.Restricted)),
		share:     share,
		guest:     deployment("staging", share.Class.Name),
		host:      deployment("shop", ""),
	}
}

func deployment(namespace, class string) *appsv1.Deployment {
	out := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "web"}}
	out.Spec.Template.Spec = corev1.PodSpec{PriorityClassName: class, Containers: []corev1.Container{{Name: "web"}}}
	return out
}

func (c cluster) findings() bulkhead.Findings {
	objs := append(c.share.Objects(), c.namespace, c.guest, c.host)
	objs = slices.DeleteFunc(objs, func(o bulkhead.Object) bool { return slices.Contains(c.without, o) })
	return bulkhead.Check(objs, quota.Rules()...)
}

// Whatever of a share is taken away or made weaker, a rule says so.
func TestWeakenedShares(t *testing.T) {
	container := func(c *cluster) *corev1.LimitRangeItem { return &c.share.Limits.Spec.Limits[0] }
	pod := func(c *cluster) *corev1.LimitRangeItem { return &c.share.Limits.Spec.Limits[1] }
	scope := func(c *cluster) *corev1.ScopedResourceSelectorRequirement {
		return &c.share.Classes.Spec.ScopeSelector.MatchExpressions[0]
	}
	tests := map[string]struct {
		edit func(*cluster)
		want string // a rule; others may speak too
	}{
		"no budget":           {func(c *cluster) { c.without = append(c.without, c.share.Quota) }, quota.Uncapped},
		"no limits":           {func(c *cluster) { c.without = append(c.without, c.share.Limits) }, quota.ZeroLimit},
		"no quota of classes": {func(c *cluster) { c.without = append(c.without, c.share.Classes) }, quota.AnyClass},
		"a budget without memory limits": {
			func(c *cluster) { delete(c.share.Quota.Spec.Hard, corev1.ResourceLimitsMemory) }, quota.Uncapped,
		},
		"a budget for some pods": {
			func(c *cluster) {
				c.share.Quota.Spec.Scopes = []corev1.ResourceQuotaScope{corev1.ResourceQuotaScopeTerminating}
				delete(c.share.Quota.Spec.Hard, corev1.ResourceRequestsStorage)
			}, quota.Uncapped,
		},
		"node ports left open": {
			func(c *cluster) { delete(c.share.Quota.Spec.Hard, corev1.ResourceServicesNodePorts) }, quota.ServiceGap,
		},
		"load balancers left open": {
			func(c *cluster) { delete(c.share.Quota.Spec.Hard, corev1.ResourceServicesLoadBalancers) }, quota.ServiceGap,
		},
		"no least memory": {func(c *cluster) { delete(container(c).Min, corev1.ResourceMemory) }, quota.ZeroLimit},
		"no least time":   {func(c *cluster) { delete(container(c).Min, corev1.ResourceCPU) }, quota.ZeroLimit},
		"no defaults": {
			func(c *cluster) { container(c).Default = nil }, quota.MissingResources,
		},
		"no defaults and no bound of pods": {
			func(c *cluster) { container(c).Default, pod(c).Max = nil, nil }, quota.PodLevelBypass,
		},
		"a second item of one type": {
			func(c *cluster) { c.share.Limits.Spec.Limits = append(c.share.Limits.Spec.Limits, *container(c)) }, quota.Invalid,
		},
		"classes refused by name": {func(c *cluster) { scope(c).Operator = corev1.ScopeSelectorOpIn }, quota.ClassEscape},
		"another class":           {func(c *cluster) { scope(c).Values = []string{"production"} }, quota.ClassRefused},
		"a class for five pods":   {func(c *cluster) { c.share.Classes.Spec.Hard = amounts("pods", "5") }, quota.AnyClass},
		"a count that nothing counts": {
			func(c *cluster) { c.share.Classes.Spec.Hard = amounts("count/pod", "0") }, quota.UncountedKey,
		},
		"scopes that exclude each other": {
			func(c *cluster) {
				more := *scope(c)
				more.Operator = corev1.ScopeSelectorOpIn
				c.share.Classes.Spec.ScopeSelector.MatchExpressions = append(c.share.Classes.Spec.ScopeSelector.MatchExpressions, more)
			}, quota.UnreachableScope,
		},
		"a class above those without one": {func(c *cluster) { c.share.Class.Value = 100 }, quota.ClassOutranks},
		"a class that brings no node":     {func(c *cluster) { c.share.Class.Value = -100 }, quota.Expendable},
		"a class for everybody":           {func(c *cluster) { c.share.Class.GlobalDefault = true }, quota.GlobalDefault},
		"a workload without the class":    {func(c *cluster) { c.guest.Spec.Template.Spec.PriorityClassName = "" }, quota.ClassRefused},
		"a level that is none":            {func(c *cluster) { c.namespace.Labels[quota.EnforceLabel] = "strict" }, quota.PodSecurityValue},
		"a level that is not enforced":    {func(c *cluster) { delete(c.namespace.Labels, quota.EnforceLabel) }, quota.PodSecurityNotEnforced},
	}
	if fs := newCluster().findings(); len(fs) > 0 {
		t.Fatalf("the cluster as built: %v", fs.Err())
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCluster()
			tt.edit(&c)
			fs := c.findings()
			if !slices.ContainsFunc(fs, func(f bulkhead.Finding) bool { return f.Rule == tt.want }) {
				t.Errorf("%s says nothing; findings: %v", tt.want, fs)
			}
		})
	}
}
