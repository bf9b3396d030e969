// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

const (
	// GoogleAccountAnnotation names the Google service account that the metadata
	// server of GKE gives pods of an account the tokens of (Google Cloud
	// documentation, "Authenticate to Google Cloud APIs from GKE workloads").
	GoogleAccountAnnotation = "iam.gke.io/gcp-service-account"
	// WorkloadIdentityUser is the role that lets a member take the tokens of a Google
	// service account.
	WorkloadIdentityUser = "roles/iam.workloadIdentityUser"
)

// A Grant is a role on a resource of Google Cloud, for one member.
type Grant struct {
	// Resource is the resource whose policy holds the grant, as the API of its
	// service names it: projects/PROJECT/serviceAccounts/EMAIL.
	Resource string `json:"resource"`
	Role     string `json:"role"`
	Member   Member `json:"member"`
}

// An Acting is an account that acts as a Google service account, and what that needs
// in Google Cloud. The annotation on the account alone grants nothing, and the grant
// alone is enough for a pod that asks for the token itself.
type Acting struct {
	Account *corev1.ServiceAccount
	Grant   Grant // to be added to the policy of the Google service account
}

// Objects returns what is to be applied to the cluster.
func (a *Acting) Objects() []bulkhead.Object { return []bulkhead.Object{a.Account} }

// ActAs lets the pods of an account act as the Google service account of an address:
// it returns a copy of the account that names it, and the grant that this needs.
//
// It takes the address of an account that a user has made, ID@PROJECT
// .iam.gserviceaccount.com. Those of nodes, of App Engine and of Google's services are
// refused, since others hold them too; so is the account named default, which every
// pod has that names none, and one that already acts as another.
//
// All mistakes are in one [*bulkhead.InvalidError].
func ActAs(account *corev1.ServiceAccount, email string, pool Pool) (*Acting, error) {
	errs := append(judgeAccount(account), judgeAnnotation(account, GoogleAccountAnnotation, email, "the account acts as another already")...)
	wrongPool := pool.judge()
	errs = append(errs, wrongPool...)
	address := Email(email)
	if wrong := address.judge(); wrong != "" {
		errs = append(errs, field.Invalid(field.NewPath("email"), email, wrong))
	} else if len(wrongPool) == 0 && universeOf(address.project()) != universeOf(pool.ProjectID) {
		errs = append(errs, field.Invalid(field.NewPath("email"), email, "not of the cloud that the pool "+pool.Name()+" is in"))
	}
	if err := refuse(refTo(account), errs); err != nil {
		return nil, err
	}
	workload := Workload{Pool: pool, Namespace: account.Namespace, Account: account.Name}
	return &Acting{
		Account: annotated(account, map[string]string{GoogleAccountAnnotation: email}),
		Grant:   Grant{Resource: address.resource(), Role: WorkloadIdentityUser, Member: workload.Member()},
	}, nil
}

// resource returns the name that the IAM API gives a service account. Where the
// project has a prefix, which the address does not tell for certain, it is the
// wildcard that the API takes for it (google/iam/admin/v1/iam.proto).
func (e Email) resource() string {
	project := e.project()
	if strings.Contains(project, ":") {
		project = "-"
	}
	return "projects/" + project + "/serviceAccounts/" + string(e)
}
