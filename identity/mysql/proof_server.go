// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// server finds what an actor may do on the server as a whole.
func (p *prover) server(a actor) {
	for _, with := range p.sessions(a.account) {
		for _, h := range p.global(with) {
			for _, rule := range []string{Administers, ReadsFiles, Watches} {
				var privileges, texts []string
				for _, privilege := range h.Privileges {
					e, known := effectOf(privilege)
					if !known && !onDatabases(privilege) {
						p.lack("what the privilege %q on the server, which %s has, lets it do", privilege, h.To)
					}
					if e.rule != rule {
						continue
					}
					privileges = append(privileges, privilege)
					if !slices.Contains(texts, e.text) {
						texts = append(texts, e.text)
					}
				}
				if privileges == nil {
					continue
				}
				h := holding{Grant: withPrivileges(h.Grant, privileges), through: h.through}
				hops := append(p.roleHops(a.account, h.through), bulkhead.Hop{
					Object: accountRef(h.To), Field: h.field(), Text: strings.Join(privileges, ", ") + ": " + strings.Join(texts, "; "),
				})
				p.breach(a, rule, hops, p.takeAway(h))
			}
		}
	}
}

// roles finds roles that are production's users.
func (p *prover) roles(a actor) {
	if a.path != nil && slices.Contains(p.boundary.Away.Users, a.account.User) {
		p.breach(a, Becomes, []bulkhead.Hop{{Object: accountRef(a.account), Text: "is a user of production"}}, a.change)
	}
	for _, m := range p.memberships(session{account: a.account}) {
		for _, way := range p.closure(m) {
			if slices.Contains(p.boundary.Away.Users, way.Role.User) {
				p.breach(a, Becomes, p.roleHops(a.account, way), p.leave(m))
			}
		}
	}
}

// proxies finds grants of PROXY on production's users, and returns the other accounts
// that the actor may be by one. They work where the plugin that the account logs in with
// says that it is somebody else (MySQL 9.7 Reference Manual, "Proxy Users"): those of
// passwords do so where a setting of the server makes them, and of others nobody knows.
func (p *prover) proxies(a actor) []actor {
	var out []actor
	for _, proxy := range p.Proxies {
		if !grantsProxy(proxy, a.account) {
			continue
		}
		at := "proxies[" + proxy.Proxied.String() + "]"
		hop := bulkhead.Hop{Object: accountRef(proxy.Account), Field: at, Text: "logs in as " + proxy.Proxied.String()}
		change := bulkhead.Change{
			Object: accountRef(proxy.Account), Field: at, Text: "REVOKE PROXY ON " + proxy.Proxied.String() + " FROM " + proxy.Account.String(),
		}
		account := p.accounts[a.account]
		switch {
		case account.maps(p.Server) && p.boundary.isAway(proxy):
			p.breach(a, Becomes, []bulkhead.Hop{hop}, change)
		case account.maps(p.Server):
			if a.path != nil {
				change = a.change
			}
			out = append(out, actor{account: proxy.Proxied, path: append(slices.Clip(a.path), hop), change: change})
		case account.mayMap() && (p.boundary.isAway(proxy) || len(p.power(proxy.Proxied)) > 0 || len(p.global(session{account: proxy.Proxied})) > 0):
			p.lack("whether the plugin %s makes %s log in as %s, for which it has PROXY", strings.Join(account.Plugins, ", "), a.account, proxy.Proxied)
		}
	}
	return out
}

// grantsProxy reports whether a grant of PROXY is to an account. It is by name and client,
// as those on databases are.
func grantsProxy(proxy Proxy, account Name) bool {
	return (proxy.Account.User == account.User || proxy.Account.User == "") && overlap(proxy.Account.Host, account.Host)
}

// isAway reports whether a proxy is for somebody of production. No name is everybody.
func (b Boundary) isAway(proxy Proxy) bool {
	return proxy.Proxied.User == "" || slices.Contains(b.Away.Users, proxy.Proxied.User)
}

// maps reports whether a setting of the server makes the account's plugin turn it into
// whom it may be.
func (a Account) maps(s Server) bool {
	return slices.ContainsFunc(a.Plugins, func(plugin string) bool { return slices.Contains(s.ProxyPlugins, plugin) })
}

// mayMap reports whether one of the account's plugins may turn it into somebody else by
// itself. Those that look at passwords do not.
func (a Account) mayMap() bool {
	return slices.ContainsFunc(a.Plugins, func(plugin string) bool {
		switch plugin {
		case "", "caching_sha2_password", "sha256_password", "mysql_native_password", "mysql_old_password", "ed25519", "parsec":
			return false
		default:
			return true
		}
	})
}
