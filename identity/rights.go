// SPDX-License-Identifier: Apache-2.0

package identity

import rbacv1 "k8s.io/api/rbac/v1"

// rights says in words what the role of a binding is and what it gives, as far as the
// set shows it.
func (n neighbours) rights(b binding) string {
	name := b.role.Kind + " " + b.role.Name
	rules, known := n.rulesOf(b)
	switch {
	case known && len(rules) > 0:
		return name + " (" + rightsOf(rules) + ")"
	case b.role.Kind != kindClusterRole || n.clusterRoles[b.role.Name] != nil:
		return name
	}
	switch b.role.Name {
	case clusterAdmin:
		return name + " (everything)"
	case "admin", "edit":
		return name + " (read Secrets, run pods as any service account)"
	case "view":
		return name + " (read all but Secrets)"
	default:
		return name
	}
}

// rightsOf gives the beginning of what rules allow: "get and list pods, and more".
func rightsOf(rules []rbacv1.PolicyRule) string {
	const some = 3
	verbs, objects := rules[0].Verbs, rules[0].Resources
	if len(rules[0].NonResourceURLs) > 0 {
		objects = rules[0].NonResourceURLs
	}
	out := list(verbs[:min(some, len(verbs))]) + " " + list(objects[:min(some, len(objects))])
	if len(rules) > 1 || len(verbs) > some || len(objects) > some {
		out += ", and more"
	}
	return out
}
