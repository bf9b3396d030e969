// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Rules about what pods may be to a cloud.
const (
	// OtherIdentity is a ServiceAccount that [CloudIdentities] refuses.
	OtherIdentity = "guard/other-identity"
	// OtherAudience is a pod that [TokenAudiences] refuses.
	OtherAudience = "guard/other-audience"
)

// identityAnnotations returns the annotations by which a ServiceAccount asks for an
// identity: of Google ("Authenticate to Google Cloud APIs from GKE workloads"), of
// AWS ("IAM roles for service accounts") and of Azure ("Microsoft Entra Workload ID
// overview").
func identityAnnotations() []string {
	return []string{
		"iam.gke.io/gcp-service-account",
		"eks.amazonaws.com/role-arn",
		"azure.workload.identity/client-id",
	}
}

// CloudIdentities refuses ServiceAccounts that ask for a cloud identity other than
// these: e-mail addresses of Google service accounts, ARNs of AWS roles, client IDs
// of Azure identities. Without an argument it refuses any.
//
// The annotation only asks: whether the cloud agrees is for its own policy to say,
// and there are identities that need no annotation, such as the principals of GKE
// that name a namespace.
//
// An identity that is empty or does not print is an error of [Enforce].
func CloudIdentities(identities ...string) Restriction {
	r := Restriction{id: OtherIdentity, about: serviceAccounts, errs: allPrintable(identities, field.NewPath("identities"))}
	problem, otherwise := "it may have no cloud identity", ""
	if len(identities) > 0 {
		problem, otherwise = "the cloud identity must be one of "+strings.Join(identities, ", "), ", or set one of these"
	}
	for _, annotation := range identityAnnotations() {
		r.statements = append(r.statements, statement{
			demand: has{
				path: fields("metadata", "annotations").entry(annotation), test: oneOf(slices.Clone(identities)),
				absent: true,
			},
			problem: problem,
			fix:     "remove the annotation " + annotation + otherwise,
		})
	}
	return r
}

// TokenAudiences refuses pods that mount a token of their ServiceAccount for others
// than the API server and these audiences. A token for a cloud's audience is what
// pods trade in for a cloud identity, with or without an annotation.
//
// Where an admission webhook adds such tokens to pods, its audience has to be listed:
// sts.amazonaws.com on EKS, api://AzureADTokenExchange for Azure.
//
// An audience that is empty or does not print is an error of [Enforce].
func TokenAudiences(audiences ...string) Restriction {
	allowed := "only the API server"
	if len(audiences) > 0 {
		allowed = "only the API server and " + strings.Join(audiences, ", ")
	}
	return Restriction{
		id: OtherAudience, about: pods, errs: allPrintable(audiences, field.NewPath("audiences")),
		statements: []statement{{
			items: volumes(),
			demand: each{
				lists: []path{fields("projected").nullable("sources")}, item: "s",
				demand: has{path: fields("serviceAccountToken", "audience"), test: oneOf(slices.Clone(audiences)), absent: true},
			},
			problem: "holds a token for another audience; " + allowed + " may be one",
			fix:     "remove the serviceAccountToken, or its audience",
		}},
	}
}

// printable refuses strings that are empty, or that hold what cannot stand in an
// expression and a message as it is.
func printable(value string, at *field.Path) field.ErrorList {
	switch {
	case value == "":
		return field.ErrorList{field.Required(at, "empty")}
	case strings.ContainsFunc(value, func(r rune) bool { return !strconv.IsPrint(r) || r == utf8.RuneError || r == ' ' }):
		return field.ErrorList{field.Invalid(at, value, "holds a space, or what does not print")}
	default:
		return nil
	}
}

func allPrintable(values []string, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, value := range values {
		errs = append(errs, printable(value, at.Index(i))...)
	}
	return errs
}
