// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// NamelessRequest is a right limited to names of objects, for a verb whose requests
// have no name: it is refused, whatever the names.
const NamelessRequest = "identity/nameless-request"

func namelessRequest(p *bulkhead.Pass) {
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		rules, _ := ofRole(obj)
		for _, verb := range []string{"create", "deletecollection"} {
			given := open(rules, verb)
			for i := range rules {
				k := slices.Index(rules[i].Verbs, verb)
				if k < 0 || !neverNamed(&rules[i], verb) || given[rbacv1.ResourceAll] || allIn(given, rules[i].Resources) {
					continue
				}
				p.Reportf(obj, field.NewPath("rules").Index(i).Child("verbs").Index(k), "move the verb to a rule without resourceNames",
					"a request to %s names no object, so with resourceNames the rule does not give it", verb)
			}
		}
	}
}

// neverNamed reports whether requests with a verb of a rule that is limited to names
// carry none. Those for a subresource do, and so does an object that server-side
// apply creates, which takes the verb patch as well (k8s.io/apiserver v0.37,
// pkg/endpoints/handlers/patch.go).
func neverNamed(rule *rbacv1.PolicyRule, verb string) bool {
	if len(rule.ResourceNames) == 0 || slices.ContainsFunc(rule.Resources, func(r string) bool {
		return strings.Contains(r, "/") || r == rbacv1.ResourceAll
	}) {
		return false
	}
	switch verb {
	case "deletecollection":
		return true
	case "create":
		return !slices.Contains(rule.Verbs, "patch")
	default:
		return false
	}
}

// open returns the resources on which a role gives a verb without limiting it to
// names. Their API groups are left out of account: a role that has both rules is
// most likely right.
func open(rules []rbacv1.PolicyRule, verb string) map[string]bool {
	out := make(map[string]bool)
	for i := range rules {
		if len(rules[i].ResourceNames) == 0 && (slices.Contains(rules[i].Verbs, verb) || slices.Contains(rules[i].Verbs, rbacv1.VerbAll)) {
			for _, resource := range rules[i].Resources {
				out[resource] = true
			}
		}
	}
	return out
}

func allIn(set map[string]bool, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !set[w] })
}
