// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/quota"
)

func (a arguer) account() *corev1.ServiceAccount { return identity.Account(a.name(), a.name()) }

func (a arguer) pool() identity.Pool {
	return identity.Pool{ProjectID: "my-project", ProjectNumber: 1 + a.Uint64N(1<<40)}
}

func (a arguer) access() identity.Access {
	out := pick(a,
		identity.Access{Resources: []string{"pods", "pods/log"}, Verbs: []string{"get", "list", "watch"}},
		identity.Access{Group: "apps", Resources: []string{"deployments"}, Verbs: []string{"get", "create", "deletecollection"}},
		identity.Access{Resources: []string{"configmaps"}, Verbs: []string{"update", "patch", "delete"}})
	if a.IntN(3) == 0 {
		out.Names = []string{a.name()}
	}
	return out
}

func (a arguer) role() *rbacv1.Role {
	role, err := identity.Role(a.name(), a.name(), identity.Access{Resources: []string{"pods"}, Verbs: []string{"get"}})
	if err != nil {
		panic(err)
	}
	return role
}

func (a arguer) rbacSubject() identity.Subject {
	return pick(a, identity.ForUser("jane@example.com"), identity.ForGroup("platform"))
}

func (a arguer) workloads(environment string) []preset.Workload {
	var out []preset.Workload
	for i := range a.IntN(3) {
		w := preset.Workload{Account: fmt.Sprintf("account-%d", i)}
		if a.IntN(2) == 0 {
			w.ActsAs = fmt.Sprintf("%s-%d@my-project.iam.gserviceaccount.com", environment, i)
		}
		out = append(out, w)
	}
	return out
}

func (a arguer) environment() preset.Cluster {
	return preset.Cluster{Platform: a.platform(), Pool: a.pool(), Keepers: []rbacv1.Subject{
		{Kind: rbacv1.GroupKind, APIGroup: rbacv1.GroupName, Name: "system:masters"},
	}}
}

func (a arguer) staging() preset.StagingOptions {
	out := preset.StagingOptions{
		Cluster: a.environment(), Namespace: "staging-" + a.name(), Production: []string{a.name(), a.name()}, Workloads: a.workloads("staging"),
	}
	if a.IntN(2) == 0 {
		out.Budget = a.budget()
	}
	return out
}

func (a arguer) production() preset.ProductionOptions {
	return preset.ProductionOptions{
		Cluster: a.environment(), Namespace: "prod-" + a.name(), Class: a.name(), Priority: pick(a, 0, 1, 1000, quota.HighestPriority), Workloads: a.workloads("production"),
	}
}
