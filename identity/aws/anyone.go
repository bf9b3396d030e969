// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"github.com/watertight-go/watertight/identity"
)

// An anyone is a request of whoever has credentials of some account of AWS, as
// everybody can have.
type anyone struct {
	external value
	session  string
}

func (anyone) action() string { return assumeRole }

func (anyone) isPrincipal(kind, name string) identity.Match {
	return answer(name == "*" && (kind == "AWS" || kind == "*"))
}

func (a anyone) value(key string) value {
	switch key {
	case "sts:externalid":
		return a.external
	case "sts:rolesessionname":
		return value{present, []string{a.session}}
	default:
		return value{}
	}
}

// admitsAnyone answers whether everybody may assume a role.
func (r Role) admitsAnyone() admission {
	return r.admitsChoice(func(external value, session string) request { return anyone{external, session} })
}

// An unseen is a request of a principal of which the evidence says nothing: of an
// account that is trusted as a whole, or of a role whose trust policy is not there.
// Whether staging is that principal is not known.
type unseen struct {
	view
	to arn
}

func (unseen) action() string { return assumeRole }

func (u unseen) isPrincipal(kind, name string) identity.Match {
	principal := principalOf(name)
	switch _, there := u.byARN[name]; {
	case kind != "AWS" || there || len(principal.account) != 12:
		return no()
	case principal.name == "":
		return unknown("which principals of the AWS account " + principal.account + " have policies that allow " + assumeRole + " on " + u.to.text() + ", and whether staging is one")
	case parseARN(name).isRole():
		return unknown(trustOf(name))
	case u.names[principal]:
		return no() // a session of a role that is asked about
	default:
		return unknown("the trust policy of the role " + principal.name + " of the AWS account " + principal.account)
	}
}

func (unseen) value(string) value { return value{} }
