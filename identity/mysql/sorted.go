// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"cmp"
	"slices"
)

// Sorted returns a copy whose lists are in an order of their own, so that two snapshots
// of the same are equal. What was not read stays so.
func (s *Snapshot) Sorted() *Snapshot {
	out := *s
	out.Server.MandatoryRoles = slices.Clone(s.Server.MandatoryRoles)
	slices.SortFunc(out.Server.MandatoryRoles, Name.compare)
	out.Server.ProxyPlugins = slices.Clone(s.Server.ProxyPlugins)
	slices.Sort(out.Server.ProxyPlugins)
	out.Databases = slices.Clone(s.Databases)
	slices.Sort(out.Databases)
	out.Accounts = slices.Clone(s.Accounts)
	slices.SortFunc(out.Accounts, func(a, b Account) int { return a.compare(b.Name) })
	out.Grants = slices.Clone(s.Grants)
	for i, g := range out.Grants {
		out.Grants[i].Privileges = slices.Sorted(slices.Values(g.Privileges))
	}
	slices.SortFunc(out.Grants, Grant.compare)
	out.Roles = slices.Clone(s.Roles)
	slices.SortFunc(out.Roles, func(a, b Membership) int { return cmp.Or(a.Member.compare(b.Member), a.Role.compare(b.Role)) })
	out.Proxies = slices.Clone(s.Proxies)
	slices.SortFunc(out.Proxies, func(a, b Proxy) int { return cmp.Or(a.Account.compare(b.Account), a.Proxied.compare(b.Proxied)) })
	out.Definers = slices.Clone(s.Definers)
	slices.SortFunc(out.Definers, Definer.compare)
	return &out
}

func (n Name) compare(m Name) int {
	return cmp.Or(cmp.Compare(n.User, m.User), cmp.Compare(n.Host, m.Host))
}

func (g Grant) compare(h Grant) int {
	return cmp.Or(
		g.To.compare(h.To), cmp.Compare(g.Level, h.Level), cmp.Compare(g.Database, h.Database), cmp.Compare(g.Object, h.Object),
		cmp.Compare(g.Column, h.Column), slices.Compare(g.Privileges, h.Privileges),
	)
}

func (d Definer) compare(e Definer) int {
	return cmp.Or(
		cmp.Compare(d.Database, e.Database), cmp.Compare(d.Kind, e.Kind), cmp.Compare(d.Object, e.Object), cmp.Compare(d.Event, e.Event),
		d.Definer.compare(e.Definer),
	)
}
