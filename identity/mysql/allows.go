// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"cmp"
	"net/netip"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// A Question is whether somebody who is logged in may do something.
type Question struct {
	User   string // as who it logs in
	Client Client
	Role   *Name // the role that it has switched on; nil is none
	// Privilege is one on databases, such as "SELECT".
	Privilege string
	Database  string
	Level     Level  // of Object; empty asks about the whole database
	Object    string // a table, view or routine
}

// Allows says whether the server allows what is asked, as it decides itself: the account
// that the client gets is found, and the grants that go before others. Unknown is what
// depends on an order of grants that only the server knows, and what rests on a list that
// was not read.
//
// A question that makes no sense is a [*bulkhead.InvalidError].
func (s *Snapshot) Allows(q Question) (identity.Answer, error) {
	if err := q.judge(s); err != nil {
		return identity.Unknown, err
	}
	if s.Accounts == nil || s.Grants == nil || s.Roles == nil || s.Server.Product == MySQL && s.Server.MandatoryRoles == nil {
		return identity.Unknown, nil
	}
	v := viewOf(s)
	answers := make(map[identity.Answer]bool)
	for _, account := range v.logins(q.User, q.Client) {
		alone := session{account: account, client: &q.Client}
		if q.Role == nil {
			answers[v.answer(alone, q)] = true
			continue
		}
		switches := false
		for _, m := range v.memberships(alone) {
			if m.Role == *q.Role {
				switches = true
				answers[v.answer(session{account: account, client: &q.Client, role: &m}, q)] = true
			}
		}
		if !switches {
			answers[identity.No] = true
		}
	}
	switch {
	case len(answers) > 1 || answers[identity.Unknown]:
		return identity.Unknown, nil
	case answers[identity.Yes]:
		return identity.Yes, nil
	default: // also where nobody logs in so
		return identity.No, nil
	}
}

// answer is what a session may do.
func (v *view) answer(with session, q Question) identity.Answer {
	answer := identity.No
	for _, h := range v.holdings(with, q.Database) {
		if !slices.Contains(h.Privileges, q.Privilege) || !v.about(h.Grant, q) {
			continue
		}
		if !h.unsure {
			return identity.Yes
		}
		answer = identity.Unknown
	}
	return answer
}

// about reports whether a grant is about all that is asked about.
func (v *view) about(g Grant, q Question) bool {
	return g.Level == OnServer || g.Level == OnDatabase || g.Level == q.Level && v.object(g) == v.object(Grant{Level: q.Level, Object: q.Object})
}

// logins returns the account that a client gets under a user's name: that of the first
// host that matches, and of two the one that has a name. It returns all that the server
// may have put first.
func (v *view) logins(user string, client Client) []Name {
	var found []Name
	for _, a := range v.Accounts {
		if (a.User == user || a.User == "") && client.from(a.Host) && !v.isRole(a.Name) {
			found = append(found, a.Name)
		}
	}
	compare := func(a, b Name) int {
		return cmp.Or(compareHosts(v.Server, a.Host, b.Host), min(len(b.User), 1)-min(len(a.User), 1))
	}
	slices.SortStableFunc(found, compare)
	if len(found) == 0 {
		return nil
	}
	first := found[0]
	return slices.DeleteFunc(found, func(n Name) bool { return compare(n, first) != 0 })
}

func (q Question) judge(s *Snapshot) error {
	errs := s.judge()
	if !onDatabases(q.Privilege) {
		errs = append(errs, field.Invalid(field.NewPath("privilege"), q.Privilege, "no privilege on databases"))
	}
	if q.Database == "" {
		errs = append(errs, field.Required(field.NewPath("database"), "the database that is asked about"))
	}
	switch q.Level {
	case "":
		if q.Object != "" {
			errs = append(errs, field.Required(field.NewPath("level"), "that of the object"))
		}
	case OnTable, OnProcedure, OnFunction, OnPackage:
		if q.Object == "" {
			errs = append(errs, field.Required(field.NewPath("object"), "the object of this level"))
		}
	default:
		errs = append(errs, field.NotSupported(field.NewPath("level"), q.Level, []Level{OnTable, OnProcedure, OnFunction, OnPackage}))
	}
	if q.Client.Address == (netip.Addr{}) && q.Client.Host == "" {
		errs = append(errs, field.Required(field.NewPath("client"), "where the user connects from"))
	}
	return invalid("Question", errs)
}

// invalid returns the mistakes of one argument as one error.
func invalid(kind string, errs field.ErrorList) error {
	if len(errs) == 0 {
		return nil
	}
	return &bulkhead.InvalidError{Object: bulkhead.Ref{Group: group, Kind: kind}, Errs: errs}
}

// group is that of references to what is on a server.
const group = "mysql.com"
