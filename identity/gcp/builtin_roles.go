// SPDX-License-Identifier: Apache-2.0

package gcp

import "slices"

// builtinRoles returns permissions that predefined roles certainly give, as of August
// 2026 (IAM documentation, "IAM roles and permissions index"). It says nothing of what
// they do not give: Google adds permissions to roles every week.
func builtinRoles() map[string][]string {
	instances := []string{"cloudsql.instances.connect", "cloudsql.instances.login", "cloudsql.instances.executeSql"}
	export, users := "cloudsql.instances.export", "cloudsql.users.create"
	attach, keys := actAs, "iam.serviceAccountKeys.create"
	cluster := []string{"container.secrets.get", "container.pods.exec"}
	tokens := []string{getAccessToken, getOpenIDToken, implicitDelegation, "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt"}
	const secrets, rows = "secretmanager.versions.access", "bigquery.tables.getData"
	viewing := []string{
		export, "logging.logEntries.list", "alloydb.clusters.export", "spanner.databases.select", "bigtable.tables.readRows", "datastore.entities.get", "container.configMaps.get",
	}
	editing := slices.Concat(instances, cluster, viewing, []string{users, attach, keys, "redis.clusters.connect", "memorystore.instances.connect"},
		[]string{"compute.instances.create", "run.services.create", "cloudfunctions.functions.create", build, deploy})
	return map[string][]string{
		"roles/owner": slices.Concat(editing, []string{
			secrets, updateRoles, "resourcemanager.projects.setIamPolicy", "iam.serviceAccounts.setIamPolicy",
		}),
		"roles/editor":                            editing,
		"roles/viewer":                            viewing,
		"roles/cloudsql.admin":                    slices.Concat(instances, []string{export, users}),
		"roles/cloudsql.client":                   {"cloudsql.instances.connect", "cloudsql.instances.get"},
		"roles/cloudsql.editor":                   {"cloudsql.instances.connect", export},
		"roles/cloudsql.instanceUser":             {"cloudsql.instances.executeSql", "cloudsql.instances.get", "cloudsql.instances.login"},
		"roles/cloudsql.studioUser":               {"cloudsql.instances.executeSql", "cloudsql.instances.login"},
		"roles/cloudsql.viewer":                   {export},
		"roles/iam.dataScientist":                 slices.Concat(instances, []string{rows, attach}),
		"roles/iam.databasesAdmin":                slices.Concat(instances, []string{users, export, rows, attach}),
		"roles/iam.devOps":                        {"cloudsql.instances.connect", export, attach},
		"roles/iam.securityAuditor":               {export},
		"roles/iam.siteReliabilityEngineer":       {export, rows},
		"roles/iam.supportUser":                   {export, rows},
		"roles/iam.mlEngineer":                    slices.Concat(cluster, []string{rows}),
		"roles/iam.infrastructureAdmin":           cluster,
		"roles/secretmanager.admin":               {secrets, "secretmanager.secrets.setIamPolicy", "secretmanager.versions.add"},
		"roles/secretmanager.secretAccessor":      {secrets},
		"roles/bigquery.admin":                    {rows, "bigquery.datasets.update"},
		"roles/bigquery.dataOwner":                {rows, "bigquery.datasets.update", "bigquery.tables.updateData"},
		"roles/bigquery.dataEditor":               {rows, "bigquery.tables.updateData", "bigquery.tables.create"},
		"roles/bigquery.dataViewer":               {rows},
		"roles/storage.admin":                     {"storage.objects.get", "storage.buckets.setIamPolicy"},
		"roles/storage.hmacKeyAdmin":              {createHMACKeys},
		"roles/storage.objectAdmin":               {"storage.objects.get", "storage.objects.create", "storage.objects.delete", "storage.objects.list"},
		"roles/storage.objectViewer":              {"storage.objects.get", "storage.objects.list"},
		"roles/storage.legacyObjectReader":        {"storage.objects.get"},
		"roles/container.nodeServiceAccount":      {"storage.objects.get"},
		"roles/container.admin":                   cluster,
		"roles/container.developer":               cluster,
		"roles/iam.serviceAccountTokenCreator":    tokens,
		"roles/iam.workloadIdentityUser":          {getAccessToken, getOpenIDToken},
		"roles/iam.serviceAccountUser":            {attach},
		"roles/iam.serviceAccountKeyAdmin":        {keys},
		"roles/iam.serviceAccountAdmin":           {"iam.serviceAccounts.setIamPolicy"},
		"roles/iam.admin":                         {attach, keys},
		"roles/iam.editor":                        {attach, keys},
		"roles/iam.securityAdmin":                 {"resourcemanager.projects.setIamPolicy"},
		"roles/iam.roleAdmin":                     {updateRoles},
		"roles/iam.organizationRoleAdmin":         {updateRoles},
		"roles/iam.denyAdmin":                     liftingDenials(),
		"roles/resourcemanager.projectIamAdmin":   {"resourcemanager.projects.setIamPolicy"},
		"roles/resourcemanager.folderIamAdmin":    {"resourcemanager.folders.setIamPolicy"},
		"roles/resourcemanager.folderAdmin":       {"resourcemanager.folders.setIamPolicy"},
		"roles/resourcemanager.organizationAdmin": {"resourcemanager.organizations.setIamPolicy"},
		"roles/redis.dbConnectionUser":            {"redis.clusters.connect"},
		"roles/memorystore.dbConnectionUser":      {"memorystore.instances.connect"},
		"roles/iam.workloadIdentityPoolAdmin":     admitting(),
		"roles/deploymentmanager.editor":          {deploy},
		"roles/cloudbuild.builds.editor":          {build},
		"roles/run.developer":                     {"run.services.create", "run.services.update", "run.jobs.create", "run.jobs.update", "run.jobs.runWithOverrides"},
		"roles/cloudbuild.builds.builder":         {"storage.objects.get"},
		"roles/metastore.migrationAdmin":          {"cloudsql.instances.connect", "cloudsql.instances.login"},
		"roles/securitycenter.admin":              {keys},
		"roles/datastream.bigqueryWriter":         {rows},
	}
}
