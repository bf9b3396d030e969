// SPDX-License-Identifier: Apache-2.0

package rbac

import "slices"

// changingEdges change what belongs to others in a namespace, and the halves of what
// leads further only together.
func changingEdges() []edge {
	in := func(id, group, resource, text string, verbs ...string) edge {
		return edge{id: id, group: group, resource: resource, verbs: verbs, text: text}
	}
	const (
		steers   = "send what connects to its Services elsewhere"
		reroutes = "send requests for its hosts elsewhere"
		// The strategies of both subresources keep what a request says of labels
		// (Kubernetes v1.37, pkg/registry/core/namespace/strategy.go).
		relabels = "change its labels, by which Pod Security and selectors of namespaces go"
	)
	out := []edge{
		in(Binds, groupRBAC, "rolebindings", "change who has which rights in it", writing()...),
		in(Escalates, groupRBAC, "roles", "change the rights that its roles give", writing()...),
		in(RelabelsNamespace, "", "namespaces", relabels, "update", "patch"),
		in(RelabelsNamespace, "", "namespaces/status", relabels, "update", "patch"),
		in(RelabelsNamespace, "", "namespaces/finalize", relabels, "update", "patch"),
		in(Disturbs, "", "namespaces", "delete it with all that is in it", "delete", "deletecollection"),
		in(MovesPods, "", "pods/eviction", "evict its pods", "create"),
		in(MovesPods, "", "pods/binding", "choose the nodes of its pods", "create"),
		in(MovesPods, "", "bindings", "choose the nodes of its pods", "create"),
		in(RedirectsServices, "", "services", steers, placing()...),
		in(RedirectsServices, "", "services/status", "give a Service the address of another, which nodes then send to it", "update", "patch"),
		in(RedirectsServices, "", "endpoints", steers, placing()...),
		in(RedirectsServices, "discovery.k8s.io", "endpointslices", steers, placing()...),
		in(RoutesTraffic, "networking.k8s.io", "ingresses", reroutes, placing()...),
		in(RoutesTraffic, groupGateway, "gateways", reroutes, placing()...),
		in(RoutesTraffic, groupGateway, "grpcroutes", reroutes, placing()...),
		in(RoutesTraffic, groupGateway, "httproutes", reroutes, placing()...),
		in(RoutesTraffic, groupGateway, "tlsroutes", reroutes, placing()...),
		in(RoutesTraffic, groupGateway, "referencegrants", "open its Services and volumes to routes and claims of other namespaces", placing()...),
		in(ChangesConfigMaps, "", "configmaps", "change the configuration of its pods", placing()...),
	}
	for i := range out {
		out[i].anywhere = out[i].resource == "services/status"
	}
	for group, resources := range podMakers() {
		for _, resource := range resources {
			out = append(out, in(Disturbs, group, resource, "delete what runs in it", "delete", "deletecollection"))
		}
	}
	out = append(out,
		in(Disturbs, "", "resourcequotas", "take away what it needs to run", writing()...),
		in(Disturbs, "", "limitranges", "take away what it needs to run", writing()...),
		in(Disturbs, "policy", "poddisruptionbudgets", "take away what keeps its pods running", writing()...),
		in(Disturbs, "coordination.k8s.io", "leases", "take locks that its controllers hold", writing()...),
		in(Disturbs, "networking.k8s.io", "networkpolicies", "open its pods to others, or close them", writing()...),
	)
	over := func(id, group, resource, text string) edge {
		return edge{id: id, group: group, resource: resource, verbs: writing(), cluster: true, text: text}
	}
	out = append(out,
		over(Binds, groupRBAC, "clusterrolebindings", "change who has which rights in every namespace"),
		over(Escalates, groupRBAC, "clusterroles", "change the rights that ClusterRoles give"),
		over(Disturbs, "scheduling.k8s.io", "priorityclasses", "change which pods go first"),
	)
	return slices.Concat(out, systemEdges(), parts())
}

