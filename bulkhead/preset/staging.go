// SPDX-License-Identifier: Apache-2.0

package preset

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/quota"
)

// StagingOptions say in what one staging environment differs from another.
type StagingOptions struct {
	// Cluster is the cluster that it shares with production.
	Cluster Cluster
	// Namespace is "staging" by default.
	Namespace string
	// Production are the namespaces that it is blind to, "prod" by default.
	Production []string
	// Budget is what it may take of the cluster, [DefaultBudget] by default.
	Budget quota.Budget
	// Workloads have a ServiceAccount each. Pods of none run as the account default,
	// which has no identity in the cloud.
	Workloads []Workload
}

// Staging returns the namespace in which staging runs beside production.
//
// Its pods see each other, the resolvers and, those that have an identity, the
// metadata server. They reach nothing else and nobody reaches them, and a policy of
// the Admin tier says so once more for production, where the dataplane knows such
// policies ([netpol.Blind]).
//
// Together they take no more than the budget. They rank below every pod without a
// class and preempt nobody: pods that name no class get the class of staging, and
// those that name another are refused.
//
// They are held to the Pod Security level restricted, and have to set a memory limit,
// which the LimitRange does where they do not. Services are of type ClusterIP. Only
// the keepers of the cluster change any of this.
func Staging(o StagingOptions) (*Environment, error) {
	b := &builder{namespace: cmp.Or(o.Namespace, "staging"), cluster: o.Cluster}
	if !b.ready() {
		return b.environment(nil)
	}
	b.walls(quota.Restricted)
	b.objects = append(b.objects, netpol.AllowWithin(b.namespace))
	production := o.Production
	if len(production) == 0 {
		production = []string{"prod"}
	}
	b.blind(production)
	b.workloads(o.Workloads)

	budget := o.Budget
	if budget == (quota.Budget{}) {
		budget = DefaultBudget()
	}
	restrictions := []guard.Restriction{guard.MemoryLimits(), guard.NoPodLevelBypass(), guard.ServiceTypes(corev1.ServiceTypeClusterIP)}
	if share, err := quota.Cap(b.namespace, budget); err != nil {
		b.errs = append(b.errs, err)
	} else {
		b.objects = append(b.objects, share.Quota, share.Classes, share.Limits)
		b.class(share.Class)
		restrictions = append(restrictions, guard.Classes(share.Class.Name))
	}
	return b.environment(b.guards(o.Workloads, restrictions...))
}

// blind adds what keeps connections from the namespaces of production, whatever other
// policies allow.
func (b *builder) blind(production []string) {
	for i, hidden := range production {
		at := field.NewPath("production").Index(i)
		if hidden == b.namespace {
			b.wrong = append(b.wrong, field.Invalid(at, hidden, "is the namespace of staging"))
		}
		for _, msg := range apivalidation.ValidateNamespaceName(hidden, false) {
			b.wrong = append(b.wrong, field.Invalid(at, hidden, msg))
		}
	}
	for _, hidden := range slices.Compact(slices.Sorted(slices.Values(production))) {
		b.objects = append(b.objects, netpol.Blind(b.namespace, hidden))
	}
}

// DefaultBudget is what staging takes of a cluster if nobody says otherwise: 4 cores
// and 8 GiB that are kept free for it, 8 cores and 16 GiB at most, 40 pods of at most 2
// cores and 4 GiB each, and no volumes.
func DefaultBudget() quota.Budget {
	compute := func(cpu, memory string) quota.Compute {
		return quota.Compute{CPU: resource.MustParse(cpu), Memory: resource.MustParse(memory)}
	}
	return quota.Budget{
		Requests:       compute("4", "8Gi"),
		Limits:         compute("8", "16Gi"),
		Pods:           40,
		Pod:            compute("2", "4Gi"),
		Default:        compute("500m", "512Mi"),
		DefaultRequest: compute("100m", "128Mi"),
	}
}
