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

func (m match) field() string {
	return m.rule.field() + ".resources[" + strconv.Itoa(m.resource) + "]"
}

// An atlas has the edges by the entries of rules that give them.
type atlas struct {
	byResource map[string][]*edge // also under "*" and "*/" with the subresource
	all        edge               // everything, in one rule
	changes    edge               // whatever else is changed in a namespace
	cluster    edge               // or in none
}

func newAtlas(minor int) *atlas {
	a := &atlas{
		byResource: make(map[string][]*edge),
		all:        edge{id: Admin, text: "do everything", gain: everything},
		changes:    edge{id: ChangesObjects, text: "change its objects"},
		cluster:    edge{id: ChangesCluster, text: "change what is in no namespace", cluster: true},
	}
	for rank, e := range edges() {
		e.rank = rank + 1
		a.changes.rank, a.cluster.rank = rank+2, rank+2
		if e.until > 0 && minor >= e.until {
			continue
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

// leads returns what the rules of a role lead to, of each rule each edge once.
func (a *atlas) leads(r *role) []match {
	var out []match
	for _, rule := range r.rules {
		for _, verb := range rule.Verbs {
			if strings.HasPrefix(verb, "impersonate:") {
				r.constrained = append(r.constrained, verb)
			}
		}
		if givesAll(rule) {
			out = append(out, match{edge: &a.all, rule: rule, verb: rbacv1.VerbAll})
			continue
		}
		out = append(append(out, a.named(rule)...), a.others(rule)...)
	}
	return out
}

func givesAll(r rule) bool {
	return slices.Contains(r.Verbs, rbacv1.VerbAll) && slices.Contains(r.APIGroups, rbacv1.APIGroupAll) &&
		slices.Contains(r.Resources, rbacv1.ResourceAll) && len(r.ResourceNames) == 0
}

// named returns the edges that a rule gives.
func (a *atlas) named(r rule) []match {
	verbs, groups := wordsOf(r.Verbs), wordsOf(r.APIGroups)
	var out []match
	seen := make(map[*edge]bool)
	for i, resource := range r.Resources {
		for _, e := range a.byResource[resource] {
			if seen[e] || !groups.has(e.group) {
				continue
			}
			if verb, ok := firstVerb(e.verbs, verbs, len(r.ResourceNames) > 0, e.resource); ok && e.takes(r.ResourceNames) {
				seen[e] = true
				out = append(out, match{e, r, i, verb, r.ResourceNames})
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
func (a *atlas) others(r rule) []match {
	verbs, limited := wordsOf(r.Verbs), len(r.ResourceNames) > 0
	var out []match
	changed := make(map[*edge]bool)
	note := func(e *edge, there bool, at int, verb string) {
		if there && !changed[e] {
			changed[e] = true
			out = append(out, match{e, r, at, verb, r.ResourceNames})
		}
	}
	for i, resource := range r.Resources {
		verb, ok := firstVerb(writing(), verbs, limited, resource)
		if !ok {
			continue
		}
		inNamespaces, inNone := scopes(r.APIGroups, resource)
		note(&a.changes, inNamespaces, i, verb)
		note(&a.cluster, inNone && (resource != "namespaces" || verb != "create"), i, verb)
	}
	return out
}

// scopes reports whether what an entry names is in namespaces, or in none. Of other
// groups than those of Kubernetes it counts as in namespaces.
func scopes(groups []string, entry string) (inNamespaces, inNone bool) {
	resource, subresource, _ := strings.Cut(entry, "/")
	if subresource == "*" {
		return false, false // matches no request
	}
	for _, group := range groups {
		cluster, namespaced := served.Resources(group)
		switch {
		case group == rbacv1.APIGroupAll && resource == rbacv1.ResourceAll:
			return true, true
		case group == rbacv1.APIGroupAll:
			n, c := anywhere(resource)
			inNamespaces, inNone = inNamespaces || n, inNone || c
		case cluster == nil && namespaced == nil:
			inNamespaces = true
		case resource == rbacv1.ResourceAll:
			inNamespaces, inNone = inNamespaces || changesSomething(group), inNone || len(cluster) > 0 && changesSomething(group)
		default:
			inNamespaces = inNamespaces || slices.Contains(namespaced, resource) && !asks(resource)
			inNone = inNone || slices.Contains(cluster, resource) && !asks(resource)
		}
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

// asks reports whether creating an object only asks a question, or asks others to
// approve of something.
func asks(resource string) bool {
	switch resource {
	case "selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews", "subjectaccessreviews", "localsubjectaccessreviews",
		"tokenreviews", "certificatesigningrequests", "users", "groups", "uids", "userextras", "signers", "componentstatuses":
		return true
	default:
		return false
	}
}
