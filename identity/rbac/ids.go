// SPDX-License-Identifier: Apache-2.0

package rbac

// What a path across the boundary ends in: the Rule of a breach, from the worst. They
// are stable.
const (
	Admin             = "rbac/admin"              // everything, in a namespace or in all
	Escalates         = "rbac/escalates"          // roles are written that give more than their writer has
	Binds             = "rbac/binds"              // roles are bound that give more than their binder has
	Impersonates      = "rbac/impersonates"       // somebody else's name stands on the request
	SignsCertificates = "rbac/signs-certificates" // client certificates are approved
	ActsAsNode        = "rbac/acts-as-node"       // the identity of a node has what the pods there may have
	ReachesKubelets   = "rbac/reaches-kubelets"   // the API of kubelets runs commands in every pod
	MapsIdentities    = "rbac/maps-identities"    // identities of a cloud become users of the cluster
	Intercepts        = "rbac/intercepts"         // objects of others are seen or changed as they are written
	LiftsPolicies     = "rbac/lifts-policies"     // admission policies are lifted that hold namespaces in
	PrivilegedPods    = "rbac/privileged-pods"    // pods take over a node that both sides share
	MakesVolumes      = "rbac/makes-volumes"      // disks of nodes or of others are mounted
	RunsPods          = "rbac/runs-pods"          // pods run as any service account of a namespace
	ChangesWorkloads  = "rbac/changes-workloads"  // pods that run get other images or commands
	RunsCommands      = "rbac/runs-commands"      // commands run in others' containers, or containers beside them
	RequestsTokens    = "rbac/requests-tokens"    // tokens of service accounts are made
	ReadsSecrets      = "rbac/reads-secrets"
	ReadsConfigMaps   = "rbac/reads-configmaps"
	ReadsLogs         = "rbac/reads-logs"
	Connects          = "rbac/connects" // connections to pods and Services, through the API server
	MovesPods         = "rbac/moves-pods"
	RelabelsNamespace = "rbac/relabels-namespace" // labels that Pod Security and selectors of namespaces go by
	RedirectsServices = "rbac/redirects-services" // what others connect to is somebody else
	RoutesTraffic     = "rbac/routes-traffic"     // requests for a host, or to a Service, go another way
	ForeignSecrets    = "rbac/foreign-secrets"    // an operator reads Secrets of others for whoever asks it
	Deputies          = "rbac/deputies"           // a controller does with its own rights what its resources say
	ChangesConfigMaps = "rbac/changes-configmaps"
	Disturbs          = "rbac/disturbs" // what runs is deleted, or what it needs to run taken away
	ChangesObjects    = "rbac/changes-objects"
	ChangesCluster    = "rbac/changes-cluster" // objects that are in no namespace
)
