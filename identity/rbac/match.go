// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/identity/internal/served"
)

// A match is an edge that a rule gives.
type match struct {
	edge     *edge
	rule     rule
	resource int      // of the rule's resources
	verb     string   // as the edge has it
	names    []string // to which the rule is limited
}

func (m *match) field() string {
	if len(m.rule.Resources) == 0 {
		return m.rule.field()
	}
	return m.rule.field() + ".resources[" + strconv.Itoa(m.resource) + "]"
}

// An atlas has the edges by the entries of rules that give them.
type atlas struct {
	byResource map[string][]*edge // also under "*" and "*/" with the subresource
	all        edge               // everything, in one rule
	changes    edge               // whatever else is changed in a namespace
	cluster    edge               // or in none
	// constrained are requests in the name of others, by the mode of impersonation.
	constrained map[string]*edge
}

func newAtlas(minor int) *atlas {
	a := &atlas{
		byResource: make(map[string][]*edge),
		all:        edge{id: Admin, text: "do everything", gain: everything},
		changes:    edge{id: ChangesObjects, text: "change its objects"},
		cluster:    edge{id: ChangesCluster, text: "change what is in no namespace", cluster: true},
	}
	if minor == 0 || minor >= constrainedSince {
		a.constrained = make(map[string]*edge)
		for mode := range modes() {
			a.constrained[mode] = &edge{id: sendsAs(mode), gain: part, rank: len(edges()) + 3 + len(a.constrained)}
		}
	}
	all := edges()
	a.changes.rank, a.cluster.rank = len(all)+1, len(all)+2
	for rank, e := range all {
		e.rank = rank + 1
		if minor > 0 && (e.until > 0 && minor >= e.until || minor < e.since) {
			continue
		}
		if minor > 0 {
			e.until = 0
		}
		keys := []string{e.resource, rbacv1.ResourceAll}
		if _, subresource, ok := strings.Cut(e.resource, "/"); ok {
			keys = append(keys, "*/"+subresource)
		}
		for _, key := range keys {
			a.byResource[key] = append(a.byResource[key], &e)
		}
	}
	return a
}

// of returns what a rule leads to, and first whether that is everything: also in a
// namespace of the side some of it leads out.
func (a *atlas) of(r rule) []*match {
	var out []*match
	if givesAll(r) {
		out = append(out, &match{edge: &a.all, rule: r, verb: rbacv1.VerbAll})
	}
	return slices.Concat(out, a.named(r), a.others(r), a.onBehalf(r))
}

func givesAll(r rule) bool {
	return slices.Contains(r.Verbs, rbacv1.VerbAll) && slices.Contains(r.APIGroups, rbacv1.APIGroupAll) &&
		slices.Contains(r.Resources, rbacv1.ResourceAll) && len(r.ResourceNames) == 0
}

// named returns the edges that a rule gives.
func (a *atlas) named(r rule) []*match {
	verbs, groups := wordsOf(r.Verbs), wordsOf(r.APIGroups)
	var out []*match
	seen := make(map[*edge]bool)
	for i, resource := range r.Resources {
		for _, e := range a.byResource[resource] {
			if seen[e] || !groups.has(e.group) {
				continue
			}
			if verb, ok := firstVerb(e.verbs, verbs, len(r.ResourceNames) > 0, e.resource); ok && e.takes(r.ResourceNames) {
				seen[e] = true
				out = append(out, &match{e, r, i, verb, r.ResourceNames})
			}
		}
	}
	return out
}

// A words is a list in which a star stands for all.
type words map[string]bool

func wordsOf(list []string) words {
	out := make(words, len(list))
	for _, word := range list {
		out[word] = true
	}
	return out
}

func (w words) has(word string) bool { return w[word] || w[rbacv1.VerbAll] }

// firstVerb returns the first of some verbs that a rule has for a resource. A rule
// limited to names allows no request that has none: to create, but for subresources,
// and to delete a collection. A list has one if its field selector names it
// (k8s.io/apiserver v0.37, pkg/endpoints/request/requestinfo.go).
func firstVerb(wanted []string, verbs words, limited bool, resource string) (string, bool) {
	for _, verb := range wanted {
		if verbs.has(verb) && (!limited || !nameless(verb, resource)) {
			return verb, true
		}
	}
	return "", false
}

