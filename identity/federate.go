// SPDX-License-Identifier: Apache-2.0

package identity

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// What Microsoft Entra Workload ID reads in a cluster (Azure Workload Identity
// documentation, "Service Account Labels and Annotations").
const (
	AzureClientAnnotation = "azure.workload.identity/client-id"
	AzureTenantAnnotation = "azure.workload.identity/tenant-id"
	AzureUseLabel         = "azure.workload.identity/use" // of pods; its value is "true"
)

// A FederatedCredential lets a managed identity or an application of Azure be used
// with the tokens of an account, in the JSON of its API (Microsoft Graph,
// federatedIdentityCredential; the properties of the same name in Azure Resource
// Manager). Who creates it gives it a name.
type FederatedCredential struct {
	Issuer    string   `json:"issuer"`
	Subject   string   `json:"subject"`
	Audiences []string `json:"audiences"`
}

// A Federated is an account that is used as an identity of Azure, and what that needs
// in its pods and in Azure.
type Federated struct {
	Account    *corev1.ServiceAccount
	PodLabels  map[string]string // without them pods of the account get no token
	Credential FederatedCredential
}

// Objects returns what is to be applied to the cluster.
func (f *Federated) Objects() []bulkhead.Object { return []bulkhead.Object{f.Account} }

// Federate lets the pods of an account be an identity of Azure, which the IDs of its
// client and tenant name: it returns a copy of the account that names them, the labels
// that the pods need, and the credential that the identity needs. The cluster's issuer
// is taken letter by letter, with the slash that AKS puts at its end.
//
// All mistakes are in one [*bulkhead.InvalidError].
func Federate(account *corev1.ServiceAccount, clientID, tenantID, issuer string) (*Federated, error) {
	errs := append(judgeAccount(account), judgeAnnotation(account, AzureClientAnnotation, clientID, "the account is another identity already")...)
	errs = append(errs, judgeAnnotation(account, AzureTenantAnnotation, tenantID, "the account is of another tenant already")...)
	errs = append(errs, judgeGUID(clientID, field.NewPath("clientID"), "the client ID of the identity")...)
	errs = append(errs, judgeGUID(tenantID, field.NewPath("tenantID"), "the tenant that the identity is in")...)
	errs = append(errs, ValidateIssuer(issuer, field.NewPath("issuer"))...)
	if err := refuse(refTo(account), errs); err != nil {
		return nil, err
	}
	return &Federated{
		Account:   annotated(account, map[string]string{AzureClientAnnotation: clientID, AzureTenantAnnotation: tenantID}),
		PodLabels: map[string]string{AzureUseLabel: "true"},
		Credential: FederatedCredential{
			Issuer:    issuer,
			Subject:   subjectOf(account.Namespace, account.Name),
			Audiences: []string{"api://AzureADTokenExchange"},
		},
	}, nil
}

func judgeGUID(id string, at *field.Path, what string) field.ErrorList {
	switch {
	case id == "":
		return field.ErrorList{field.Required(at, what)}
	case !whole(`[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`).MatchString(id), id == "00000000-0000-0000-0000-000000000000":
		return field.ErrorList{field.Invalid(at, id, "no ID, such as 01234567-89ab-cdef-0123-456789abcdef")}
	default:
		return nil
	}
}
