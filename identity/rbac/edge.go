// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"cmp"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// An edge is a kind of request that leads further than its words.
type edge struct {
	id              string
	group, resource string
	verbs           []string
	gain            gain
	text            string // what it is good for, behind "lets it VERB RESOURCE: "
	// cluster says that the resource is in no namespace, so that a RoleBinding does
	// not give it.
	cluster bool
	// in is the only namespace where it leads anywhere.
	in string
	// names are those with which a rule limited to names leads anywhere; without any,
	// all do.
	names []string
	// anywhere says that it is across every boundary, also in a namespace of the side.
	anywhere bool
	// rank orders edges, the worst first.
	rank int
	// until is the first minor version in which it leads nowhere, and since the first in
	// which it leads anywhere, if not all do.
	since, until int
}

// A gain is what an edge gives beside the right itself.
type gain int

const (
	nothing          gain = iota
	everything            // of the cluster
	anyAccount            // of the namespace: to act as it
	namedAccount          // to act as the one that the name of the object is, or any
	runningAs             // to act as the account of the pod or workload of that name, or any
	secretTokens          // to act as the accounts whose tokens Secrets hold
	mappedIdentities      // everything, where identities of a cloud are mapped
	part                  // of what only leads further together with others; see joint.go and pool.go
)

// heedsNames reports whether it matters to which names a rule is limited. Of what does
// not one rule is as good as another.
func (e *edge) heedsNames() bool {
	return e.gain == namedAccount || e.gain == runningAs || e.gain == secretTokens || e.gain == part || e.ofNamespaces()
}

// any reports whether it is whatever no other edge is about.
func (e *edge) any() bool { return e.id == ChangesObjects || e.id == ChangesCluster }

// ofNamespaces reports whether the names of what it is about are those of namespaces.
func (e *edge) ofNamespaces() bool {
	return e.group == "" && (e.resource == "namespaces" || strings.HasPrefix(e.resource, "namespaces/"))
}

// edges lists all, the worst first. Where a resource gives several powers to several
// verbs there are several.
func edges() []edge {
	return slices.Concat(clusterEdges(), accountEdges(), readingEdges(), changingEdges())
}

func placing() []string { return []string{"create", "update", "patch"} }
func reading() []string { return []string{"get", "list", "watch"} }

func writing() []string {
	return []string{"create", "update", "patch", "delete", "deletecollection"}
}

const (
	groupAdmission    = "admissionregistration.k8s.io"
	groupCertificates = "certificates.k8s.io"
	groupSnapshots    = "snapshot.storage.k8s.io"
	groupGateway      = "gateway.networking.k8s.io"
	groupRBAC         = rbacv1.GroupName
)

// clusterEdges make masters of the whole cluster.
func clusterEdges() []edge {
	const sees = "see and change every object that anybody writes"
	over := func(id, group, resource, text string, verbs ...string) edge {
		return edge{id: id, group: group, resource: resource, verbs: verbs, gain: everything, text: text, cluster: true}
	}
	out := []edge{
		over(Impersonates, "", "users", "act as any user", "impersonate"),
		over(ReachesKubelets, "", "nodes/proxy", "run commands in every pod of every node, through the kubelet", "get", "create", "update", "patch", "delete"),
		over(Intercepts, groupAdmission, "mutatingwebhookconfigurations", sees, placing()...),
		over(Intercepts, groupAdmission, "mutatingadmissionpolicies", sees, placing()...),
		over(Intercepts, groupAdmission, "mutatingadmissionpolicybindings", sees, placing()...),
		over(Intercepts, groupAdmission, "validatingwebhookconfigurations", "see every object that anybody writes, Secrets included", placing()...),
		over(Intercepts, "apiregistration.k8s.io", "apiservices", "answer requests to an API group in the place of its server", placing()...),
		over(Intercepts, "apiextensions.k8s.io", "customresourcedefinitions", "see and change custom resources of everybody as they are converted", placing()...),
	}
	out[0].gain = namedAccount
	for _, resource := range []string{"validatingadmissionpolicies", "validatingadmissionpolicybindings", "validatingwebhookconfigurations"} {
		e := over(LiftsPolicies, groupAdmission, resource, "lift what holds namespaces in", "update", "patch", "delete", "deletecollection")
		e.gain = nothing
		out = append(out, e)
	}
	for _, e := range []edge{
		over(MakesVolumes, "", "persistentvolumes", "mount the disk of any node, or any disk that the storage has", placing()...),
		over(MakesVolumes, groupSnapshots, "volumesnapshotcontents", "restore any snapshot that the storage has", placing()...),
		over(MovesPods, "", "nodes", "draw pods of others to a node, or off it", "update", "patch", "delete", "deletecollection"),
		over(MovesPods, "", "nodes/status", "draw pods of others to a node, or off it", "update", "patch"),
	} {
		e.gain = nothing
		out = append(out, e)
	}
	return append(out, edge{
		id: MapsIdentities, resource: "configmaps", verbs: placing(), gain: mappedIdentities, in: systemNamespace, names: []string{"aws-auth"},
		text: "make an identity of the cloud an administrator of the cluster, where it maps identities there (Amazon EKS)",
	})
}

