// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/watertight-go/watertight/bulkhead"
)

// clusterWide returns the ClusterRoles of a set that service accounts have in every
// namespace, by name, with the binding that gives them: directly, or because they
// are aggregated into a role that is bound.
func clusterWide(objs []bulkhead.Object) map[string]holder {
	roles := make(map[string]*rbacv1.ClusterRole)
	var all []*rbacv1.ClusterRole
	for role := range bulkhead.Each[*rbacv1.ClusterRole](objs) {
		roles[role.Name] = role
		all = append(all, role)
	}
	bound := make(map[string]holder)
	var queue []string
	for b := range bindingsOf(objs) {
		if b.namespaced() || b.role.Kind != kindClusterRole {
			continue
		}
		if _, known := bound[b.role.Name]; known {
			continue
		}
		for _, s := range b.subjects {
			if who, ok := b.serviceAccounts(s); ok {
				bound[b.role.Name] = holder{who, b}
				queue = append(queue, b.role.Name)
				break
			}
		}
	}
	members := aggregation(all)
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if role := roles[name]; role != nil && role.AggregationRule != nil {
			for _, member := range members(role.AggregationRule) {
				if _, known := bound[member]; !known {
					bound[member] = bound[name]
					queue = append(queue, member)
				}
			}
		}
	}
	return bound
}

// A holder is who has a role in every namespace, and by which binding.
type holder struct {
	who     string
	binding binding
}

// aggregation returns a function that gives the names of the roles that an
// aggregation selects. It looks only at roles that have the rarest of the labels that
// a selector asks for, and at each selector once. A selector without labels is passed
// over, since it would have to be tried on every role.
func aggregation(roles []*rbacv1.ClusterRole) func(*rbacv1.AggregationRule) []string {
	type label struct{ key, value string }
	labelled := make(map[label][]*rbacv1.ClusterRole)
	for _, role := range roles {
		for key, value := range role.Labels {
			labelled[label{key, value}] = append(labelled[label{key, value}], role)
		}
	}
	tried := make(map[string]bool)
	return func(rule *rbacv1.AggregationRule) []string {
		var out []string
		for i := range rule.ClusterRoleSelectors {
			want := &rule.ClusterRoleSelectors[i]
			selector, err := metav1.LabelSelectorAsSelector(want)
			if err != nil || len(want.MatchLabels) == 0 || tried[selector.String()] {
				continue
			}
			tried[selector.String()] = true
			var candidates []*rbacv1.ClusterRole
			first := true
			for key, value := range want.MatchLabels {
				if c := labelled[label{key, value}]; first || len(c) < len(candidates) {
					candidates, first = c, false
				}
			}
			for _, role := range candidates {
				if selector.Matches(labels.Set(role.Labels)) {
					out = append(out, role.Name)
				}
			}
		}
		slices.Sort(out)
		return out
	}
}

// everywhere reports the powers that service accounts have in every namespace, each
// at the place in a role that gives it.
func everywhere(p *bulkhead.Pass, powers []power, fix string) {
	bound := clusterWide(p.Objects)
	for role := range bulkhead.Each[*rbacv1.ClusterRole](p.Objects) {
		holder, ok := bound[role.Name]
		if !ok {
			continue
		}
		for _, g := range grantedBy(role.Rules, powers) {
			if len(role.Rules[g.rule].ResourceNames) > 0 {
				continue
			}
			p.Reportf(role, g.resourcePath(), fix, "%s may %s, in every namespace: ClusterRoleBinding %s gives it %s on %s",
				holder.who, g.power.gain, holder.binding.meta.Name, g.word, g.power.resource)
		}
		delete(bound, role.Name)
	}
	for name, holder := range bound { // those that are not in the set
		for _, g := range grantedBy(builtinRules(name), powers) {
			p.Reportf(holder.binding.object, roleRefName(), fix, "%s may %s, in every namespace: ClusterRole %s gives it that",
				holder.who, g.power.gain, name)
			break
		}
	}
}
