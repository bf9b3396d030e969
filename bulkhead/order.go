// SPDX-License-Identifier: Apache-2.0

package bulkhead

import (
	"cmp"
	"slices"
)

// inApplyOrder sorts objects of which no two have the same name.
func inApplyOrder(objs []Object) []Object {
	type entry struct {
		rank int
		ref  Ref
		obj  Object
	}
	entries := make([]entry, len(objs))
	for i, obj := range objs {
		ref := RefTo(obj)
		entries[i] = entry{applyRank(ref), ref, obj}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), a.ref.Compare(b.ref))
	})
	out := make([]Object, len(entries))
	for i, e := range entries {
		out[i] = e.obj
	}
	return out
}

// applyRank orders kinds: what others refer to comes before them, what confines
// a namespace comes before what runs in it, and an admission policy before the
// binding that switches it on. Kinds that are not listed come last, with the
// workloads, since an unknown kind may start pods. The group counts: a Service
// of another group may run a workload.
func applyRank(ref Ref) int {
	const (
		admission     = "admissionregistration.k8s.io"
		apiExtensions = "apiextensions.k8s.io"
		networking    = "networking.k8s.io"
		networkPolicy = "policy.networking.k8s.io"
		rbac          = "rbac.authorization.k8s.io"
		scheduling    = "scheduling.k8s.io"
		storage       = "storage.k8s.io"
	)
	order := [...]Ref{
		{Kind: "Namespace"},
		{Group: apiExtensions, Kind: "CustomResourceDefinition"},
		{Group: scheduling, Kind: "PriorityClass"},
		{Group: admission, Kind: "ValidatingAdmissionPolicy"},
		{Group: admission, Kind: "ValidatingAdmissionPolicyBinding"},
		{Group: admission, Kind: "MutatingAdmissionPolicy"},
		{Group: admission, Kind: "MutatingAdmissionPolicyBinding"},
		{Group: networkPolicy, Kind: "ClusterNetworkPolicy"},
		{Group: networkPolicy, Kind: "AdminNetworkPolicy"},
		{Group: networkPolicy, Kind: "BaselineAdminNetworkPolicy"},
		{Group: networking, Kind: "NetworkPolicy"},
		{Kind: "ResourceQuota"},
		{Kind: "LimitRange"},
		{Kind: "ServiceAccount"},
		{Group: rbac, Kind: "ClusterRole"},
		{Group: rbac, Kind: "Role"},
		{Group: rbac, Kind: "ClusterRoleBinding"},
		{Group: rbac, Kind: "RoleBinding"},
		{Kind: "Secret"},
		{Kind: "ConfigMap"},
		{Group: storage, Kind: "StorageClass"},
		{Kind: "PersistentVolume"},
		{Kind: "PersistentVolumeClaim"},
		{Kind: "Service"},
		{Group: "policy", Kind: "PodDisruptionBudget"},
	}
	if i := slices.Index(order[:], Ref{Group: ref.Group, Kind: ref.Kind}); i >= 0 {
		return i
	}
	return len(order)
}
