// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

const (
	prodPrincipal = "principal://" + poolPath + "/subject/ns/prod/sa/app"
	otherCluster  = "//container.googleapis.com/projects/shared-p/locations/l/clusters/test"
)

func grant(name, role, member string, conditions ...string) func(*world) {
	return func(w *world) { w.bind(name, role, member, conditions...) }
}

// Who the pods of staging are: the cases 1 to 13 of workload identity on GKE.
func TestWorkloadIdentity(t *testing.T) {
	run(t, map[string]edited{
		"the policy of the organization is not there": {
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(org).Policy = nil },
			after:  bulkhead.Undetermined, lacks: "the allow policy of " + org,
		},
		"the policy of the folder is not there": {
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(folder).Policy = nil },
			after:  bulkhead.Undetermined, lacks: "the allow policy of " + folder,
		},
		"all in the project is there, but not its own policy": {
			given: func(w *world) { w.at(prodData).Whole = true }, before: bulkhead.Sealed,
			edit:  func(w *world) { w.at(prodData).Policy = nil },
			after: bulkhead.Undetermined, lacks: "the allow policy of " + prodData,
		},
		"nothing is said of what is above the folder": {
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(folder).Ancestors = nil },
			after:  bulkhead.Undetermined, lacks: "what is above " + folder,
		},
		"staging may take the tokens of production's account, which no annotation names": {
			before: bulkhead.Sealed,
			edit:   grant(prodName, wiUser, "serviceAccount:"+pool+"[staging/app]"),
			after:  bulkhead.Breached, rule: gcp.ActsAs,
		},
		"the same for the default account of the namespace": {
			before: bulkhead.Sealed,
			edit:   grant(prodName, wiUser, "serviceAccount:"+pool+"[staging/default]"),
			after:  bulkhead.Breached, rule: gcp.ActsAs,
		},
		"the same for the namespace as a set": {
			before: bulkhead.Sealed,
			edit:   grant(prodName, wiUser, "principalSet://"+poolPath+"/namespace/staging"),
			after:  bulkhead.Breached, rule: gcp.ActsAs,
		},
		"the policy of production's account is not there": {
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(prodName).Policy = nil },
			after:  bulkhead.Undetermined, lacks: "the allow policy of " + prodName,
		},
		"the policy of an account that reaches nothing is not there": {
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(nodeName).Policy = nil },
			after:  bulkhead.Sealed,
		},
		"production's data is for the namespace of production": {
			before: bulkhead.Sealed,
			edit:   grant(prodData, sqlClient, "principalSet://"+poolPath+"/namespace/prod"),
			after:  bulkhead.Sealed,
		},
		"production's data is for the namespace of staging": {
			before: bulkhead.Sealed,
			edit:   grant(prodData, sqlClient, "principalSet://"+poolPath+"/namespace/staging"),
			after:  bulkhead.Breached, rule: gcp.Granted,
		},
		"production's data is for the cluster": {
			before: bulkhead.Sealed,
			edit:   grant(prodData, sqlClient, "principalSet://"+poolPath+"/kubernetes.cluster/https://container.googleapis.com/v1/projects/shared-p/locations/l/clusters/c"),
			after:  bulkhead.Breached, rule: gcp.ClusterWide,
		},
		"production's data is for another cluster": {
			before: bulkhead.Sealed,
			edit:   grant(prodData, sqlClient, "principalSet://"+poolPath+"/kubernetes.cluster/https://container.googleapis.com/v1/projects/shared-p/locations/l/clusters/d"),
			after:  bulkhead.Sealed,
		},
		"production's data is for the pool": {
			before: bulkhead.Sealed,
			edit:   grant(prodData, sqlClient, "principalSet://"+poolPath+"/*"),
			after:  bulkhead.Breached, rule: gcp.ClusterWide,
		},
		"a principal of the pool has the number of another project": {
			before: bulkhead.Sealed,
			edit:   grant(prodData, sqlClient, "principalSet://iam.googleapis.com/projects/222/locations/global/workloadIdentityPools/"+pool+"/*"),
			after:  bulkhead.Undetermined, lacks: "which is the number of the project in " + pool,
		},
		"the account is known by its UID alone": {
			before: bulkhead.Sealed,
			edit:   grant(prodData, sqlClient, "principal://"+poolPath+"/kubernetes.serviceaccount.uid/1234"),
			after:  bulkhead.Undetermined, lacks: "the UID of the workload",
		},
		"nobody says which clusters share the pool": {
			given: grant(prodData, sqlClient, prodPrincipal), before: bulkhead.Sealed,
			edit:  func(w *world) { w.Pools = nil },
			after: bulkhead.Undetermined, lacks: "which clusters share the pool " + pool,
		},
		"another cluster of the pool lets staging make namespaces": {
			given: func(w *world) {
				w.bind(prodData, sqlClient, prodPrincipal)
				w.at(otherCluster).Cluster = &gcp.Cluster{Pool: pool, Open: identity.No}
			},
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(otherCluster).Cluster.Open = identity.Yes },
			after:  bulkhead.Breached, rule: gcp.SharedPool,
		},
		"nobody says whether another cluster of the pool lets staging make namespaces": {
			given: func(w *world) {
				w.bind(prodData, sqlClient, prodPrincipal)
				w.at(otherCluster).Cluster = &gcp.Cluster{Pool: pool, Open: identity.No}
			},
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(otherCluster).Cluster.Open = identity.Unknown },
			after:  bulkhead.Undetermined, lacks: "whether staging may make namespaces in " + otherCluster,
		},
		"a condition on the provider does not make up for clusters that nobody lists": {
			given: func(w *world) {
				w.bind(prodData, sqlClient, prodPrincipal, "request.auth.claims.google.providerId == 'c'")
				w.Conditions = decides{}
			},
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.Pools = nil },
			after:  bulkhead.Undetermined, lacks: "a tag, for the condition request.auth.claims.google.providerId",
		},
		"pods use the network of nodes whose account is an editor of the data": {
			given:  func(w *world) { w.bind(prodData, "roles/editor", "serviceAccount:"+nodeSA) },
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.subjects[0].HostNetwork = identity.Yes },
			after:  bulkhead.Breached, rule: gcp.NodeAccount,
		},
		"nobody says whether pods use the network of nodes": {
			given:  func(w *world) { w.bind(prodData, "roles/editor", "serviceAccount:"+nodeSA) },
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.subjects[0].HostNetwork = identity.Unknown },
			after:  bulkhead.Undetermined, lacks: "whether pods may use the host network",
		},
		"nodes without the metadata server have the default account, an editor of the data": {
			given: func(w *world) {
				w.bind(prodData, "roles/editor", "serviceAccount:111-compute@developer.gserviceaccount.com")
				w.at("//iam.googleapis.com/projects/shared-p/serviceAccounts/111-compute@developer.gserviceaccount.com").Policy = &gcp.Policy{}
			},
			before: bulkhead.Sealed,
			edit: func(w *world) {
				w.at(cluster).Cluster.NodePools = append(w.at(cluster).Cluster.NodePools, gcp.NodePool{Name: "old", Metadata: "GCE_METADATA"})
			},
			after: bulkhead.Breached, rule: gcp.NodeAccount,
		},
		"nodes without the metadata server write logs and nothing else": {
			given: func(w *world) {
				w.bind(prodData, "roles/container.defaultNodeServiceAccount", "serviceAccount:"+nodeSA)
			},
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(cluster).Cluster.NodePools[0].Metadata = "GCE_METADATA" },
			after:  bulkhead.Sealed,
		},
		"pods are kept off the nodes without the metadata server": {
			given: func(w *world) {
				w.bind(prodData, "roles/editor", "serviceAccount:"+nodeSA)
				w.at(cluster).Cluster.NodePools[0].Metadata = ""
				w.at(cluster).Cluster.NodePools = append(w.at(cluster).Cluster.NodePools, gcp.NodePool{Name: "new", Metadata: "GKE_METADATA"})
			},
			before: bulkhead.Breached,
			edit:   func(w *world) { w.subjects[0].NodePools = []string{"new"} },
			after:  bulkhead.Sealed,
		},
		"pods are kept on nodes that are not there": {
			given:  func(w *world) { w.bind(prodData, "roles/editor", "serviceAccount:"+nodeSA) },
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.subjects[0].NodePools = []string{"typo"} },
			after:  bulkhead.Undetermined, lacks: "the node pool typo",
		},
		"an Autopilot cluster has no pods that are their node": {
			given: func(w *world) {
				w.bind(prodData, "roles/editor", "serviceAccount:"+nodeSA)
				w.subjects[0].HostNetwork = identity.Yes
			},
			before: bulkhead.Breached,
			edit:   func(w *world) { w.at(cluster).Cluster.Autopilot = true },
			after:  bulkhead.Sealed,
		},
		"the cluster is in a fleet, and has its pool": {
			given: func(w *world) {
				w.bind(prodData, sqlClient, "principalSet://iam.googleapis.com/projects/333/locations/global/workloadIdentityPools/fleet-p.svc.id.goog/namespace/staging")
				fleet := w.at("//cloudresourcemanager.googleapis.com/projects/fleet-p")
				fleet.Number, fleet.Ancestors, fleet.Policy = 333, []string{folder}, &gcp.Policy{}
			},
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(cluster).Cluster.Pool = "fleet-p.svc.id.goog" },
			after:  bulkhead.Breached,
		},
		"nobody says what nodes the cluster has": {
			before: bulkhead.Sealed,
			edit:   func(w *world) { w.at(cluster).Cluster = nil },
			after:  bulkhead.Undetermined, lacks: "the node pools of " + cluster,
		},
	})
}
