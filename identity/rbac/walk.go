// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// A walk follows what rights lead to from one side of a boundary, nearest first, so
// that the first path to anything is the shortest.
type walk struct {
	*Cluster
	boundary Boundary
	queue    []actor
	known    map[string]bool // users by their keys
	done     map[*binding]bool
	master   *trail // to everything in the cluster
	halves   halves
	signed   bool // certificates of anybody are within reach
	taken    bool // nodes are
	// relabelled has how the labels of the side's own namespaces are changed.
	relabelled map[string]*trail
	actors     []actor
	breaches   []bulkhead.Breach
	missing    map[string]bool
	noted      map[[2]any]bool // breaches
}

// An actor is a user that the side is or can become.
type actor struct {
	user User
	path *trail
}

// A trail is a path that shares its beginning with others.
type trail struct {
	before *trail
	hops   []bulkhead.Hop
	// change closes the path: at the first binding that leads out of the side.
	change bulkhead.Change
}

func (t *trail) then(hops ...bulkhead.Hop) *trail {
	next := &trail{before: t, hops: hops}
	if t != nil {
		next.change = t.change
	}
	return next
}

// closedBy adds the change that closes a path, unless there is one nearer its start.
func (t *trail) closedBy(c bulkhead.Change) *trail {
	if t.change == (bulkhead.Change{}) {
		t.change = c
	}
	return t
}

func (t *trail) path() []bulkhead.Hop {
	if t == nil {
		return nil
	}
	return append(t.before.path(), t.hops...)
}

func (c *Cluster) walk(b Boundary) *walk {
	w := &walk{
		Cluster: c, boundary: b, known: make(map[string]bool), done: make(map[*binding]bool),
		halves: make(halves), relabelled: make(map[string]*trail), missing: make(map[string]bool), noted: make(map[[2]any]bool),
	}
	for _, user := range b.Users {
		w.become(user.authenticated(), nil)
	}
	for _, namespace := range slices.Sorted(slices.Values(b.From)) {
		w.becomeAll(namespace, nil)
	}
	if len(b.From) > 0 {
		w.become(User{Name: stranger, Groups: []string{strangersGroup}}, nil)
	}
	for {
		for len(w.queue) > 0 {
			next := w.queue[0]
			w.queue = w.queue[1:]
			w.visit(next)
		}
		if !w.jointly() && !w.takeNodes() {
			break
		}
	}
	w.granted()
	w.notKnown()
	return w
}

func (w *walk) become(user User, path *trail) {
	id := strings.Join(user.keys(), "\n")
	if w.known[id] {
		return
	}
	w.known[id] = true
	w.queue = append(w.queue, actor{user, path})
	w.actors = append(w.actors, actor{user, path})
}

// becomeAll acts as every service account of a namespace, that of pods which name
// none included.
func (w *walk) becomeAll(namespace string, path *trail) {
	if !slices.Contains(w.accounts[namespace], "default") {
		w.become(Account(namespace, "default"), path)
	}
	for _, name := range w.accounts[namespace] {
		w.become(Account(namespace, name), path)
	}
	if namespace == systemNamespace && path != nil {
		w.rule(path.then(bulkhead.Hop{
			Object: bulkhead.Ref{Kind: "Namespace", Name: systemNamespace},
			Text:   "holds the ServiceAccounts of Kubernetes' own controllers, one of which may give itself everything",
		}))
	}
}

// rule notes that the side may do everything.
func (w *walk) rule(path *trail) {
	if w.master == nil {
		w.master = path
	}
}

func (w *walk) visit(a actor) {
	if slices.Contains(a.user.Groups, mastersGroup) {
		hop := bulkhead.Hop{Object: bulkhead.Ref{Kind: "Group", Name: mastersGroup}, Text: a.user.String() + " is a member, which the API server lets do everything"}
		w.rule(a.path.then(hop))
		w.breach(Admin, a.path.then(hop).closedBy(bulkhead.Change{Object: hop.Object, Text: "take " + a.user.String() + " out of the group"}))
	}
	if namespace, _, ok := a.user.account(); ok && slices.Contains(w.boundary.Away, namespace) {
		return // is across; what it may do there is its own affair
	}
	var own []half
	for _, key := range a.user.keys() {
		for _, s := range w.seats[key] {
			own = append(own, w.halvesOf(s, a.path)...)
			if !w.done[s.binding] {
				w.done[s.binding] = true
				w.expand(s, a.path)
			}
		}
	}
	w.joint(own)
}

// expand follows what a binding gives, and notes a breach for the worst of it that is
// across the boundary.
func (w *walk) expand(s seat, path *trail) {
	if s.binding.role == nil {
		w.missing[s.binding.missing()] = true
		return
	}
	path = path.then(s.hop())
	if !slices.Contains(w.boundary.From, s.binding.namespace) {
		path.closedBy(changeOf(s))
	}
	for _, verb := range s.binding.role.constrained {
		w.missing["whom "+nameOf(s)+" may act as for which requests: the verb "+verb+" of "+s.binding.roleName()+" is not followed"] = true
	}
	var crossing []match
	for _, m := range s.binding.role.found {
		if m.edge.gain == part || m.edge.cluster && s.binding.namespace != "" || !m.edge.inScope(s.binding.namespace) {
			continue
		}
		w.gain(m, s.binding.namespace, path)
		w.opens(m, s, path)
		if w.crosses(m, s.binding.namespace) {
			crossing = append(crossing, m)
		}
	}
	if len(crossing) > 0 {
		slices.SortStableFunc(crossing, func(a, b match) int { return a.edge.rank - b.edge.rank })
		w.breach(crossing[0].edge.id, path.then(hopOf(s, crossing)).closedBy(changeOf(s)))
	}
	w.deputies(s, path)
}

// crosses reports whether an edge in a scope is across the boundary.
func (w *walk) crosses(m match, namespace string) bool {
	switch {
	case m.edge.gain == mappedIdentities:
		if !w.outside.awsAuth {
			w.missing["whether the cluster maps identities of a cloud by ConfigMap kube-system/aws-auth"] = true
		}
		return w.outside.awsAuth
	case m.edge.resource == "users" && len(m.names) > 0:
		return slices.ContainsFunc(m.names, w.isAway)
	case m.edge.cluster, m.edge.anywhere:
		return true
	case namespace == "":
		return true
	default:
		return slices.Contains(w.boundary.Away, namespace)
	}
}

// isAway reports whether a user is a service account on the other side.
func (w *walk) isAway(name string) bool {
	namespace, _, ok := User{Name: name}.account()
	return ok && slices.Contains(w.boundary.Away, namespace)
}

// inScope reports whether an edge leads anywhere in a namespace, or in all.
func (e *edge) inScope(namespace string) bool {
	return e.in == "" || namespace == "" || namespace == e.in
}