// accountEdges make the sender somebody else in a namespace.
func accountEdges() []edge {
	const (
		runs     = "run pods as any of its ServiceAccounts"
		alters   = "put other images and commands into its pods, which run as their ServiceAccounts"
		commands = "run commands in its pods, as their ServiceAccounts"
	)
	in := func(id, group, resource, text string, g gain, verbs ...string) edge {
		return edge{id: id, group: group, resource: resource, verbs: verbs, gain: g, text: text}
	}
	var out []edge
	for group, resources := range podMakers() {
		for _, resource := range resources {
			out = append(out, in(RunsPods, group, resource, runs, anyAccount, "create"))
			out = append(out, in(ChangesWorkloads, group, resource, alters, runningAs, "update", "patch"))
		}
	}
	slices.SortFunc(out, func(a, b edge) int { return cmp.Compare(a.id+a.group+a.resource, b.id+b.group+b.resource) })
	slices.Reverse(out) // who runs pods need not change any
	out = append(out,
		in(RunsCommands, "", "pods/exec", commands, runningAs, "create"),
		in(RunsCommands, "", "pods/attach", "type into its pods, as their ServiceAccounts", runningAs, "create"),
		in(RunsCommands, "", "pods/ephemeralcontainers", "add containers to its pods, which run as their ServiceAccounts", runningAs, "update", "patch"),
		in(RequestsTokens, "", "serviceaccounts/token", "make tokens of its ServiceAccounts", namedAccount, "create"),
		in(Impersonates, "", "serviceaccounts", "act as its ServiceAccounts", namedAccount, "impersonate"),
	)
	for _, e := range []edge{ // over a websocket, which begins with a GET
		in(RunsCommands, "", "pods/exec", commands, runningAs, "get"),
		in(RunsCommands, "", "pods/attach", "type into its pods, as their ServiceAccounts", runningAs, "get"),
		in(Connects, "", "pods/portforward", "connect to its pods", nothing, "get"),
	} {
		e.until = 35
		out = append(out, e)
	}
	return out
}

// podMakers are the kinds that run pods with a service account of their namespace, by
// API group: those of Kubernetes and of operators that many clusters have.
func podMakers() map[string][]string {
	return map[string][]string{
		"":                     {"pods", "replicationcontrollers"},
		"apps":                 {"daemonsets", "deployments", "replicasets", "statefulsets"},
		"argoproj.io":          {"cronworkflows", "rollouts", "workflows"},
		"batch":                {"cronjobs", "jobs"},
		"batch.volcano.sh":     {"jobs"},
		"kubeflow.org":         {"mpijobs", "notebooks", "pytorchjobs", "tfjobs"},
		"kubevirt.io":          {"virtualmachineinstances", "virtualmachines"},
		"ray.io":               {"rayclusters", "rayjobs", "rayservices"},
		"serving.knative.dev":  {"configurations", "services"},
		"sparkoperator.k8s.io": {"scheduledsparkapplications", "sparkapplications"},
		"tekton.dev":           {"customruns", "pipelineruns", "taskruns"},
	}
}

// readingEdges show what nobody else may see.
func readingEdges() []edge {
	in := func(id, resource, text string, g gain, verbs ...string) edge {
		return edge{id: id, resource: resource, verbs: verbs, gain: g, text: text}
	}
	return []edge{
		in(ReadsSecrets, "secrets", "read its Secrets", secretTokens, reading()...),
		in(ReadsConfigMaps, "configmaps", "read its ConfigMaps", nothing, reading()...),
		in(ReadsLogs, "pods/log", "read the logs of its pods", nothing, "get"),
		in(Connects, "pods/portforward", "connect to its pods", nothing, "create"),
		in(Connects, "pods/proxy", "send requests to its pods", nothing, "get", "create", "update", "patch", "delete"),
		in(Connects, "services/proxy", "send requests to its Services", nothing, "get", "create", "update", "patch", "delete"),
		{id: ReadsLogs, resource: "nodes/log", verbs: []string{"get"}, cluster: true, text: "read the logs of nodes"},
		{id: ReadsSecrets, resource: "nodes/checkpoint", verbs: []string{"create"}, cluster: true, text: "write the memory of any container to the disk of its node"},
	}
}
