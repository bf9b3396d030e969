// SPDX-License-Identifier: Apache-2.0

package identity

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A PodIdentityAssociation tells EKS which role pods of an account get, in the JSON of
// its API (Amazon EKS API, CreatePodIdentityAssociation).
type PodIdentityAssociation struct {
	ClusterName    string `json:"clusterName"`
	Namespace      string `json:"namespace"`
	ServiceAccount string `json:"serviceAccount"`
	RoleARN        string `json:"roleArn"`
}

// An Associated is what EKS Pod Identity needs for an account. The account itself
// stays as it is.
type Associated struct {
	Association PodIdentityAssociation
	Trust       TrustStatement // to be added to the trust policy of the role
}

// AssociateRole gives the pods of an account an AWS role through EKS Pod Identity: it
// returns the association, and the statement that the role's trust policy needs.
//
// A policy that trusts pods.eks.amazonaws.com alone lets every association of the AWS
// account have the role, whatever its cluster and namespace. The statement asks for
// the tags that EKS sets on its requests (Amazon EKS documentation, "Grant Pods access
// to AWS resources based on tags"), which an association can switch off but not forge;
// without them nothing is granted.
//
// An account with the annotation of [AssumeRole] is refused: its pods would get that
// role whenever the association is gone (Amazon EKS Pod Identity Webhook,
// pkg/handler/handler.go, buildPodPatchConfig).
//
// All mistakes are in one [*bulkhead.InvalidError].
func AssociateRole(account *corev1.ServiceAccount, roleARN, clusterARN string) (*Associated, error) {
	errs := append(judgeAccount(account), judgeAnnotation(account, RoleAnnotation, "", "the account assumes a role where there is no association")...)
	role, wrong := parseRoleARN(roleARN, field.NewPath("roleARN"))
	errs = append(errs, wrong...)
	cluster, wrong := parseClusterARN(clusterARN, field.NewPath("clusterARN"))
	errs = append(errs, wrong...)
	if len(errs) == 0 && role.accountID != cluster.accountID {
		errs = append(errs, field.Invalid(field.NewPath("roleARN"), roleARN, "not of the AWS account of the cluster, which associations ask for"))
	}
	if err := refuse(refTo(account), errs); err != nil {
		return nil, err
	}
	equals := make(map[string]string, 3)
	equals["aws:RequestTag/eks-cluster-arn"] = clusterARN
	equals["aws:RequestTag/kubernetes-namespace"] = account.Namespace
	equals["aws:RequestTag/kubernetes-service-account"] = account.Name
	return &Associated{
		Association: PodIdentityAssociation{
			ClusterName: cluster.name, Namespace: account.Namespace, ServiceAccount: account.Name, RoleARN: roleARN,
		},
		Trust: TrustStatement{
			Effect:    allow,
			Principal: TrustPrincipal{Service: "pods.eks.amazonaws.com"},
			Action:    []string{"sts:AssumeRole", "sts:TagSession"},
			Condition: TrustCondition{StringEquals: equals},
		},
	}, nil
}
