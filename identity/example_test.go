// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/identity"
)

// Let the pods of one account of staging act as one Google service account.
func Example() {
	pool := identity.Pool{ProjectID: "my-project", ProjectNumber: 111122223333}
	account := identity.Account("staging", "backend-service")
	acting := bulkhead.Must(identity.ActAs(account, "staging-sa@my-project.iam.gserviceaccount.com", pool))

	_ = manifest.Write(os.Stdout, acting.Objects()...)
	fmt.Println("grant", acting.Grant.Role)
	fmt.Println("to", acting.Grant.Member)
	fmt.Println("on", acting.Grant.Resource)
	// Output:
	// apiVersion: v1
	// automountServiceAccountToken: false
	// kind: ServiceAccount
	// metadata:
	//   annotations:
	//     iam.gke.io/gcp-service-account: staging-sa@my-project.iam.gserviceaccount.com
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: backend-service
	//   namespace: staging
	// grant roles/iam.workloadIdentityUser
	// to serviceAccount:my-project.svc.id.goog[staging/backend-service]
	// on projects/my-project/serviceAccounts/staging-sa@my-project.iam.gserviceaccount.com
}

func ExampleAccount() {
	_ = manifest.Write(os.Stdout, identity.Account("staging", "backend-service"))
	// Output:
	// apiVersion: v1
	// automountServiceAccountToken: false
	// kind: ServiceAccount
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: backend-service
	//   namespace: staging
}

// All mistakes are in one error.
func ExampleActAs() {
	_, err := identity.ActAs(identity.Account("staging", "default"), "111122223333-compute@developer.gserviceaccount.com", identity.Pool{})
	if invalid, ok := errors.AsType[*bulkhead.InvalidError](err); ok {
		for _, mistake := range invalid.Errs {
			fmt.Println(mistake)
		}
	}
	// Output:
	// metadata.name: Invalid value: "default": every pod of the namespace that names no account runs as this one
	// pool.projectID: Required value: the project of the cluster, or of its fleet
	// pool.projectNumber: Required value: the number of that same project
	// email: Invalid value: "111122223333-compute@developer.gserviceaccount.com": the account of nodes, which every workload of the project may hold
}

// Roles are granted to the workload itself.
func ExampleDirect() {
	member := bulkhead.Must(identity.Direct(identity.Account("staging", "backend-service"), pool()))
	fmt.Println(member)
	// Output:
	// principal://iam.googleapis.com/projects/111122223333/locations/global/workloadIdentityPools/my-project.svc.id.goog/subject/ns/staging/sa/backend-service
}

func ExamplePool_Name() {
	fmt.Println(identity.Pool{ProjectID: "my-project", ProjectNumber: 111122223333}.Name())
	fmt.Println(identity.Pool{ProjectID: "eu0:my-project", ProjectNumber: 111122223333}.Name())
	// Output:
	// my-project.svc.id.goog
	// my-project.eu0.svc.id.goog
}

func ExamplePostgreSQLUser() {
	fmt.Println(identity.PostgreSQLUser("staging-sa@my-project.iam.gserviceaccount.com"))
	_, err := identity.PostgreSQLUser("serviceAccount:my-project.svc.id.goog[staging/backend-service]")
	fmt.Println(err != nil)
	// Output:
	// staging-sa@my-project.iam <nil>
	// true
}

// On one instance of MySQL accounts of two projects may be one user.
func ExampleMySQLUsers() {
	_, err := identity.MySQLUsers("backend@staging-project.iam.gserviceaccount.com", "backend@production-project.iam.gserviceaccount.com")
	fmt.Println(err)
	// Output:
	// User: emails[1]: Invalid value: "backend@production-project.iam.gserviceaccount.com": would log in as backend, as backend@staging-project.iam.gserviceaccount.com does
}

// One identity goes by several names.
func ExampleWorkload_Matches() {
	staging := identity.Workload{Pool: pool(), Namespace: "staging", Account: "backend-service"}
	const prefix = "principalSet://iam.googleapis.com/projects/111122223333/locations/global/workloadIdentityPools/my-project.svc.id.goog"
	for _, text := range []string{
		"serviceAccount:my-project.svc.id.goog[prod/backend-service]",
		prefix + "/namespace/prod",
		prefix + "/*",
		prefix + "/kubernetes.cluster/https://container.googleapis.com/v1/projects/my-project/locations/europe-west1/clusters/shop",
		"group:backends@example.com",
	} {
		match := staging.Matches(identity.ParseMember(text))
		fmt.Println(match.Answer, match.Why, match.Missing)
	}
	// Output:
	// no the namespace is staging, not prod []
	// no the namespace is staging, not prod []
	// yes pool my-project.svc.id.goog []
	// unknown  [the cluster of the workload]
	// unknown  [who is in the group backends@example.com]
}

func ExampleEmail_Matches() {
	account := identity.Email("staging-sa@my-project.iam.gserviceaccount.com")
	fmt.Println(account.Matches(identity.ParseMember("serviceAccount:Staging-SA@my-project.iam.gserviceaccount.com")).Answer)
	fmt.Println(account.Matches(identity.ParseMember("allAuthenticatedUsers")).Answer)
	fmt.Println(account.Matches(identity.ParseMember("deleted:serviceAccount:staging-sa@my-project.iam.gserviceaccount.com?uid=123")).Why)
	// Output:
	// yes
	// yes
	// the member is deleted; it grants again if it is restored
}

func ExampleParseMember() {
	member := identity.ParseMember("serviceAccount:my-project.svc.id.goog[staging/backend-service]")
	fmt.Println(member.Kind == identity.WorkloadMember, member.Namespace, member.Account)
	// Output:
	// true staging backend-service
}

