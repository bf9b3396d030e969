// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"iter"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity"
)

const accountPrefix = "system:serviceaccount:"

// A webIdentity is a request with the token of a cluster (AWS STS API,
// AssumeRoleWithWebIdentity; IAM documentation, "IAM and AWS STS condition context
// keys", Available keys for AWS OIDC federation). Who runs a pod chooses the account
// among those of the namespace, the audience of the token, and the name of the session.
type webIdentity struct {
	role                       arn
	provider                   string // the issuer without https://
	subject, audience, session string
}

func (webIdentity) action() string { return webAssume }

func (w webIdentity) isPrincipal(kind, name string) identity.Match {
	switch {
	case name == "*":
		return unknown("whether the AWS account " + w.role.account + " has the identity provider " + w.provider)
	case kind != "Federated":
		return no()
	}
	named := parseARN(name)
	provider, ok := strings.CutPrefix(named.resource, "oidc-provider/")
	switch {
	case !ok || !strings.EqualFold(provider, w.provider):
		return no()
	case provider != w.provider:
		return unknown("whether the identity provider " + provider + " is that of the cluster, whose issuer is written otherwise")
	case named.account != w.role.account:
		return unknown("whether AWS takes the identity provider of the account " + named.account + " for a role of " + w.role.account)
	default:
		return yes()
	}
}

func (w webIdentity) value(key string) value {
	claim, own := strings.CutPrefix(key, strings.ToLower(w.provider)+":")
	switch {
	case own && claim == "sub":
		return value{present, []string{w.subject}}
	case own && claim == "aud":
		return value{present, []string{w.audience}}
	case own:
		return value{}
	case key == "sts:rolesessionname":
		return value{present, []string{w.session}}
	case strings.HasPrefix(key, "aws:requesttag/"), key == "aws:tagkeys", key == "sts:transitivetagkeys", key == "sts:externalid":
		return value{presence: absent} // the tokens of a cluster carry no tags
	case strings.HasPrefix(key, "aws:"), strings.HasPrefix(key, "sts:"):
		return value{}
	default:
		return value{presence: absent} // a claim of another issuer
	}
}

// admitsToken answers whether a role admits a token of some account of a namespace.
func (r Role) admitsToken(issuer, namespace string) admission {
	patterns, complete := r.AssumeRolePolicyDocument.patternsOn(providerOf(issuer)+":sub"), true
	subjects := samples(accountPrefix+namespace+":", accountName, patterns, &complete)
	found := r.admitsSubject(issuer, subjects) // goes through the subjects, before which complete says nothing
	return found.unless(complete, r)
}

func providerOf(issuer string) string { return strings.TrimPrefix(issuer, "https://") }

// admitsSubject answers whether a role admits a token of one of some subjects.
func (r Role) admitsSubject(issuer string, subjects iter.Seq[string]) admission {
	provider, policy := providerOf(issuer), r.AssumeRolePolicyDocument
	complete, best, tried := true, admission{Match: no()}, 0
	audiences := slices.Collect(samples("", anyText, policy.patternsOn(provider+":aud"), &complete))
	sessions := slices.Collect(samples("", anyText, policy.patternsOn("sts:RoleSessionName"), &complete))
	for subject := range subjects {
		for _, audience := range audiences {
			for _, session := range sessions {
				ask := webIdentity{role: parseARN(r.ARN), provider: provider, subject: subject, audience: audience, session: session}
				match, statement := policy.allows(ask)
				if found := (admission{match, statement, ask, subject}); found.better(best) {
					best = found
				}
				if tried++; best.Answer == identity.Yes || tried == mostRequests {
					return best.unless(tried < mostRequests, r)
				}
			}
		}
	}
	return best.unless(complete, r)
}
