// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity"
)

// A roleRequest is one of a role to assume another.
type roleRequest struct {
	from, to arn
	external value // the external ID
	session  string
	pods     *podIdentity // whose tags EKS passes on; nil if a pod asks by itself
}

func (roleRequest) action() string { return assumeRole }

func (r roleRequest) isPrincipal(kind, name string) identity.Match {
	if name == "*" && (kind == "AWS" || kind == "*") {
		return yes()
	}
	if kind != "AWS" {
		return no()
	}
	named := parseARN(name)
	account := named.account
	if len(name) == 12 && named == (arn{}) {
		account = name
	}
	direct := name == r.from.text()
	switch {
	case account != r.from.account:
		return no()
	case direct && r.from.account == r.to.account:
		return yes()
	case direct, name == account, named.resource == "root":
		return unknown("whether the policies of " + r.from.text() + " allow it " + assumeRole + " on " + r.to.text())
	case named.service == "sts" && strings.HasPrefix(named.resource, "assumed-role/"+r.from.name()+"/"):
		return unknown("whether a session of " + r.from.text() + " can have the name that the trust policy of " + r.to.text() + " asks for")
	default:
		return no()
	}
}

func (r roleRequest) value(key string) value {
	switch key {
	case "aws:principalarn":
		return value{present, []string{r.from.text()}}
	case "aws:principalaccount":
		return value{present, []string{r.from.account}}
	case "sts:externalid":
		return r.external
	case "sts:rolesessionname":
		if r.pods == nil {
			return value{present, []string{r.session}}
		}
	}
	if r.pods != nil && (strings.HasPrefix(key, "aws:requesttag/") || key == "aws:tagkeys") {
		return r.pods.value(key)
	}
	return value{}
}

// admitsRole answers whether a role may be assumed by another, which a pod is.
func (r Role) admitsRole(from arn) admission {
	return r.admitsChoice(func(external value, session string) request {
		return roleRequest{from: from, to: parseARN(r.ARN), external: external, session: session}
	})
}

// admitsChoice answers whether a role admits a request for some external ID, or none,
// and some name of the session.
func (r Role) admitsChoice(with func(external value, session string) request) admission {
	policy, complete, best, tried := r.AssumeRolePolicyDocument, true, admission{Match: no()}, 0
	try := func(external value, session string) {
		ask := with(external, session)
		match, statement := policy.allows(ask)
		if found := (admission{Match: match, statement: statement, ask: ask}); found.better(best) {
			best = found
		}
	}
	externals := slices.Collect(samples("", anyText, policy.patternsOn("sts:ExternalId"), &complete))
	for session := range samples("", anyText, policy.patternsOn("sts:RoleSessionName"), &complete) {
		try(value{presence: absent}, session)
		for _, external := range externals {
			if tried++; best.Answer == identity.Yes || tried == mostRequests {
				return best.unless(tried < mostRequests, r)
			}
			try(value{present, []string{external}}, session)
		}
	}
	return best.unless(complete, r)
}

// admitsTarget answers whether a role is given to pods as the target of an association.
func (r Role) admitsTarget(a Association, cluster arn) admission {
	pods := podIdentity{cluster: cluster, namespace: a.Namespace, account: a.ServiceAccount, untagged: a.DisableSessionTags}
	ask := roleRequest{from: parseARN(a.RoleARN), to: parseARN(r.ARN), external: value{presence: absent}, pods: &pods}
	if a.ExternalID != "" {
		ask.external = value{present, []string{a.ExternalID}}
	}
	match, statement := r.AssumeRolePolicyDocument.allows(ask)
	return admission{Match: match, statement: statement, ask: ask}
}