func ExampleAssumeRole() {
	assuming := bulkhead.Must(identity.AssumeRole(identity.Account("staging", "backend-service"),
		"arn:aws:iam::111122223333:role/staging-backend", "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"))
	fmt.Println(assuming.Account.Annotations[identity.RoleAnnotation])
	print(assuming.Trust)
	// Output:
	// arn:aws:iam::111122223333:role/staging-backend
	// {
	//   "Effect": "Allow",
	//   "Principal": {
	//     "Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
	//   },
	//   "Action": [
	//     "sts:AssumeRoleWithWebIdentity"
	//   ],
	//   "Condition": {
	//     "StringEquals": {
	//       "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF:aud": "sts.amazonaws.com",
	//       "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF:sub": "system:serviceaccount:staging:backend-service"
	//     }
	//   }
	// }
}

func ExampleAssociateRole() {
	associated := bulkhead.Must(identity.AssociateRole(identity.Account("staging", "backend-service"),
		"arn:aws:iam::111122223333:role/staging-backend", "arn:aws:eks:eu-west-1:111122223333:cluster/shop"))
	print(associated.Association)
	print(associated.Trust.Condition)
	// Output:
	// {
	//   "clusterName": "shop",
	//   "namespace": "staging",
	//   "serviceAccount": "backend-service",
	//   "roleArn": "arn:aws:iam::111122223333:role/staging-backend"
	// }
	// {
	//   "StringEquals": {
	//     "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/shop",
	//     "aws:RequestTag/kubernetes-namespace": "staging",
	//     "aws:RequestTag/kubernetes-service-account": "backend-service"
	//   }
	// }
}

func ExampleFederate() {
	federated := bulkhead.Must(identity.Federate(identity.Account("staging", "backend-service"),
		"01234567-89ab-cdef-0123-456789abcdef", "fedcba98-7654-3210-fedc-ba9876543210", "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/"))
	_ = manifest.Write(os.Stdout, federated.Objects()...)
	fmt.Println(federated.PodLabels)
	print(federated.Credential)
	// Output:
	// apiVersion: v1
	// automountServiceAccountToken: false
	// kind: ServiceAccount
	// metadata:
	//   annotations:
	//     azure.workload.identity/client-id: 01234567-89ab-cdef-0123-456789abcdef
	//     azure.workload.identity/tenant-id: fedcba98-7654-3210-fedc-ba9876543210
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: backend-service
	//   namespace: staging
	// map[azure.workload.identity/use:true]
	// {
	//   "issuer": "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/",
	//   "subject": "system:serviceaccount:staging:backend-service",
	//   "audiences": [
	//     "api://AzureADTokenExchange"
	//   ]
	// }
}

func ExampleRole() {
	role := bulkhead.Must(identity.Role("staging", "reads-settings",
		identity.Access{Resources: []string{"configmaps"}, Verbs: []string{"get"}, Names: []string{"settings"}},
		identity.Access{Group: "coordination.k8s.io", Resources: []string{"leases"}, Verbs: []string{"create", "get", "update"}}))
	_ = manifest.Write(os.Stdout, role)
	// Output:
	// apiVersion: rbac.authorization.k8s.io/v1
	// kind: Role
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: reads-settings
	//   namespace: staging
	// rules:
	// - apiGroups:
	//   - ""
	//   resourceNames:
	//   - settings
	//   resources:
	//   - configmaps
	//   verbs:
	//   - get
	// - apiGroups:
	//   - coordination.k8s.io
	//   resources:
	//   - leases
	//   verbs:
	//   - create
	//   - get
	//   - update
}

func ExampleRoleBinding() {
	role := bulkhead.Must(identity.Role("staging", "reads-settings",
		identity.Access{Resources: []string{"configmaps"}, Verbs: []string{"get"}}))
	binding := bulkhead.Must(identity.RoleBinding("staging", "backend-reads-settings", role,
		identity.ForAccount(identity.Account("staging", "backend-service"))))
	_ = manifest.Write(os.Stdout, binding)
	_, err := identity.RoleBinding("staging", "open", role, identity.ForGroup("system:authenticated"))
	fmt.Println(err)
	// Output:
	// apiVersion: rbac.authorization.k8s.io/v1
	// kind: RoleBinding
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: backend-reads-settings
	//   namespace: staging
	// roleRef:
	//   apiGroup: rbac.authorization.k8s.io
	//   kind: Role
	//   name: reads-settings
	// subjects:
	// - kind: ServiceAccount
	//   name: backend-service
	//   namespace: staging
	// RoleBinding/staging/open: subjects[0]: Invalid value: "Group system:authenticated": everyone that the cluster knows, all service accounts included
}

// pool is one that nothing is wrong with.
func pool() identity.Pool {
	return identity.Pool{ProjectID: "my-project", ProjectNumber: 111122223333}
}

func print(v any) {
	text := bulkhead.Must(json.MarshalIndent(v, "", "  "))
	fmt.Println(string(text))
}

// Pods keep off nodes whose tokens they would get.
func ExampleMetadataServerNodes() {
	selector, err := identity.MetadataServerNodes(identity.Standard)
	fmt.Println(selector, err)
	_, err = identity.MetadataServerNodes(identity.Autopilot)
	fmt.Println(err)
	// Output:
	// map[iam.gke.io/gke-metadata-server-enabled:true] <nil>
	// Pod: mode: Invalid value: "Autopilot": refuses pods that select nodes by iam.gke.io/gke-metadata-server-enabled; all its nodes run the server, so leave the selector out
}
