// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// DataPermissions returns permissions each of which gives what a resource holds, or
// changes it: data that is read or written, commands that run beside it, passwords that
// are set, and copies that are made of it. It is what to ask [Evidence.NoAccess] about
// when the question is production's data, and no complete list of what IAM has.
func DataPermissions() []string {
	return []string{
		"cloudsql.instances.connect", "cloudsql.instances.login", "cloudsql.instances.executeSql",
		"cloudsql.instances.export", "cloudsql.instances.clone", "cloudsql.instances.restoreBackup", "cloudsql.instances.update",
		"cloudsql.instances.import", "cloudsql.instances.delete", "cloudsql.databases.delete",
		"cloudsql.users.create", "cloudsql.users.update",
		"alloydb.clusters.export", "alloydb.instances.connect", "alloydb.users.create",
		"secretmanager.versions.access", "secretmanager.versions.add",
		"bigquery.tables.getData", "bigquery.tables.updateData", "bigquery.tables.export", "bigquery.tables.delete",
		"storage.objects.get", "storage.objects.create", "storage.objects.delete", "storage.objects.list",
		"spanner.databases.select", "spanner.databases.read", "spanner.databases.write",
		"bigtable.tables.readRows", "bigtable.tables.mutateRows",
		"datastore.entities.get", "datastore.entities.create", "datastore.entities.update", "datastore.entities.delete",
		"pubsub.subscriptions.consume", "pubsub.subscriptions.update", "pubsub.topics.publish", "pubsub.topics.attachSubscription",
		"logging.logEntries.list", "logging.privateLogEntries.list", "logging.sinks.create", "logging.sinks.update",
		"compute.disks.createSnapshot", "compute.disks.use", "compute.disks.useReadOnly", "compute.snapshots.useReadOnly", "compute.images.useReadOnly",
		"redis.clusters.connect", "redis.instances.getAuthString", "memorystore.instances.connect",
		"container.secrets.get", "container.pods.exec", "container.configMaps.get",
		"cloudkms.cryptoKeyVersions.useToDecrypt",
	}
}

// Permissions that lead to being somebody else (IAM documentation, "Service account
// impersonation").
const (
	getAccessToken     = "iam.serviceAccounts.getAccessToken"
	getOpenIDToken     = "iam.serviceAccounts.getOpenIdToken"
	implicitDelegation = "iam.serviceAccounts.implicitDelegation"
	actAs              = "iam.serviceAccounts.actAs"
	createHMACKeys     = "storage.hmacKeys.create"
	updateRoles        = "iam.roles.update"
)

// impersonating are those that give tokens of a service account, or what makes them.
func impersonating() []string {
	return []string{
		getAccessToken, "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt",
		"iam.serviceAccountKeys.create", "iam.serviceAccounts.setIamPolicy",
	}
}

// running are those that start or change something that runs as a service account
// which its caller may act as.
func running() []string {
	return []string{
		"compute.instances.create", "compute.instances.setServiceAccount", "compute.instances.setMetadata", "compute.projects.setCommonInstanceMetadata",
		"run.services.create", "run.services.update", "run.jobs.create", "run.jobs.update",
		"cloudfunctions.functions.create", "cloudfunctions.functions.update", build,
		"cloudscheduler.jobs.create", "dataflow.jobs.create", "dataproc.clusters.create", "composer.environments.create",
		"notebooks.instances.create", "aiplatform.customJobs.create", deploy,
		"appengine.versions.create", "batch.jobs.create", "workflows.workflows.create", "cloudtasks.tasks.create", "dataproc.batches.create",
		"container.clusters.create", "container.clusters.update",
	}
}

// Permissions to run something as an account that the caller need not be let attach.
const (
	deploy = "deploymentmanager.deployments.create" // as the agent of deployments
	build  = "cloudbuild.builds.create"             // as the account of builds
)

// commanding are those that tell what runs already what to do.
func commanding() []string {
	return []string{"run.jobs.runWithOverrides", "dataproc.jobs.create", "composer.environments.executeAirflowCommand"}
}

// admitting are those that say whom a workload identity pool admits, and as whom. Pools
// of GKE have no providers to change (IAM documentation, "Manage workload identity
// pools and providers").
func admitting() []string {
	return []string{"iam.workloadIdentityPoolProviders.create", "iam.workloadIdentityPoolProviders.update"}
}