// systemEdges change in the namespaces of Kubernetes itself what all others need.
func systemEdges() []edge {
	const (
		misleads = "change the addresses of the names that everybody looks up"
		dns      = "kube-dns"
	)
	in := func(id, group, resource, text, namespace string, verbs []string, names ...string) edge {
		return edge{id: id, group: group, resource: resource, text: text, verbs: verbs, in: namespace, names: names, anywhere: true}
	}
	return []edge{
		in(RedirectsServices, "", "configmaps", misleads, systemNamespace, placing(), "coredns", dns, "node-local-dns", "kube-proxy"),
		in(RedirectsServices, "", "services", misleads, systemNamespace, placing(), "coredns", dns),
		in(RedirectsServices, "", "endpoints", misleads, systemNamespace, placing(), "coredns", dns),
		in(RedirectsServices, "discovery.k8s.io", "endpointslices", misleads, systemNamespace, placing()),
		in(Disturbs, "coordination.k8s.io", "leases", "take the locks that Kubernetes' own controllers hold", systemNamespace, writing()),
		in(Disturbs, "coordination.k8s.io", "leases", "have nodes count as lost, and their pods deleted", "kube-node-lease", writing()),
	}
}

// The rights that only lead further together with others.
const (
	makesSecrets       = "create secrets"
	readsSecrets       = "get secrets"
	makesBindings      = "create rolebindings"
	changesBindings    = "update rolebindings"
	makesWideBindings  = "create clusterrolebindings"
	bindsRoles         = "bind roles"
	bindsClusterRoles  = "bind clusterroles"
	escalatesRoles     = "escalate roles"
	changesRoles       = "update roles"
	escalatesWide      = "escalate clusterroles"
	changesWideRoles   = "update clusterroles"
	joinsGroups        = "impersonate groups"
	actsAsUsers        = "impersonate users"
	actsAsAccounts     = "impersonate serviceaccounts"
	asksForCertificate = "create certificatesigningrequests"
	asksAsNode         = "create certificatesigningrequests/nodeclient"
	approves           = "update certificatesigningrequests/approval"
	approvesUsers      = "approve kubernetes.io/kube-apiserver-client"
	approvesNodes      = "approve kubernetes.io/kube-apiserver-client-kubelet"
)

// parts lead further only together; see joint and pool.
func parts() []edge {
	of := func(id, group, resource string, verbs ...string) edge {
		return edge{id: id, group: group, resource: resource, verbs: verbs, gain: part}
	}
	over := func(id, group, resource string, verbs ...string) edge {
		e := of(id, group, resource, verbs...)
		e.cluster = true
		return e
	}
	approving := func(id, signer string) edge {
		e := over(id, groupCertificates, "signers", "approve")
		e.names = []string{signer, "kubernetes.io/*"}
		return e
	}
	const requests = "certificatesigningrequests"
	return slices.Concat([]edge{
		of(makesSecrets, "", "secrets", "create"),
		of(readsSecrets, "", "secrets", reading()...),
		of(makesBindings, groupRBAC, "rolebindings", "create"),
		of(changesBindings, groupRBAC, "rolebindings", "update", "patch"),
		of(bindsRoles, groupRBAC, "roles", "bind"),
		of(bindsClusterRoles, groupRBAC, "clusterroles", "bind"),
		of(escalatesRoles, groupRBAC, "roles", "escalate"),
		of(changesRoles, groupRBAC, "roles", "update", "patch"),
		over(makesWideBindings, groupRBAC, "clusterrolebindings", "create"),
		over(escalatesWide, groupRBAC, "clusterroles", "escalate"),
		over(changesWideRoles, groupRBAC, "clusterroles", "update", "patch"),
		over(joinsGroups, "", "groups", "impersonate"),
		over(actsAsUsers, "", "users", "impersonate"),
		of(actsAsAccounts, "", "serviceaccounts", "impersonate"),
		over(asksForCertificate, groupCertificates, requests, "create"),
		over(asksAsNode, groupCertificates, requests+"/nodeclient", "create"),
		over(approves, groupCertificates, requests+"/approval", "update", "patch"),
		approving(approvesUsers, "kubernetes.io/kube-apiserver-client"),
		approving(approvesNodes, "kubernetes.io/kube-apiserver-client-kubelet"),
	}, constrainedEdges())
}