func nameless(verb, resource string) bool {
	return verb == "deletecollection" || verb == "create" && !strings.Contains(resource, "/")
}

// takes reports whether an edge leads anywhere under the names a rule is limited to.
func (e *edge) takes(names []string) bool {
	return len(names) == 0 || len(e.names) == 0 || slices.ContainsFunc(names, func(n string) bool { return slices.Contains(e.names, n) })
}

// others returns what a rule changes, whatever it is: one thing in a namespace, and
// one in none. What an object is for that asks about rights or tokens, it changes
// nothing.
func (a *atlas) others(r rule) []*match {
	verbs, groups, limited := wordsOf(r.Verbs), groupsOf(r.APIGroups), len(r.ResourceNames) > 0
	var out []*match
	changed := make(map[*edge]bool)
	note := func(e *edge, there bool, at int, verb string) {
		if there && !changed[e] {
			changed[e] = true
			out = append(out, &match{e, r, at, verb, r.ResourceNames})
		}
	}
	for i, resource := range r.Resources {
		if changed[&a.changes] && changed[&a.cluster] {
			break
		}
		verb, ok := firstVerb(writing(), verbs, limited, resource)
		if !ok {
			continue
		}
		inNamespaces, inNone := groups.scopes(resource)
		note(&a.changes, inNamespaces, i, verb)
		note(&a.cluster, inNone, i, verb)
	}
	return out
}

// groups are the API groups of a rule: those of Kubernetes, whether there are others,
// and whether it has all.
type groups struct {
	own          []string
	others, each bool
}

func groupsOf(list []string) groups {
	var out groups
	named := wordsOf(list)
	out.each = named[rbacv1.APIGroupAll]
	delete(named, rbacv1.APIGroupAll)
	for _, group := range served.Groups() {
		if named[group] {
			out.own = append(out.own, group)
		}
	}
	out.others = len(named) > len(out.own)
	return out
}

// scopes reports whether what an entry of a rule names is in namespaces, or in none. Of
// other groups than those of Kubernetes it counts as in namespaces.
func (g groups) scopes(entry string) (inNamespaces, inNone bool) {
	resource, subresource, _ := strings.Cut(entry, "/")
	if subresource == "*" {
		return false, false // matches no request
	}
	inNamespaces = g.others
	if g.each {
		if resource == rbacv1.ResourceAll {
			return true, true
		}
		n, c := anywhere(resource)
		inNamespaces, inNone = inNamespaces || n, c
	}
	for _, group := range g.own {
		cluster, namespaced := served.Resources(group)
		if resource == rbacv1.ResourceAll {
			inNamespaces, inNone = inNamespaces || changesSomething(group), inNone || len(cluster) > 0 && changesSomething(group)
			continue
		}
		inNamespaces = inNamespaces || slices.Contains(namespaced, resource) && !asks(resource)
		inNone = inNone || slices.Contains(cluster, resource) && !asks(resource)
	}
	return inNamespaces, inNone
}

// changesSomething reports whether a group has more than questions about rights.
func changesSomething(group string) bool {
	return group != "authorization.k8s.io" && group != "authentication.k8s.io"
}

// anywhere is scopes for a resource of any group.
func anywhere(resource string) (inNamespaces, inNone bool) {
	if asks(resource) {
		return false, false
	}
	for _, group := range served.Groups() {
		if there, namespaced := served.Has(group, resource); there {
			return namespaced, !namespaced
		}
	}
	return true, false
}

// asks reports whether creating an object only asks a question, asks others to approve
// of something, or leads nowhere by itself: a namespace is what is made in it, and what
// is done to one has edges of its own.
func asks(resource string) bool {
	switch resource {
	case "namespaces", "selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews", "subjectaccessreviews", "localsubjectaccessreviews",
		"tokenreviews", "certificatesigningrequests", "users", "groups", "uids", "userextras", "signers", "componentstatuses":
		return true
	default:
		return false
	}
}
