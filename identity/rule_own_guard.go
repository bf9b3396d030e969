// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"maps"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// OwnGuard is a service account that may change what holds its namespace in.
const OwnGuard = "identity/own-guard"

func ownGuard(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for b := range bindingsOf(p.Objects) {
		for i, s := range b.subjects {
			home, ok := accountsOf(s)
			if a, named := b.accountOf(s); named {
				home, ok = a.namespace, true
			}
			if !ok || b.namespaced() && home != b.meta.Namespace || n.homes[home] == nil {
				continue
			}
			for _, g := range n.judge(b).guards {
				guard := n.homes[home].guards[g.power.gain]
				if guard == nil {
					continue
				}
				who, _ := b.serviceAccounts(s)
				doing := g.word + " " + g.power.gain + " " + guard.GetName() + ", which holds its own namespace in"
				if g.word == "create" {
					doing = "add a NetworkPolicy to " + guard.GetName() + ", which holds its own namespace in, and with it open more"
				}
				p.Reportf(b.object, b.subjectPath(i), "leave "+g.power.resource+" to the cluster's administrators",
					"%s may %s: %s %s gives it that", who, doing, b.role.Kind, b.role.Name)
				break
			}
		}
	}
}

// guardGrants returns the powers over guards that rules give, one of each kind of
// guard. Rights limited to names are left out, and so is what a rule about all
// resources gives, of which the rule Wildcard speaks.
func guardGrants(rules []rbacv1.PolicyRule) []grant {
	found := make(map[string]grant)
	for _, g := range grantedBy(rules, guardPowers()) {
		if _, known := found[g.power.gain]; !known && len(rules[g.rule].ResourceNames) == 0 {
			found[g.power.gain] = g
		}
	}
	out := make([]grant, 0, len(found))
	for _, kind := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[kind])
	}
	return out
}
