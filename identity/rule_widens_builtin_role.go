// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// WidensBuiltinRole is a ClusterRole whose label adds to view, edit or admin what
// these roles do not have, for whoever is bound to them in any namespace.
const WidensBuiltinRole = "identity/widens-builtin-role"

const aggregatePrefix = "rbac.authorization.k8s.io/aggregate-to-"

func widensBuiltinRole(p *bulkhead.Pass) {
	for role := range bulkhead.Each[*rbacv1.ClusterRole](p.Objects) {
		for _, name := range []string{"view", "edit", "admin"} {
			if role.Labels[aggregatePrefix+name] != "true" || role.Name == "system:aggregate-to-"+name || role.Name == "view" || role.Name == "edit" {
				continue
			}
			if gain := addedTo(name, role.Rules); gain != "" {
				p.Reportf(role, field.NewPath("metadata", "labels").Key(aggregatePrefix+name), "bind these rights where they are needed",
					"the label adds these rights to the role %s: whoever is bound to it, in any namespace, may %s there", name, gain)
				break // what view has, edit and admin have
			}
		}
	}
}

// addedTo returns in words the first thing that rules give beyond a role that
// Kubernetes brings along, or "" (v1.37,
// plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go).
func addedTo(name string, rules []rbacv1.PolicyRule) string {
	powers := rolePowers()
	for _, p := range namespacePowers() {
		p.gain = "change the labels of the namespace"
		powers = append(powers, p)
	}
	for _, p := range guardWords() {
		if name == "view" || p.resource != "networkpolicies" { // these edit has
			powers = append(powers, p)
		}
	}
	if name == "view" {
		powers = slices.Concat(secretPowers(), accountPowers(), powers)
	}
	for i := range rules {
		if slices.Contains(rules[i].Resources, rbacv1.ResourceAll) {
			if found := possible(&rules[i], powers); len(found) > 0 {
				return found[0].power.gain
			}
		}
	}
	if found := grantedBy(rules, powers); len(found) > 0 {
		return found[0].power.gain
	}
	return ""
}
