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

// A role is a Role or ClusterRole: its own rules, and whose rules it has beside them.
type role struct {
	ref        bulkhead.Ref
	rules      []rule
	selections []*selection
	own        digest // what its own rules lead to
	leads      digest // and with those that it gets
	round      int    // in which it was added to a digest
}

// A rule is one of a role's, with its place.
type rule struct {
	*rbacv1.PolicyRule
	role *role
	at   int
}

func (r rule) field() string { return "rules[" + strconv.Itoa(r.at) + "]" }

// A selection is the ClusterRoles that a selector matches. Roles share it.
type selection struct {
	members []*role
	leads   *digest // what the rules of all of them lead to
	round   int
}

// all yields a role and those whose rules it has by aggregation, each once. In a
// cluster a controller writes their rules into it; in manifests they are not there yet
// (Kubernetes v1.37, pkg/controller/clusterroleaggregation).
func (r *role) all(yield func(*role) bool) {
	if len(r.selections) == 0 {
		yield(r)
		return
	}
	seen, taken := make(map[*role]bool), make(map[*selection]bool)
	for stack := []*role{r}; len(stack) > 0; {
		next := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[next] {
			continue
		}
		seen[next] = true
		if !yield(next) {
			return
		}
		for _, s := range slices.Backward(next.selections) {
			if !taken[s] {
				taken[s] = true
				stack = slices.AppendSeq(stack, backward(s.members))
			}
		}
	}
}

func backward(list []*role) func(func(*role) bool) {
	return func(yield func(*role) bool) {
		for _, r := range slices.Backward(list) {
			if !yield(r) {
				return
			}
		}
	}
}

// A roles holds those that are among the objects, and those that every cluster has.
type roles map[roleKey]*role

func newRoles(objs []bulkhead.Object) roles {
	out := make(roles)
	var clusterRoles []*rbacv1.ClusterRole
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch o := obj.(type) {
		case *rbacv1.Role:
			out.add(roleKey{"Role", o.Namespace, o.Name}, bulkhead.RefTo(o), o.Rules)
		case *rbacv1.ClusterRole:
			clusterRoles = append(clusterRoles, o)
		}
	}
	for _, o := range clusterRoles {
		out.add(keyOf(o), bulkhead.RefTo(o), o.Rules)
	}
	for _, o := range builtin() {
		if out[keyOf(o)] == nil {
			out.add(keyOf(o), bulkhead.RefTo(o), o.Rules)
			clusterRoles = append(clusterRoles, o)
		}
	}
	out.aggregate(clusterRoles)
	return out
}

func keyOf(o *rbacv1.ClusterRole) roleKey { return roleKey{kind: "ClusterRole", name: o.Name} }

// add takes in rules. Of two objects of a name, which differ, a role has what either
// gives.
func (r roles) add(key roleKey, ref bulkhead.Ref, rules []rbacv1.PolicyRule) {
	known := r[key]
	if known == nil {
		known = &role{ref: ref}
		r[key] = known
	}
	for i := range rules {
		known.rules = append(known.rules, rule{&rules[i], known, i})
	}
}

func (r roles) aggregate(objs []*rbacv1.ClusterRole) {
	slices.SortStableFunc(objs, func(a, b *rbacv1.ClusterRole) int { return cmp.Compare(a.Name, b.Name) })
	labelled := make(map[[2]string][]*rbacv1.ClusterRole)
	for _, o := range objs {
		for key, value := range o.Labels {
			labelled[[2]string{key, value}] = append(labelled[[2]string{key, value}], o)
		}
	}
	known := make(map[string]*selection)
	for _, o := range objs {
		if o.AggregationRule == nil {
			continue
		}
		for i := range o.AggregationRule.ClusterRoleSelectors {
			want := &o.AggregationRule.ClusterRoleSelectors[i]
			selector, err := metav1.LabelSelectorAsSelector(want)
			if err != nil {
				continue // its controller fails, and writes nothing
			}
			text := selector.String()
			if known[text] == nil {
				known[text] = r.selected(selector, candidates(want, labelled, objs))
			}
			r[keyOf(o)].selections = append(r[keyOf(o)].selections, known[text])
		}
	}
}

// candidates are those that have one of the labels that a selector asks for, if it
// asks for any: the label that the fewest have.
func candidates(want *metav1.LabelSelector, labelled map[[2]string][]*rbacv1.ClusterRole, all []*rbacv1.ClusterRole) []*rbacv1.ClusterRole {
	for key, value := range want.MatchLabels {
		if c := labelled[[2]string{key, value}]; len(c) < len(all) {
			all = c
		}
	}
	return all
}

func (r roles) selected(selector labels.Selector, among []*rbacv1.ClusterRole) *selection {
	out := &selection{}
	for _, o := range among {
		if selector.Matches(labels.Set(o.Labels)) {
			out.members = append(out.members, r[keyOf(o)])
		}
	}
	return out
}
