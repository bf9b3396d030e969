// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/crossing"
)

// What a breach is by.
const (
	// WebIdentity is a role that admits a token of the cluster.
	WebIdentity = "aws/web-identity"
	// PodIdentity is an association of EKS Pod Identity whose role admits it.
	PodIdentity = "aws/pod-identity"
	// RoleChain is a role that another may assume which staging has.
	RoleChain = "aws/role-chain"
	// Anyone is a role that everybody with an account of AWS may assume.
	Anyone = "aws/anyone"
)

// edgesOf returns how pods of a namespace get roles without having one.
func (v view) edgesOf(namespace string) []crossing.Edge {
	var out []crossing.Edge
	for _, role := range v.Roles {
		pods := "pods of " + namespace
		token := role.admitsToken(v.cluster.Issuer, namespace)
		out = role.add(out, WebIdentity, token, fmt.Sprintf("admits %s with the tokens of their cluster, such as those of %s", pods, token.as),
			func(trimmed Role) bool {
				return trimmed.admitsToken(v.cluster.Issuer, namespace).Answer != identity.Yes
			})
		out = role.add(out, Anyone, role.admitsAnyone(), "admits everybody who has an account of AWS",
			func(trimmed Role) bool { return trimmed.admitsAnyone().Answer != identity.Yes })
		if could := role.couldAdmitPods(parseARN(v.cluster.ARN), namespace); could.Answer != identity.No {
			missing := append(v.unnamed(namespace), "who may associate accounts of "+namespace+" with "+role.ARN+": its trust policy does not keep out the associations of that namespace")
			out = append(out, crossing.Edge{Rule: PodIdentity, To: role.ARN, Missing: missing})
		}
		unseen := unseen{v, parseARN(role.ARN)}
		if match, _ := role.AssumeRolePolicyDocument.allows(unseen); match.Answer != identity.No {
			out = append(out, crossing.Edge{Rule: RoleChain, To: role.ARN, Missing: match.Missing})
		}
	}
	for _, a := range v.Associations {
		if a.Namespace != namespace || a.RoleARN == "" || !v.cluster.has(a) {
			continue
		}
		if e, ok := v.associated(a); ok {
			out = append(out, e)
		}
	}
	return out
}

// unnamed says which associations of a namespace are there of which the role is not
// known. They can give no role that keeps out the associations of the namespace.
func (v view) unnamed(namespace string) []string {
	var out []string
	for _, a := range v.Associations {
		if a.Namespace == namespace && a.RoleARN == "" && v.cluster.has(a) {
			out = append(out, "which role the association "+a.ref().Name+" of "+a.ClusterName+" gives to "+a.Namespace+"/"+a.ServiceAccount)
		}
	}
	return out
}

// add adds the edge of an admission, if there is one.
func (r Role) add(edges []crossing.Edge, rule string, a admission, text string, closed func(Role) bool) []crossing.Edge {
	switch a.Answer {
	case identity.No:
		return edges
	case identity.Unknown:
		return append(edges, crossing.Edge{Rule: rule, To: r.ARN, Missing: a.Missing})
	default:
		return append(edges, crossing.Edge{
			Rule: rule, To: r.ARN, Hops: []bulkhead.Hop{r.hop(a.statement, text)}, Change: r.change(a, closed),
		})
	}
}

func (r Role) hop(statement int, text string) bulkhead.Hop {
	return bulkhead.Hop{Object: r.ref(), Field: statementPath(statement).String(), Text: text}
}

func statementPath(i int) *field.Path { return field.NewPath(trustField, "Statement").Index(i) }

// associated returns the edge of an association, if the trust policies let it be one.
// EKS assumes its role, and then its target if it has one; the pods get the last.
func (v view) associated(a Association) (crossing.Edge, bool) {
	who := a.Namespace + "/" + a.ServiceAccount
	out := crossing.Edge{Rule: PodIdentity, To: a.gives(), Change: bulkhead.Change{Object: a.ref(), Text: "delete the association"}}
	out.Hops = []bulkhead.Hop{{Object: a.ref(), Field: "roleArn", Text: "lets pods of " + who + " have the role " + a.RoleARN}}
	pods := podIdentity{cluster: parseARN(v.cluster.ARN), namespace: a.Namespace, account: a.ServiceAccount, untagged: a.DisableSessionTags}
	first := v.through(&out, a.RoleARN, func(r Role) admission { return r.admitsPods(pods) }, "admits EKS Pod Identity for "+who)
	if !first || a.TargetRoleARN == "" {
		return out, first
	}
	return out, v.through(&out, a.TargetRoleARN, func(r Role) admission { return r.admitsTarget(a, pods.cluster) }, "admits "+a.RoleARN+" on behalf of "+who)
}

// through leads an edge through one more role, and reports whether it lets it pass.
func (v view) through(e *crossing.Edge, role string, admits func(Role) admission, text string) bool {
	found, ok := v.byARN[role]
	if !ok {
		e.Missing = append(e.Missing, trustOf(role))
		return true
	}
	by := admits(found)
	e.Missing = append(e.Missing, by.Missing...)
	e.Hops = append(e.Hops, found.hop(by.statement, text))
	return by.Answer != identity.No
}

func trustOf(role string) string { return "the trust policy of " + role }

// chained returns which roles a role may assume because it is named, or everybody is.
func (v view) chained(from string) []crossing.Edge {
	name := parseARN(from)
	return append(v.trusting(from, trusted{name.account, name.name()}), v.trusting(from, trusted{})...)
}

// trusting returns which roles that trust a principal a role may assume.
func (v view) trusting(from string, principal trusted) []crossing.Edge {
	name := parseARN(from)
	var out []crossing.Edge
	for _, i := range v.trusts[principal] {
		role := v.Roles[i]
		out = role.add(out, RoleChain, role.admitsRole(name), "admits the role "+from,
			func(trimmed Role) bool { return trimmed.admitsRole(name).Answer != identity.Yes })
	}
	return out
}
