// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// Everyone is a binding whose subject is everybody, or every service account, of
// staging and of production.
const Everyone = "identity/everyone"

func everyoneBound(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for b := range bindingsOf(p.Objects) {
		for i, s := range b.subjects {
			if who, ok := everyone(s); ok && !n.forEveryone(b) && (b.namespaced() || !n.judge(b).allPowerful) {
				p.Reportf(b.object, b.subjectPath(i), "name the accounts that need the right",
					"%s has the rights of %s %s", who, n.rights(b), b.where())
			}
		}
	}
}

// forEveryone reports whether a role is one that Kubernetes itself gives to
// everybody, or gives no more: leave to ask about oneself, to read paths of the API
// server, and to read ConfigMaps that it names.
func (n neighbours) forEveryone(b binding) bool {
	switch b.role.Name {
	case "system:basic-user", "system:cluster-trust-bundle-discovery", "system:discovery", "system:public-info-viewer",
		"system:service-account-issuer-discovery":
		return b.role.Kind == kindClusterRole
	}
	return n.judge(b).harmless
}

func harmless(rule *rbacv1.PolicyRule) bool {
	switch {
	case len(rule.NonResourceURLs) > 0:
		return onlyHas(rule.Verbs, "get", "head", "options")
	case onlyHas(rule.Resources, "configmaps") && len(rule.ResourceNames) > 0:
		return onlyHas(rule.Verbs, "get", "list", "watch")
	default:
		return !slices.ContainsFunc(rule.Resources, func(r string) bool { return !strings.HasPrefix(r, "selfsubject") })
	}
}

func onlyHas(words []string, allowed ...string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(allowed, w) })
}
