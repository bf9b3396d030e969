// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// Escalates is a role that lets its subjects give themselves more.
const Escalates = "identity/escalates"

func escalates(p *bulkhead.Pass) {
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		rules, ok := ofRole(obj)
		if !ok {
			continue
		}
		reach := "wherever the role is bound"
		if role, ok := obj.(*rbacv1.Role); ok && role.Namespace != "" {
			reach = "in " + role.Namespace + ", its quotas and network policies included"
		}
		for i := range rules {
			for _, verb := range []string{"escalate", "bind"} {
				g, ok := firstGrant(rules, i, verb)
				if !ok {
					continue
				}
				if names := rules[i].ResourceNames; len(names) > 0 && !slices.Contains(names, clusterAdmin) {
					continue
				}
				p.Reportf(obj, g.verbPath(), "drop the verb, or name in resourceNames the roles that may be bound",
					"whoever has the verb %s on %s may %s, and so do everything %s", verb, g.power.resource, g.power.gain, reach)
				break
			}
		}
	}
}

// firstGrant returns the first grant of a verb on roles in one rule.
func firstGrant(rules []rbacv1.PolicyRule, i int, verb string) (grant, bool) {
	powers := slices.DeleteFunc(rolePowers(), func(p power) bool { return p.verbs[0] != verb })
	found := grantedBy(rules[i:i+1], powers)
	if len(found) == 0 {
		return grant{}, false
	}
	found[0].rule = i
	return found[0], true
}
