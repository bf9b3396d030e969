// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/internal/served"
)

// UnknownVerb is a verb in a role that no request has, so that the role does not
// give what its author believes.
const UnknownVerb = "identity/unknown-verb"

func unknownVerb(p *bulkhead.Pass) {
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		rules, _ := ofRole(obj)
		for i := range rules {
			kubernetes := slices.ContainsFunc(rules[i].APIGroups, isKubernetes)
			for k, verb := range rules[i].Verbs {
				if meant := verbMeantBy(verb, kubernetes, len(rules[i].NonResourceURLs) > 0); meant != "" {
					p.Reportf(obj, field.NewPath("rules").Index(i).Child("verbs").Index(k), "write "+meant,
						"no request has the verb %s, so the rule does not give what it seems to", strconv.Quote(verb))
				}
			}
		}
	}
}

// roleVerbs are the verbs of requests and those that Kubernetes asks about beside them
// (v1.37, documentation page "Authorization", "Request verbs").
func roleVerbs() []string {
	return append(verbs(), "approve", "attest", "bind", "escalate", "impersonate", "sign", "use")
}

// pathVerbs are the HTTP methods in the form that rules about paths have.
func pathVerbs() []string {
	return []string{"get", "post", "put", "patch", "delete", "head", "options"}
}

// verbMeantBy returns the verb that was meant where one is written that no request
// has, and "" where the verb is right or may have been invented for another purpose:
// a program may ask for verbs of its own on resources that are not Kubernetes'.
func verbMeantBy(verb string, kubernetes, paths bool) string {
	known := roleVerbs()
	if paths {
		known = pathVerbs()
	}
	lower := strings.ToLower(verb)
	switch {
	case verb == rbacv1.VerbAll || slices.Contains(known, verb) || len(verb) > longestResource:
		return ""
	case slices.Contains(known, lower):
		return lower
	case paths || !kubernetes:
		return ""
	}
	switch lower {
	case "post", "add":
		return "create"
	case "put", "edit", "modify", "write":
		return "update"
	case "read", "view":
		return "get"
	case "remove":
		return "delete"
	case "all", "any":
		return rbacv1.VerbAll
	}
	for _, k := range verbs() {
		if near(lower, k, 1) {
			return k
		}
	}
	return ""
}

func isKubernetes(group string) bool { return slices.Contains(served.Groups(), group) }
