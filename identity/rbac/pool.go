// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"maps"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// A pool has what all users that the side is or can become may do together, one
// request each: make a Secret that is filled with a token, and read it; ask for a
// certificate, and approve it; change a Role that is bound to another of them.
type pool struct {
	rights map[string]map[string]*trail // of each right and namespace the first
	drafts map[string][]draft           // by namespace
	held   map[string][]*binding        // to Roles, by namespace
}

// A draft is a right to write anything into Roles of some names, or of all.
type draft struct {
	change, escalate half
	path             *trail
}

func newPool() pool {
	return pool{rights: make(map[string]map[string]*trail), drafts: make(map[string][]draft), held: make(map[string][]*binding)}
}

// contribute follows what a right leads to together with those that others have.
func (w *walk) contribute(m *match, h share) {
	right := m.edge.id
	if w.pool.rights[right] == nil {
		w.pool.rights[right] = make(map[string]*trail)
	}
	if w.pool.rights[right][h.namespace] != nil {
		return
	}
	hop := m.hop()
	hop.Text = "lets it " + m.verb + " " + m.resourceName()
	w.pool.rights[right][h.namespace] = h.path.then(hop)
	switch right {
	case makesSecrets:
		w.tokenSecrets(h.namespace, readsSecrets)
	case readsSecrets:
		w.tokenSecrets(h.namespace, makesSecrets)
	case asksForCertificate, approves, approvesUsers, approvesNodes:
		w.certificates()
	}
}

// has returns how a right of the pool is had in a namespace.
func (w *walk) has(right, namespace string) *trail {
	if path := w.pool.rights[right][namespace]; path != nil {
		return path
	}
	return w.pool.rights[right][""]
}

// tokenSecrets follows who makes Secrets and who reads them, where one of both is new.
func (w *walk) tokenSecrets(namespace, other string) {
	spaces := []string{namespace}
	if namespace == "" {
		spaces = slices.Sorted(maps.Keys(w.pool.rights[other]))
	}
	for _, space := range spaces {
		makes, reads := w.has(makesSecrets, space), w.has(readsSecrets, space)
		if makes != nil && reads != nil && !w.everyone[space] {
			w.becomeAll(space, makes.and(reads, ", and so the token of any ServiceAccount, with which the API server fills a Secret that asks for it"))
		}
	}
}

func (w *walk) certificates() {
	ask, update := w.has(asksForCertificate, ""), w.has(approves, "")
	if ask == nil || update == nil {
		return
	}
	if approve := w.has(approvesUsers, ""); approve != nil {
		path := ask.and(update, "").and(approve, ", and so to log in as any user with a certificate")
		w.rule(path)
		w.breach(SignsCertificates, path)
	} else if approve := w.has(approvesNodes, ""); approve != nil {
		w.become(anyNode(), ask.and(update, "").and(approve, ", and so to log in as any node with a certificate"))
	}
}

// hold follows that a Role is bound to somebody whom the side is or can become.
func (w *walk) hold(b *binding) {
	w.pool.held[b.namespace] = append(w.pool.held[b.namespace], b)
	for _, space := range []string{b.namespace, ""} {
		for _, d := range w.pool.drafts[space] {
			w.rewritten(d, b)
		}
	}
}

// rewrites follows who may write into Roles what he lacks himself.
func (w *walk) rewrites(a actor, namespace string, escalate, change half) {
	d := draft{change, escalate, a.both(escalate, change, "write roles that give everything")}
	w.pool.drafts[namespace] = append(w.pool.drafts[namespace], d)
	spaces := []string{namespace}
	if namespace == "" {
		spaces = slices.Sorted(maps.Keys(w.pool.held))
	}
	for _, space := range spaces {
		for _, b := range w.pool.held[space] {
			w.rewritten(d, b)
		}
	}
}

func (w *walk) rewritten(d draft, b *binding) {
	name := b.roleRef.Name
	if w.everyone[b.namespace] || !allowsName(d.change.names, name) || !allowsName(d.escalate.names, name) {
		return
	}
	hop := bulkhead.Hop{Object: b.ref, Field: "roleRef", Text: "gives that Role to who is within reach"}
	w.grantsAll(Escalates, b.namespace, d.change, d.path.then(hop))
}
