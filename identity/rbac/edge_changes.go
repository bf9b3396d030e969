// SPDX-License-Identifier: Apache-2.0

package rbac

// changingEdges change what belongs to others in a namespace, and the halves of what
// leads further only together.
func changingEdges() []edge {
	in := func(id, group, resource, text string, verbs ...string) edge {
		return edge{id: id, group: group, resource: resource, verbs: verbs, text: text}
	}
	const steers = "send what connects to its Services elsewhere"
	out := []edge{
		in(Binds, groupRBAC, "rolebindings", "change who has which rights in it", writing()...),
		in(Escalates, groupRBAC, "roles", "change the rights that its roles give", writing()...),
		in(RelabelsNamespace, "", "namespaces", "change its labels, by which Pod Security and selectors of namespaces go", "update", "patch"),
		in(Disturbs, "", "namespaces", "delete it with all that is in it", "delete", "deletecollection"),
		in(MovesPods, "", "pods/eviction", "evict its pods", "create"),
		in(MovesPods, "", "pods/binding", "choose the nodes of its pods", "create"),
		in(MovesPods, "", "bindings", "choose the nodes of its pods", "create"),
		in(RedirectsServices, "", "services", steers, placing()...),
		in(RedirectsServices, "", "services/status", "give a Service the address of another, which nodes then send to it", "update", "patch"),
		in(RedirectsServices, "", "endpoints", steers, placing()...),
		in(RedirectsServices, "discovery.k8s.io", "endpointslices", steers, placing()...),
		in(RoutesTraffic, "networking.k8s.io", "ingresses", "send requests for its hosts elsewhere", placing()...),
		in(RoutesTraffic, "gateway.networking.k8s.io", "httproutes", "send requests for its hosts elsewhere", placing()...),
		in(RoutesTraffic, "gateway.networking.k8s.io", "gateways", "send requests for its hosts elsewhere", placing()...),
		in(RoutesTraffic, "gateway.networking.k8s.io", "referencegrants", "open its Services and volumes to routes and claims of other namespaces", placing()...),
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
		edge{
			id: RedirectsServices, resource: "configmaps", verbs: placing(), in: systemNamespace, anywhere: true,
			names: []string{"coredns", "kube-dns", "node-local-dns", "kube-proxy"}, text: "change the addresses of the names that everybody looks up",
		},
	)
	return append(out, parts()...)
}

// parts lead further only together; see joint.
func parts() []edge {
	of := func(group, resource string, verbs ...string) edge {
		return edge{group: group, resource: resource, verbs: verbs, gain: part}
	}
	over := func(group, resource string, verbs ...string) edge {
		e := of(group, resource, verbs...)
		e.cluster = true
		return e
	}
	approve := over(groupCertificates, "signers", "approve")
	approve.names = []string{"kubernetes.io/kube-apiserver-client", "kubernetes.io/*"}
	return []edge{
		of("", "secrets", "create"),
		of("", "secrets", "get", "list", "watch"),
		of(groupRBAC, "rolebindings", "create"),
		of(groupRBAC, "roles", "bind"),
		of(groupRBAC, "clusterroles", "bind"),
		of(groupRBAC, "roles", "escalate"),
		of(groupRBAC, "roles", "create", "update", "patch"),
		over(groupRBAC, "clusterrolebindings", "create"),
		over(groupRBAC, "clusterroles", "escalate"),
		over(groupRBAC, "clusterroles", "update", "patch"),
		over("", "groups", "impersonate"),
		over("", "users", "impersonate"),
		of("", "serviceaccounts", "impersonate"),
		over(groupCertificates, "certificatesigningrequests", "create"),
		over(groupCertificates, "certificatesigningrequests/approval", "update", "patch"),
		approve,
	}
}
