// SPDX-License-Identifier: Apache-2.0

package azure

import (
	"net/url"
	"strings"

	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/crossing"
)

// isBinding reports whether a credential is that of an identity binding, whose issuer
// all clusters share that are bound to the identity (AKS documentation, "Set up identity
// bindings on Azure Kubernetes Service").
func (c Credential) isBinding() bool { return strings.HasPrefix(c.host(), "ib.oic.") }

// isManagedIdentity reports whether a credential admits a managed identity, as those of
// applications may (Microsoft Entra documentation, "Configure an application to trust a
// managed identity").
func (c Credential) isManagedIdentity() bool {
	return strings.HasPrefix(c.host(), "login.") && strings.Contains(c.host(), "microsoftonline.") || c.host() == "sts.windows.net"
}

// edgesFrom returns the edges between identities by the name of the one they begin at,
// and those from the namespace by the empty name.
func edgesFrom(issuer, namespace string, identities []Identity) map[string][]crossing.Edge {
	byPrincipal := make(map[string]string)
	for _, id := range identities {
		if id.PrincipalID != "" {
			byPrincipal[strings.ToLower(id.PrincipalID)] = id.Name
		}
	}
	out := make(map[string][]crossing.Edge)
	for _, id := range identities {
		if id.Incomplete {
			out[""] = append(out[""], crossing.Edge{To: id.Name, Missing: []string{"all federated credentials of " + id.Name}})
		}
		for _, c := range sorted(id.Credentials) {
			if from, e, ok := id.edgeOf(c, issuer, namespace, byPrincipal); ok {
				out[from] = append(out[from], e)
			}
		}
	}
	return out
}

// edgeOf returns the edge that a credential is and where it begins, if it may be one.
func (i Identity) edgeOf(c Credential, issuer, namespace string, byPrincipal map[string]string) (from string, out crossing.Edge, ok bool) {
	at := credentialPath(c.Name).String()
	out = crossing.Edge{Rule: FederatedCredential, To: i.Name, Change: bulkhead.Change{Object: i.ref(), Field: at, Text: "delete the federated credential"}}
	text := "admits pods of " + namespace + " as " + c.Subject
	match := c.admits(issuer, namespace)
	if c.isManagedIdentity() {
		known := false
		from, known = byPrincipal[strings.ToLower(c.Subject)]
		text = "admits the managed identity " + from
		match = identity.Match{Answer: identity.Yes}
		if !known {
			match = identity.Match{Missing: []string{"which managed identity has the object ID that the credential " + c.Name + " of " + i.Name + " names, and whether staging can be it"}}
		}
	}
	out.Hops = []bulkhead.Hop{{Object: i.ref(), Field: at, Text: text}}
	for _, missing := range match.Missing {
		out.Missing = append(out.Missing, missing+" ("+i.Name+", "+c.Name+")")
	}
	return from, out, match.Answer != identity.No
}

func (c Credential) host() string {
	u, err := url.Parse(c.Issuer)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// admits answers whether a credential admits some account of a namespace of a cluster.
// Issuer and subject are compared letter by letter; of the audience staging has the
// choice (Microsoft Entra documentation, "Workload identity federation").
func (c Credential) admits(issuer, namespace string) identity.Match {
	unknown := func(missing string) identity.Match { return identity.Match{Missing: []string{missing}} }
	account, ofNamespace := strings.CutPrefix(c.Subject, "system:serviceaccount:"+namespace+":")
	switch {
	case c.isBinding():
		return unknown("which accounts of the cluster may use the identity through an identity binding")
	case c.Issuer != issuer && alike(c.Issuer, issuer):
		return unknown("whether the issuer of the credential is that of the cluster, which is written otherwise")
	case c.Issuer != issuer:
		return identity.Match{Answer: identity.No}
	case c.ClaimsMatchingExpression != "":
		return unknown("whether the expression of the credential admits accounts of " + namespace)
	case ofNamespace && len(content.IsDNS1123Subdomain(account)) == 0:
		return identity.Match{Answer: identity.Yes}
	default:
		return identity.Match{Answer: identity.No}
	}
}

// alike reports whether two issuers differ in case or in the slash at their end alone:
// somebody may have copied one of them wrong.
func alike(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/"))
}
