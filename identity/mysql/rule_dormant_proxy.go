// SPDX-License-Identifier: Apache-2.0

package mysql

// DormantProxy is a grant of PROXY on a user of production that does nothing as long as
// the server does not map users: check_proxy_users of MySQL makes a breach of it.
const DormantProxy = "mysql/dormant-proxy"

func (l *linter) dormantProxy(a Account) {
	for _, proxy := range l.Proxies {
		if grantsProxy(proxy, a.Name) && l.boundary.isAway(proxy) && !a.maps(l.Server) && !a.mayMap() {
			l.report(DormantProxy, accountRef(proxy.Account), "proxies["+proxy.Proxied.String()+"]",
				"REVOKE PROXY ON "+proxy.Proxied.String()+" FROM "+proxy.Account.String(), "may be %s as soon as the server maps users", proxy.Proxied)
		}
	}
}
