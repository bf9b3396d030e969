// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"slices"
	"strings"
)

// A view is the evidence, so that it can be looked up.
type view struct {
	Evidence
	cluster Cluster
	byARN   map[string]Role
	names   map[trusted]bool  // the roles that there are
	trusts  map[trusted][]int // who trusts a principal
}

// trusted is a principal that a role may trust: a role, by account and name; an account
// as a whole, without a name; or everybody, without an account.
type trusted struct{ account, name string }

// viewOf leaves out roles without a statement: IAM has none, so their trust policies are
// not known.
func viewOf(e Evidence, c Cluster) view {
	e.Roles = slices.DeleteFunc(e.Roles, func(r Role) bool { return len(r.AssumeRolePolicyDocument.Statement) == 0 })
	v := view{Evidence: e, cluster: c, byARN: make(map[string]Role), names: make(map[trusted]bool), trusts: make(map[trusted][]int)}
	for i, role := range e.Roles {
		v.byARN[role.ARN] = role
		name := parseARN(role.ARN)
		v.names[trusted{name.account, name.name()}] = true
		for principal := range role.trusts() {
			v.trusts[principal] = append(v.trusts[principal], i)
		}
	}
	return v
}

// trusts returns the principals of AWS that a role may trust.
func (r Role) trusts() map[trusted]bool {
	out := make(map[trusted]bool)
	for _, s := range r.AssumeRolePolicyDocument.Statement {
		if s.Effect == deny {
			continue
		}
		if len(s.NotPrincipal) > 0 {
			out[trusted{}] = true
		}
		for _, names := range s.Principal {
			for _, name := range names {
				out[principalOf(name)] = true
			}
		}
	}
	return out
}

// principalOf reads a principal of AWS: an account, by its number or the ARN of its
// root; a role; a session of one; or everybody.
func principalOf(name string) trusted {
	named := parseARN(name)
	session, isSession := strings.CutPrefix(named.resource, "assumed-role/")
	switch {
	case name == "*":
		return trusted{}
	case named.resource == "root":
		return trusted{account: named.account}
	case named.isRole():
		return trusted{named.account, named.name()}
	case named.service == "sts" && isSession:
		role, _, _ := strings.Cut(session, "/")
		return trusted{named.account, role}
	default:
		return trusted{account: name} // no role is in an account of another form
	}
}
