// SPDX-License-Identifier: Apache-2.0

package azure

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/crossing"
)

// A Boundary is what is asked about.
type Boundary struct {
	// Issuer is the address that the tokens of the shared cluster name, letter by
	// letter. That of AKS ends in a slash.
	Issuer string
	From   []string // namespaces of staging
	Away   []string // the names of identities that nothing of staging may be
}

// judge returns what is wrong with the question. An empty side is a mistake: nothing
// crosses from or to nothing.
func (b Boundary) judge(identities []Identity) error {
	errs := identity.ValidateIssuer(b.Issuer, field.NewPath("issuer"))
	errs = append(errs, crossing.JudgeFrom(b.From)...)
	away := field.NewPath("away")
	if len(b.Away) == 0 {
		errs = append(errs, field.Required(away, "no identity"))
	}
	for i, name := range b.Away {
		if name == "" {
			errs = append(errs, field.Required(away.Index(i), "the name of an identity"))
		}
	}
	if errs = append(errs, judgeIdentities(identities)...); len(errs) == 0 {
		return nil
	}
	return &bulkhead.InvalidError{Object: bulkhead.Ref{Group: "login.microsoftonline.com", Kind: "Boundary"}, Errs: errs}
}

// judgeIdentities returns which names do not tell identities or credentials apart.
func judgeIdentities(identities []Identity) field.ErrorList {
	var errs field.ErrorList
	names, principals := make(map[string]bool), make(map[string]bool)
	for i, id := range identities {
		at := field.NewPath("identities").Index(i)
		if id.Name == "" {
			errs = append(errs, field.Required(at.Child("name"), "the name of the identity"))
		} else if names[id.Name] {
			errs = append(errs, field.Duplicate(at.Child("name"), id.Name))
		}
		if principal := strings.ToLower(id.PrincipalID); principal != "" {
			if principals[principal] {
				errs = append(errs, field.Duplicate(at.Child("principalID"), id.PrincipalID))
			}
			principals[principal] = true
		}
		names[id.Name] = true
		credentials := make(map[string]bool)
		for j, c := range id.Credentials {
			if c.Name == "" || credentials[c.Name] {
				errs = append(errs, field.Invalid(at.Child("credentials").Index(j).Child("name"), c.Name, "no name of its own"))
			}
			credentials[c.Name] = true
			if c.Issuer == "" {
				errs = append(errs, field.Required(at.Child("credentials").Index(j).Child("issuer"), "whose tokens it admits"))
			}
			if c.Subject == "" && c.ClaimsMatchingExpression == "" {
				errs = append(errs, field.Required(at.Child("credentials").Index(j).Child("subject"), "whom it admits, or an expression"))
			}
		}
	}
	return errs
}
