// SPDX-License-Identifier: Apache-2.0

package identity

import rbacv1 "k8s.io/api/rbac/v1"

// API groups whose resources give more than they say.
const (
	groupAdmission    = "admissionregistration.k8s.io"
	groupAPIServices  = "apiregistration.k8s.io"
	groupApps         = "apps"
	groupBatch        = "batch"
	groupCertificates = "certificates.k8s.io"
	groupCore         = ""
	groupNetworking   = "networking.k8s.io"
)

func reading() []string { return []string{"get", "list", "watch"} }

func placing() []string { return []string{"create", "update", "patch"} }

func changing() []string { return []string{"delete", "deletecollection", "update", "patch"} }

// clusterPowers make a subject master of the whole cluster, since what they are
// about belongs to no namespace.
func clusterPowers() []power {
	const (
		readsRequests = "see and change every object that is written to the cluster, Secrets included"
		liftsPolicies = "lift the admission policies that hold every namespace in"
	)
	return []power{
		{groupCore, "nodes/proxy", []string{"get", "create", "update", "patch", "delete"}, "run commands in every pod of every node, through the kubelet"},
		{groupCore, "users", []string{"impersonate"}, "act as any user"},
		{groupCore, "groups", []string{"impersonate"}, "act as a member of any group, system:masters included"},
		{groupCore, "persistentvolumes", []string{"create"}, "mount the disk of any node into a pod, where Pod Security does not look"},
		{groupCertificates, "signers", []string{"approve"}, "approve a certificate that logs in as any user"},
		{groupAdmission, "mutatingwebhookconfigurations", placing(), readsRequests},
		{groupAdmission, "validatingwebhookconfigurations", placing(), "see every object that is written to the cluster, Secrets included"},
		{groupAdmission, "mutatingadmissionpolicies", placing(), readsRequests},
		{groupAdmission, "mutatingadmissionpolicybindings", placing(), readsRequests},
		{groupAdmission, "validatingadmissionpolicies", changing(), liftsPolicies},
		{groupAdmission, "validatingadmissionpolicybindings", changing(), liftsPolicies},
		{groupAPIServices, "apiservices", placing(), "answer requests to an API group in the place of its server"},
	}
}

// accountPowers make a subject, in a namespace, any of its service accounts.
func accountPowers() []power {
	const runs = "run pods as any service account"
	out := []power{
		{groupCore, "pods", []string{"create"}, runs},
		{groupCore, "pods", []string{"update", "patch"}, "put images of its own into any pod, as its service account"},
		{groupCore, "replicationcontrollers", placing(), runs},
		{groupCore, "pods/exec", []string{"create"}, "run commands in any pod as its service account"},
		{groupCore, "pods/attach", []string{"create"}, "type into any pod as its service account"},
		{groupCore, "pods/ephemeralcontainers", []string{"update", "patch"}, "add a container to any pod as its service account"},
		{groupCore, "serviceaccounts/token", []string{"create"}, "make tokens of any service account"},
		{groupCore, "serviceaccounts", []string{"impersonate"}, "act as any service account"},
	}
	for _, resource := range []string{"daemonsets", "deployments", "replicasets", "statefulsets"} {
		out = append(out, power{groupApps, resource, placing(), runs})
	}
	for _, resource := range []string{"cronjobs", "jobs"} {
		out = append(out, power{groupBatch, resource, placing(), runs})
	}
	return out
}

// secretPowers show credentials, tokens of service accounts among them.
func secretPowers() []power {
	return []power{{groupCore, "secrets", reading(), "read every Secret"}}
}

// rolePowers let a subject write rights that it lacks.
func rolePowers() []power {
	const (
		writes = "write into roles what it may not do itself"
		binds  = "bind roles that give more than it has"
	)
	return []power{
		{rbacv1.GroupName, "roles", []string{"escalate"}, writes},
		{rbacv1.GroupName, "clusterroles", []string{"escalate"}, writes},
		{rbacv1.GroupName, "roles", []string{"bind"}, binds},
		{rbacv1.GroupName, "clusterroles", []string{"bind"}, binds},
	}
}

// namespacePowers are over namespaces themselves: a request about one is made in it,
// so that a role of the namespace may give them.
func namespacePowers() []power {
	return []power{{groupCore, "namespaces", []string{"update", "patch"}, "change its labels"}}
}

// guardPowers are over what holds a namespace in.
func guardPowers() []power {
	return []power{
		{groupNetworking, "networkpolicies", append(changing(), "create"), "NetworkPolicy"},
		{groupCore, "resourcequotas", changing(), "ResourceQuota"},
		{groupCore, "limitranges", changing(), "LimitRange"},
	}
}
