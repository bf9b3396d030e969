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
		"cloudsql.users.create", "cloudsql.users.update",
		"alloydb.clusters.export", "alloydb.instances.connect", "alloydb.users.create",
		"secretmanager.versions.access", "secretmanager.versions.add",
		"bigquery.tables.getData", "bigquery.tables.updateData", "bigquery.tables.export", "bigquery.tables.delete",
		"storage.objects.get", "storage.objects.create", "storage.objects.delete", "storage.objects.list",
		"spanner.databases.select", "spanner.databases.read", "spanner.databases.write",
		"bigtable.tables.readRows", "bigtable.tables.mutateRows",
		"datastore.entities.get", "datastore.entities.create", "datastore.entities.update", "datastore.entities.delete",
		"pubsub.subscriptions.consume", "pubsub.topics.publish", "pubsub.topics.attachSubscription",
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
		"compute.instances.create", "compute.instances.setServiceAccount", "compute.instances.setMetadata",
		"run.services.create", "run.services.update", "run.jobs.create", "run.jobs.update",
		"cloudfunctions.functions.create", "cloudfunctions.functions.update", "cloudbuild.builds.create",
		"cloudscheduler.jobs.create", "dataflow.jobs.create", "dataproc.clusters.create", "composer.environments.create",
		"notebooks.instances.create", "aiplatform.customJobs.create", "deploymentmanager.deployments.create",
	}
}

// inCluster are those that give tokens of any account in any namespace of a cluster:
// the API server of GKE asks IAM as well as RBAC (GKE documentation, "About RBAC and
// IAM").
func inCluster() []string {
	return []string{
		"container.pods.create", "container.pods.exec", "container.pods.attach", "container.pods.update",
		"container.deployments.create", "container.deployments.update", "container.daemonSets.create", "container.daemonSets.update",
		"container.statefulSets.create", "container.statefulSets.update", "container.jobs.create", "container.cronJobs.create",
		"container.replicaSets.create", "container.replicationControllers.create",
		"container.secrets.get", "container.secrets.list", "container.serviceAccounts.createToken",
		"container.clusterRoleBindings.create", "container.clusterRoleBindings.update", "container.clusterRoles.bind", "container.clusterRoles.escalate",
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
