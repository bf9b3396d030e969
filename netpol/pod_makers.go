// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// podMakers returns the namespaces in which roles of the set let programs make pods
// through the API, or relabel those that are there: hubs that start a server for
// each user, runners of builds and workflows, operators. Everywhere says that some
// role lets them do so in all namespaces.
func podMakers(objs []bulkhead.Object) (namespaces map[string]bool, everywhere bool) {
	namespaces = make(map[string]bool)
	for role := range bulkhead.Each[*rbacv1.Role](objs) {
		// Not asked who is bound to it: the binding may be elsewhere.
		if anyMakesPods(role.Rules) {
			namespaces[role.Namespace] = true
		}
	}
	cluster := clusterRolesOfPodMakers(objs)
	for binding := range bulkhead.Each[*rbacv1.RoleBinding](objs) {
		if binding.RoleRef.Kind == "ClusterRole" && cluster[binding.RoleRef.Name] && bindsProgram(binding.Subjects) {
			namespaces[binding.Namespace] = true
		}
	}
	for binding := range bulkhead.Each[*rbacv1.ClusterRoleBinding](objs) {
		everywhere = everywhere || cluster[binding.RoleRef.Name] && bindsProgram(binding.Subjects)
	}
	return namespaces, everywhere
}

// clusterRolesOfPodMakers returns the ClusterRoles that let somebody make pods:
// those of the set, and of those that every cluster has the ones that people are
// given (Kubernetes documentation, "Using RBAC Authorization", "User-facing roles").
// What an aggregated one holds is not in its manifest.
func clusterRolesOfPodMakers(objs []bulkhead.Object) map[string]bool {
	out := map[string]bool{"cluster-admin": true, "admin": true, "edit": true}
	for role := range bulkhead.Each[*rbacv1.ClusterRole](objs) {
		if role.AggregationRule != nil || anyMakesPods(role.Rules) {
			out[role.Name] = true
		}
	}
	return out
}

func anyMakesPods(rules []rbacv1.PolicyRule) bool { return slices.ContainsFunc(rules, makesPods) }

// makesPods reports whether a rule lets somebody create pods or what starts them,
// or change the labels of pods.
func makesPods(rule rbacv1.PolicyRule) bool {
	may := func(verbs ...string) bool {
		return slices.ContainsFunc(verbs, func(verb string) bool { return slices.Contains(rule.Verbs, verb) })
	}
	about := func(group string, resources ...string) bool {
		inGroup := slices.Contains(rule.APIGroups, group) || slices.Contains(rule.APIGroups, rbacv1.APIGroupAll)
		return inGroup && slices.ContainsFunc(append(resources, rbacv1.ResourceAll), func(resource string) bool {
			return slices.Contains(rule.Resources, resource)
		})
	}
	starts := about(corev1.GroupName, "pods", "replicationcontrollers") ||
		about("apps", "deployments", "statefulsets", "daemonsets", "replicasets") ||
		about("batch", "jobs", "cronjobs")
	return starts && may("create", rbacv1.VerbAll) || about(corev1.GroupName, "pods") && may("update", "patch")
}

// bindsProgram reports whether a ServiceAccount, or a group of them, is among the
// subjects of a binding.
func bindsProgram(subjects []rbacv1.Subject) bool {
	return slices.ContainsFunc(subjects, func(s rbacv1.Subject) bool {
		return s.Kind == rbacv1.ServiceAccountKind || s.Kind == rbacv1.GroupKind && strings.HasPrefix(s.Name, "system:serviceaccounts") ||
			s.Kind == rbacv1.UserKind && strings.HasPrefix(s.Name, "system:serviceaccount:")
	})
}
