// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

const (
	// RoleAnnotation names the AWS role that pods of an account assume (Amazon EKS
	// documentation, "IAM roles for service accounts").
	RoleAnnotation = "eks.amazonaws.com/role-arn"
	// audienceAnnotation changes the audience of the token that pods get.
	audienceAnnotation = "eks.amazonaws.com/audience"
	stsAudience        = "sts.amazonaws.com"
)

// An Assuming is an account that assumes an AWS role, and what that needs in AWS.
type Assuming struct {
	Account *corev1.ServiceAccount
	Trust   TrustStatement // to be added to the trust policy of the role
}

// Objects returns what is to be applied to the cluster.
func (a *Assuming) Objects() []bulkhead.Object { return []bulkhead.Object{a.Account} }

// AssumeRole lets the pods of an account assume an AWS role with the tokens of their
// cluster (IAM roles for service accounts): it returns a copy of the account that
// names the role, and the statement that the role's trust policy needs. The statement
// admits this account alone. The cluster's issuer, https://..., must be known as an
// identity provider to the AWS account of the role.
//
// All mistakes are in one [*bulkhead.InvalidError].
func AssumeRole(account *corev1.ServiceAccount, roleARN, issuer string) (*Assuming, error) {
	errs := append(judgeAccount(account), judgeAnnotation(account, RoleAnnotation, roleARN, "the account assumes another role already")...)
	errs = append(errs, judgeAnnotation(account, audienceAnnotation, stsAudience, "the role trusts tokens for "+stsAudience+" only")...)
	role, wrong := parseRoleARN(roleARN, field.NewPath("roleARN"))
	errs = append(errs, wrong...)
	errs = append(errs, ValidateIssuer(issuer, field.NewPath("issuer"))...)
	if strings.HasSuffix(issuer, "/") {
		errs = append(errs, field.Invalid(field.NewPath("issuer"), issuer, "the names of identity providers do not end in a slash"))
	}
	if err := refuse(refTo(account), errs); err != nil {
		return nil, err
	}
	provider := strings.TrimPrefix(issuer, "https://")
	equals := make(map[string]string, 2)
	equals[provider+":sub"] = subjectOf(account.Namespace, account.Name)
	equals[provider+":aud"] = stsAudience
	return &Assuming{
		Account: annotated(account, map[string]string{RoleAnnotation: roleARN}),
		Trust: TrustStatement{
			Effect:    allow,
			Principal: TrustPrincipal{Federated: "arn:" + role.partition + ":iam::" + role.accountID + ":oidc-provider/" + provider},
			Action:    []string{"sts:AssumeRoleWithWebIdentity"},
			Condition: TrustCondition{StringEquals: equals},
		},
	}, nil
}
