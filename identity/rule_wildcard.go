// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// Wildcard is a role about all resources of API groups of Kubernetes itself.
const Wildcard = "identity/wildcard"

func wildcard(p *bulkhead.Pass) {
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		rules, _ := ofRole(obj)
		for i := range rules {
			at := slices.Index(rules[i].Resources, rbacv1.ResourceAll)
			if at < 0 || len(rules[i].ResourceNames) > 0 {
				continue
			}
			if opened := opens(&rules[i]); opened != "" {
				p.Reportf(obj, field.NewPath("rules").Index(i).Child("resources").Index(at), "list the resources that are needed",
					"the rule means every resource that the API groups have or will have, subresources included: whoever is bound to it may %s", opened)
			}
		}
	}
}

// opens returns in words what a rule about all resources gives, or "" if nothing of
// what this package knows.
func opens(rule *rbacv1.PolicyRule) string {
	var words []string
	for _, powers := range [][]power{secretPowers(), accountPowers(), rolePowers(), guardWords()} {
		for _, p := range powers {
			if matchesGroup(rule, p.group) && p.verbIn(rule) >= 0 && !slices.Contains(words, p.gain) {
				words = append(words, p.gain)
				break
			}
		}
	}
	return list(words)
}

// guardWords are the powers over guards in words that follow "may".
func guardWords() []power {
	powers := guardPowers()
	for i := range powers {
		powers[i].gain = "lift each " + powers[i].gain
	}
	return powers
}
