// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A power is a kind of request that lets its sender become more than its role says.
type power struct {
	group, resource string   // such as "" and "pods/exec"
	verbs           []string // any of them is enough; the worst stands first
	gain            string   // what it lets the sender do
}

// A grant is the place in a role that gives a power.
type grant struct {
	power power
	rule  int
	// resource and verb are the entries of the rule that match.
	resource, verb int
	// word is the verb, or the first of the power where the rule says "*".
	word string
}

// resourcePath and verbPath are the places of a grant in its role.
func (g grant) resourcePath() *field.Path {
	return field.NewPath("rules").Index(g.rule).Child("resources").Index(g.resource)
}

func (g grant) verbPath() *field.Path {
	return field.NewPath("rules").Index(g.rule).Child("verbs").Index(g.verb)
}

// grantedBy returns which of some powers a role gives by name: in each rule each gain
// once, and of each resource the first. A resource "*" is left out: the rule Wildcard speaks of it.
func grantedBy(rules []rbacv1.PolicyRule, powers []power) []grant {
	var out []grant
	for i := range rules {
		gained, spoken := make(map[string]bool), make(map[int]bool)
		for _, g := range possible(&rules[i], powers) {
			g.rule, g.resource = i, slices.IndexFunc(rules[i].Resources, func(entry string) bool {
				return entry != rbacv1.ResourceAll && matchesResource(entry, g.power.resource)
			})
			if g.resource >= 0 && !gained[g.power.gain] && !spoken[g.resource] {
				gained[g.power.gain], spoken[g.resource] = true, true
				out = append(out, g)
			}
		}
	}
	return out
}

// possible returns the powers for which a rule has the verb and the group.
func possible(rule *rbacv1.PolicyRule, powers []power) []grant {
	var out []grant
	for _, p := range powers {
		if verb := p.verbIn(rule); verb >= 0 && matchesGroup(rule, p.group) {
			out = append(out, grant{power: p, verb: verb, word: wordOf(rule.Verbs[verb], p)})
		}
	}
	return out
}

// verbIn returns the entry of a rule's verbs that gives the power, or -1: that of the
// first verb of the power that there is.
func (p power) verbIn(rule *rbacv1.PolicyRule) int {
	for _, verb := range p.verbs {
		if at := slices.Index(rule.Verbs, verb); at >= 0 {
			return at
		}
	}
	return slices.Index(rule.Verbs, rbacv1.VerbAll)
}

func wordOf(verb string, p power) string {
	if verb == rbacv1.VerbAll {
		return p.verbs[0]
	}
	return verb
}

func matchesGroup(rule *rbacv1.PolicyRule, group string) bool {
	return slices.Contains(rule.APIGroups, rbacv1.APIGroupAll) || slices.Contains(rule.APIGroups, group)
}

// matchesResource is ResourceMatches for one entry (Kubernetes v1.37,
// pkg/apis/rbac/v1/evaluation_helpers.go): all, the very same, or "*/" and the
// subresource.
func matchesResource(entry, resource string) bool {
	if entry == rbacv1.ResourceAll || entry == resource {
		return true
	}
	_, subresource, ok := strings.Cut(resource, "/")
	return ok && entry == "*/"+subresource
}

// ofRole returns the rules of a Role or ClusterRole, and whether obj is one.
func ofRole(obj bulkhead.Object) ([]rbacv1.PolicyRule, bool) {
	switch o := obj.(type) {
	case *rbacv1.Role:
		return o.Rules, true
	case *rbacv1.ClusterRole:
		return o.Rules, true
	default:
		return nil, false
	}
}

// list joins words as a sentence does.
func list(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}
