// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"net/url"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// subjectOf is the subject of the tokens of an account
// (k8s.io/apiserver v0.37, pkg/authentication/serviceaccount/util.go, MakeUsername).
func subjectOf(namespace, name string) string {
	return accountUserPrefix + namespace + ":" + name
}

// ValidateIssuer returns what is wrong with the issuer of a cluster's tokens, which is an
// https address without anything that a token's claim would not have: capitals in the
// host, blanks, a query (OpenID Connect Discovery 1.0, section 3, "issuer").
func ValidateIssuer(issuer string, at *field.Path) field.ErrorList {
	if issuer == "" {
		return field.ErrorList{field.Required(at, "the address that the cluster's tokens name as their issuer")}
	}
	u, err := url.Parse(issuer)
	switch {
	case err != nil, u.Scheme != "https", u.Host == "", u.User != nil, u.Opaque != "", u.Host != strings.ToLower(u.Host),
		strings.ContainsAny(issuer, "?#*%\\"), u.String() != issuer:
		return field.ErrorList{field.Invalid(at, issuer, "no address of an issuer, such as https://oidc.example.com/id/0123456789ABCDEF")}
	default:
		return nil
	}
}
