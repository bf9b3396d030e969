// SPDX-License-Identifier: Apache-2.0

// Package identity builds and judges who the pods of a namespace are: to the API
// server of their cluster, and to the clouds.
//
// In the cluster it makes service accounts, roles and bindings ([Account], [Role],
// [RoleBinding]). For the clouds it makes both halves of a workload identity, the one
// that is applied to the cluster and the one that is granted outside: for Google Cloud
// [ActAs] and [Direct], for AWS [AssumeRole] and [AssociateRole], for Azure [Federate].
// The objects are plain values of the API's own types, and the other halves are small
// structs with the field names of their vendors.
//
// It refuses what reaches further than it seems to: the account that every pod has
// that names none, wildcards, subjects of other namespaces, groups of everyone, the
// accounts of nodes, and pools of which half is missing. All mistakes are in one error.
//
// It says whether a workload is a member of an IAM policy ([Workload.Matches],
// [Email.Matches]), with three answers. What cannot be told is unknown, and the
// evidence that is missing has a name.
//
// [Rules] find in accounts, roles, bindings and workloads from anywhere what
// kube-apiserver refuses, what gives more than it says, what gives nothing although
// somebody believes in it, and who acts as whom across namespaces. Each rule has a page,
// which is its Doc. [Validate] runs those that need one object alone; the others stay
// silent where an object that is not there could make the difference.
//
// It never talks to a cluster or a cloud. Package gcp below it adds the grants to
// policies that were read.
//
// An annotation shows why both halves are needed. It says that pods of the account
// backend-service in staging act as staging-sa:
//
//	iam.gke.io/gcp-service-account: staging-sa@my-project.iam.gserviceaccount.com
//
// It proves nothing. Without the grant on staging-sa the pods are refused its tokens.
// And with the grant on the account of production, a pod of staging takes that one's
// tokens whatever the annotation says: it asks for them itself. So the grant is what
// is to be made, and what is to be checked:
//
//	acting, err := identity.ActAs(account, "staging-sa@my-project.iam.gserviceaccount.com", pool)
//	acting.Account // with the annotation
//	acting.Grant   // roles/iam.workloadIdentityUser on staging-sa, for this account alone
package identity
