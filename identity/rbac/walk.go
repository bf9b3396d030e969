// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"fmt"
	"maps"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// A walk follows what rights lead to from one side of a boundary, nearest first, so
// that the first path to anything is one of the fewest steps. What it has followed it
// does not follow again: each user, each subject of bindings, each role in a namespace.
type walk struct {
	*Cluster
	users      []User
	from, away map[string]bool
	side       []string // from, sorted
	hosts      bool     // an object of the other side answers for one
	queue      []actor
	actors     []actor
	known      map[string]bool // users by their keys
	visited    map[string]bool // keys of users
	bound      map[*binding]bool
	given      map[place]*effect
	everyone   map[string]bool // namespaces as each of whose accounts the side acts
	halves     map[string]halves
	met        map[[2]string]bool
	pool       pool
	gifts      map[gift]bool
	relabelled map[string]bool // namespaces of the side whose labels are changed
	master     *trail          // to everything in the cluster
	breaches   []bulkhead.Breach
	noted      map[note]bool // breaches
	asked      map[Deputy]bool
	open       map[string][]store // that read the other side, by namespace
	orders     []order
	missing    map[string]bool
	doubts     []doubt
	doubting   bool // all that is certain is known
}

// An actor is a user that the side is or can become.
type actor struct {
	user User
	path *trail
}

// A note is what tells breaches apart.
type note struct {
	rule   string
	change bulkhead.Change
}

func (c *Cluster) walk(b Boundary) *walk {
	w := &walk{
		Cluster: c, users: b.Users, from: make(map[string]bool), away: make(map[string]bool), known: make(map[string]bool), visited: make(map[string]bool),
		bound: make(map[*binding]bool), given: make(map[place]*effect), everyone: make(map[string]bool), halves: make(map[string]halves),
		met: make(map[[2]string]bool), pool: newPool(), gifts: make(map[gift]bool), relabelled: make(map[string]bool), noted: make(map[note]bool),
		asked: make(map[Deputy]bool), open: make(map[string][]store), missing: make(map[string]bool),
	}
	for _, namespace := range b.From {
		w.from[namespace] = true
	}
	for _, namespace := range b.Away {
		w.away[namespace] = true
	}
	w.side = slices.Sorted(maps.Keys(w.from))
	w.hosts = slices.ContainsFunc(c.outside.hosts, func(h host) bool { return w.away[h.ref.Namespace] })
	w.start()
	w.exhaust()
	w.granted()
	w.notKnown()
	w.doubting = true
	for len(w.doubts) > 0 {
		next := w.doubts[0]
		w.doubts = w.doubts[1:]
		next.follow(next.path)
		w.exhaust()
	}
	return w
}

func (w *walk) start() {
	for _, user := range w.users {
		w.become(user.authenticated(), nil)
	}
	for _, namespace := range w.side {
		w.becomeAll(namespace, nil)
	}
	w.become(User{Name: stranger, Groups: []string{strangersGroup}}, nil)
	for _, namespace := range w.side {
		w.level(namespace)
	}
}

func (w *walk) exhaust() {
	for len(w.queue) > 0 {
		next := w.queue[0]
		w.queue = w.queue[1:]
		w.visit(next)
	}
	w.deliver()
}

func (w *walk) become(user User, path *trail) {
	id := fmt.Sprintf("%q", user.keys())
	if w.known[id] {
		return
	}
	w.known[id] = true
	w.queue = append(w.queue, actor{user, path})
	if !w.doubting {
		w.actors = append(w.actors, actor{user, path})
	}
}

// spaces are a namespace, or with an empty one all in which accounts are known.
func (w *walk) spaces(namespace string) []string {
	if namespace != "" {
		return []string{namespace}
	}
	return w.inhabited
}

// becomeAll acts as every service account of a namespace, that of pods which name
// none included, or with an empty one of all.
func (w *walk) becomeAll(namespace string, path *trail) {
	if w.everyone[namespace] || w.everyone[""] {
		return
	}
	w.everyone[namespace] = true
	for _, space := range w.spaces(namespace) {
		if !slices.Contains(w.accounts[space], "default") {
			w.become(Account(space, "default"), path)
		}
		for _, name := range w.accounts[space] {
			w.become(Account(space, name), path)
		}
	}
	if (namespace == systemNamespace || namespace == "") && path != nil {
		w.rule(path.then(bulkhead.Hop{
			Object: bulkhead.Ref{Kind: "Namespace", Name: systemNamespace},
			Text:   "holds the ServiceAccounts of Kubernetes' own controllers, one of which may give itself everything",
		}))
	}
}

// rule notes that the side may do everything.
func (w *walk) rule(path *trail) {
	switch {
	case path.doubt != "":
		w.missing[path.doubt] = true
	case w.master == nil:
		w.master = path
	}
}

func (w *walk) visit(a actor) {
	for i, group := range a.user.Groups {
		hop := bulkhead.Hop{Object: bulkhead.Ref{Kind: "User", Name: a.user.Name}, Field: index("groups", i)}
		if a.user.Name == "" {
			hop = bulkhead.Hop{Object: bulkhead.Ref{Kind: "Group", Name: group}}
		}
		leave := bulkhead.Change{Object: hop.Object, Field: hop.Field, Text: "take " + a.user.String() + " out of the group"}
		switch {
		case group == mastersGroup:
			hop.Text = a.user.String() + " is a member of " + mastersGroup + ", which the API server lets do everything"
			path := a.path.then(hop).closedBy(leave)
			w.rule(path)
			w.breach(Admin, path)
		case group == nodesGroup && a.user.isNode():
			hop.Text = a.user.String() + " is a node, which the API server lets have the Secrets, ConfigMaps and tokens of the pods that run there"
			w.actAsNode(a.path.then(hop).closedBy(leave))
		}
	}
	if namespace, _, ok := a.user.account(); ok && w.away[namespace] {
		return // is across; what it may do there is its own affair
	}
	for _, key := range a.user.keys() {
		if w.visited[key] {
			continue
		}
		w.visited[key] = true
		for _, s := range w.seats[key] {
			w.sit(key, s, a)
		}
	}
	w.joint(a)
}

// sit follows what a binding gives one of its subjects.
func (w *walk) sit(key string, s seat, a actor) {
	if s.binding.role == nil {
		w.missing[s.binding.missing()] = true
		return
	}
	path := a.path.then(s.hop()).closedBy(changeOf(s))
	h := share{role: s.binding.role, namespace: s.binding.namespace, seat: s, path: path}
	first := !w.bound[s.binding]
	w.bound[s.binding] = true
	e := w.effectOf(h)
	w.collect(key, h, e, nil)
	if !first {
		return
	}
	w.take(h, e)
	if s.binding.roleRef.Kind == "Role" {
		w.hold(s.binding)
	}
}
