// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"cmp"
	"slices"
	"strconv"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/watertight-go/watertight/bulkhead"
)

// A role is a Role or ClusterRole with all rules that it gives.
type role struct {
	ref   bulkhead.Ref
	rules []rule
	found []match // what its rules lead to
	// constrained are the verbs of constrained impersonation that it has.
	constrained []string
}

// A rule is one of a role's, with its place: an aggregated ClusterRole has those of
// others.
type rule struct {
	*rbacv1.PolicyRule
	ref bulkhead.Ref
	at  int
}

func (r rule) field() string { return "rules[" + strconv.Itoa(r.at) + "]" }

// A roles holds those that are among the objects.
type roles struct {
	namespaced map[roleKey]*rbacv1.Role
	cluster    map[string]*rbacv1.ClusterRole
	labelled   map[[2]string][]*rbacv1.ClusterRole
	all        []*rbacv1.ClusterRole // by name
	resolved   map[roleKey]*role
	selected   map[string][]*rbacv1.ClusterRole // by selector
}

func newRoles(objs []bulkhead.Object) *roles {
	r := &roles{
		namespaced: make(map[roleKey]*rbacv1.Role), cluster: make(map[string]*rbacv1.ClusterRole),
		labelled: make(map[[2]string][]*rbacv1.ClusterRole), resolved: make(map[roleKey]*role),
		selected: make(map[string][]*rbacv1.ClusterRole),
	}
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch o := obj.(type) {
		case *rbacv1.Role:
			key := roleKey{"Role", o.Namespace, o.Name}
			if other := r.namespaced[key]; other != nil {
				o = &rbacv1.Role{ObjectMeta: o.ObjectMeta, Rules: slices.Concat(other.Rules, o.Rules)}
			}
			r.namespaced[key] = o
		case *rbacv1.ClusterRole:
			if other := r.cluster[o.Name]; other != nil { // one of two that differ gives what either does
				merged := o.DeepCopy()
				merged.Rules = slices.Concat(other.Rules, o.Rules)
				o = merged
			}
			r.cluster[o.Name] = o
		}
	}
	for _, o := range r.cluster {
		r.all = append(r.all, o)
	}
	slices.SortFunc(r.all, func(a, b *rbacv1.ClusterRole) int { return cmp.Compare(a.Name, b.Name) })
	for _, o := range r.all {
		for key, value := range o.Labels {
			r.labelled[[2]string{key, value}] = append(r.labelled[[2]string{key, value}], o)
		}
	}
	return r
}

// of returns the role of a key, or nil if it is not known.
func (r *roles) of(key roleKey) *role {
	if known, ok := r.resolved[key]; ok {
		return known
	}
	r.resolved[key] = r.resolve(key)
	return r.resolved[key]
}

func (r *roles) resolve(key roleKey) *role {
	switch key.kind {
	case "Role":
		if o := r.namespaced[key]; o != nil {
			ref := bulkhead.RefTo(o)
			return &role{ref: ref, rules: placed(nil, ref, o.Rules)}
		}
	case "ClusterRole":
		if o := r.cluster[key.name]; o != nil {
			return &role{ref: bulkhead.RefTo(o), rules: r.aggregated(o, make(map[string]bool))}
		}
		if rules := builtin(key.name); rules != nil {
			ref := bulkhead.Ref{Group: rbacv1.GroupName, Kind: "ClusterRole", Name: key.name}
			return &role{ref: ref, rules: placed(nil, ref, rules)}
		}
	}
	return nil
}

func placed(out []rule, ref bulkhead.Ref, rules []rbacv1.PolicyRule) []rule {
	for i := range rules {
		out = append(out, rule{&rules[i], ref, i})
	}
	return out
}

// aggregated returns the rules of a ClusterRole and of all that it selects. In a
// cluster its controller writes them into it; in manifests they are not there yet
// (Kubernetes v1.37, pkg/controller/clusterroleaggregation).
func (r *roles) aggregated(o *rbacv1.ClusterRole, seen map[string]bool) []rule {
	if seen[o.Name] {
		return nil
	}
	seen[o.Name] = true
	out := placed(nil, bulkhead.RefTo(o), o.Rules)
	if o.AggregationRule == nil {
		return out
	}
	for i := range o.AggregationRule.ClusterRoleSelectors {
		for _, member := range r.selectedBy(&o.AggregationRule.ClusterRoleSelectors[i]) {
			out = append(out, r.aggregated(member, seen)...)
		}
	}
	return out
}

// selectedBy returns the ClusterRoles that a selector matches. It looks only at those
// that have one of the labels it asks for, if it asks for any.
func (r *roles) selectedBy(want *metav1.LabelSelector) []*rbacv1.ClusterRole {
	selector, err := metav1.LabelSelectorAsSelector(want)
	if err != nil {
		return nil // its controller fails, and writes nothing
	}
	text := selector.String()
	if known, ok := r.selected[text]; ok {
		return known
	}
	candidates := r.all
	for key, value := range want.MatchLabels {
		if c := r.labelled[[2]string{key, value}]; len(c) < len(candidates) {
			candidates = c
		}
	}
	var out []*rbacv1.ClusterRole
	for _, o := range candidates {
		if selector.Matches(labels.Set(o.Labels)) {
			out = append(out, o)
		}
	}
	r.selected[text] = out
	return out
}
