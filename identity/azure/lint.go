// SPDX-License-Identifier: Apache-2.0

package azure

import (
	"cmp"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

const (
	// FlexibleCredential is a credential that admits what an expression says, which may
	// be more than one account.
	FlexibleCredential = "azure/flexible-credential"
	// LiteralWildcard is a wildcard in a subject, which is compared letter by letter.
	LiteralWildcard = "azure/literal-wildcard"
	// SharedCredential is a credential of an identity binding.
	SharedCredential = "azure/shared-credential"
)

// Lint returns which credentials do not say whom they admit, or admit nobody, sorted. It
// needs no boundary to know, and proves none: [NoAccess] does.
func Lint(identities []Identity) bulkhead.Findings {
	var out bulkhead.Findings
	for _, id := range identities {
		for _, c := range id.Credentials {
			add := func(rule, message, fix string) {
				out = append(out, bulkhead.Finding{
					Rule: rule, Severity: bulkhead.Warning, Object: id.ref(), Field: credentialPath(c.Name).String(), Message: message, Fix: fix,
				})
			}
			if c.ClaimsMatchingExpression != "" {
				add(FlexibleCredential, "an expression says who is admitted, which may be more accounts than one", "make a credential for each account")
			}
			if strings.ContainsAny(c.Subject, "*?") {
				add(LiteralWildcard, "the subject stands for itself, wildcards included, and no account has it", "name the namespace and the account")
			}
			if c.isBinding() {
				add(SharedCredential, "every cluster that is bound to the identity uses the credential, and roles of the cluster say which accounts may", "")
			}
		}
	}
	return out.Sorted()
}

func sorted(credentials []Credential) []Credential {
	out := slices.Clone(credentials)
	slices.SortFunc(out, func(a, b Credential) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