// inCluster are those that give tokens of any account in any namespace of a cluster:
// the API server of GKE asks IAM as well as RBAC (GKE documentation, "About RBAC and
// IAM").
func inCluster() []string {
	return []string{
		"container.pods.create", "container.pods.exec", "container.pods.attach", "container.pods.update", "container.nodes.proxy",
		"container.deployments.create", "container.deployments.update", "container.daemonSets.create", "container.daemonSets.update",
		"container.statefulSets.create", "container.statefulSets.update", "container.jobs.create", "container.cronJobs.create", "container.cronJobs.update",
		"container.replicaSets.create", "container.replicaSets.update", "container.replicationControllers.create", "container.replicationControllers.update",
		"container.serviceAccounts.createToken",
	}
}

// nearCluster are those that may lead to the same: Secrets may hold tokens, and who
// writes roles or bindings gives himself what Kubernetes lets him.
func nearCluster() []string {
	return []string{
		"container.secrets.get", "container.secrets.list",
		"container.clusterRoleBindings.create", "container.clusterRoleBindings.update", "container.clusterRoles.bind",
		"container.clusterRoles.create", "container.clusterRoles.update", "container.clusterRoles.escalate",
		"container.roleBindings.create", "container.roleBindings.update", "container.roles.bind", "container.roles.update", "container.roles.escalate",
	}
}

// liftingDenials and liftingBoundaries take policies away. The roles that hold them are
// given on organizations (IAM documentation, "Deny access to resources").
func liftingDenials() []string {
	return []string{"iam.denypolicies.update", "iam.denypolicies.delete"}
}

func liftingBoundaries() []string {
	return []string{
		"iam.principalaccessboundarypolicies.update", "iam.principalaccessboundarypolicies.delete",
		"iam.principalaccessboundarypolicies.unbind", "iam.policybindings.delete", "iam.policybindings.update",
	}
}

// ownPolicy returns the permissions with which somebody gives himself access to a
// resource of a type. Types without policies of their own have none.
func ownPolicy(kind string) []string {
	switch kind {
	case projectType:
		return []string{"resourcemanager.projects.setIamPolicy"}
	case folderType:
		return []string{"resourcemanager.folders.setIamPolicy"}
	case organizationType:
		return []string{"resourcemanager.organizations.setIamPolicy"}
	case datasetType:
		return []string{"bigquery.datasets.update", "bigquery.datasets.setIamPolicy"}
	case accountType:
		return nil // impersonating has it
	}
	if withoutPolicy(kind) {
		return nil
	}
	_, short, ok := strings.Cut(kind, "/")
	if !ok || short == "" {
		return nil
	}
	first, size := utf8.DecodeRuneInString(short)
	plural := string(unicode.ToLower(first)) + short[size:] + "s"
	if strings.HasSuffix(short, "y") {
		plural = strings.TrimSuffix(plural, "ys") + "ies"
	}
	return []string{serviceOf(kind) + "." + plural + ".setIamPolicy"}
}

// withoutPolicy reports whether resources of a type have no allow policy of their own,
// so that access to them is given on their project.
func withoutPolicy(kind string) bool {
	switch kind {
	case instanceType, clusterType, "redis.googleapis.com/Instance", "redis.googleapis.com/Cluster", "memorystore.googleapis.com/Instance",
		"alloydb.googleapis.com/Cluster", "alloydb.googleapis.com/Instance":
		return true
	default:
		return false
	}
}

// serviceOf returns what permissions on a type of resource begin with.
func serviceOf(kind string) string {
	host, _, _ := strings.Cut(kind, "/")
	switch host {
	case sqlHost:
		return "cloudsql"
	case "bigtableadmin.googleapis.com":
		return "bigtable"
	case "firestore.googleapis.com":
		return "datastore"
	default:
		service, _, _ := strings.Cut(host, ".")
		return service
	}
}

// applies reports whether a permission is asked for on resources of a type. What a
// permission means on a type that is not known is left open, so it may.
func applies(permission, kind string) bool {
	switch kind {
	case "", projectType, folderType, organizationType:
		return true
	case accountType:
		return strings.HasPrefix(permission, "iam.serviceAccount")
	default:
		return strings.HasPrefix(permission, serviceOf(kind)+".")
	}
}
