// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// A half is a right that leads further only together with another.
type half struct {
	right     string // "verb resource", as the edge begins
	namespace string // empty for all
	names     []string
	seat      seat
	path      *trail // up to and with its rule
}

// halves are those of all actors together, by right and namespace, each the first.
type halves map[[2]string]half

// halvesOf returns what of a binding is half of something, and keeps it for what
// different users may do together.
func (w *walk) halvesOf(s seat, path *trail) []half {
	if s.binding.role == nil {
		return nil
	}
	var out []half
	for _, m := range s.binding.role.found {
		if m.edge.gain != part || m.edge.cluster && s.binding.namespace != "" {
			continue
		}
		h := half{
			right: m.edge.verbs[0] + " " + m.edge.resource, namespace: s.binding.namespace, names: m.names, seat: s,
			path: path.then(s.hop(), bulkhead.Hop{Object: m.rule.ref, Field: m.field(), Text: "lets it " + m.verb + " " + m.edge.resource}),
		}
		out = append(out, h)
		if key := [2]string{h.right, h.namespace}; w.halves[key].path == nil {
			w.halves[key] = h
		}
	}
	return out
}

// joint follows what one user may do with several rights in one request.
func (w *walk) joint(own []half) {
	if len(own) == 0 {
		return
	}
	for _, h := range own {
		switch h.right {
		case "create rolebindings":
			w.binds(h, own)
		case "create clusterrolebindings":
			if b := find(own, "bind clusterroles", ""); b != nil && h.namespace == "" {
				w.grantsAll(Binds, "", h, *b, "bind any role in every namespace")
			}
		case "escalate roles":
			if write := find(own, "create roles", h.namespace); write != nil {
				w.grantsAll(Escalates, h.namespace, h, *write, "write roles that give everything")
			}
		case "escalate clusterroles":
			if write := find(own, "update clusterroles", ""); write != nil {
				w.grantsAll(Escalates, "", h, *write, "write roles that give everything")
			}
		case "impersonate groups":
			w.joinsGroups(h, own)
		}
	}
}

// find returns a right that holds in a namespace.
func find(own []half, right, namespace string) *half {
	at := slices.IndexFunc(own, func(h half) bool { return h.right == right && (h.namespace == "" || h.namespace == namespace) })
	if at < 0 {
		return nil
	}
	return &own[at]
}

// binds follows who may make bindings and bind roles. The roles it may bind are all,
// or those of some names, whose rights it then has.
func (w *walk) binds(h half, own []half) {
	for _, right := range []string{"bind clusterroles", "bind roles"} {
		for _, b := range own {
			if b.right != right || b.namespace != "" && h.namespace != "" && b.namespace != h.namespace {
				continue
			}
			namespace := h.namespace
			if namespace == "" {
				namespace = b.namespace
			}
			if !w.givesTooMuch(right, namespace, b.names) {
				continue
			}
			w.grantsAll(Binds, namespace, h, b, "bind roles that give more than it has")
		}
	}
}

// givesTooMuch reports whether one of the roles that may be bound leads anywhere. One
// that is not known may.
func (w *walk) givesTooMuch(right, namespace string, names []string) bool {
	if len(names) == 0 {
		return true
	}
	kind := "ClusterRole"
	if right == "bind roles" {
		kind = "Role"
	}
	for _, name := range names {
		key := roleKey{kind: kind, name: name}
		if kind == "Role" {
			key.namespace = namespace
		}
		role := w.roles.of(key)
		if role == nil {
			w.missing["the rules of "+kind+" "+name+", which may be bound"] = true
			continue
		}
		if len(role.found) == 0 {
			role.found = w.atlas.leads(role)
		}
		if slices.ContainsFunc(role.found, func(m match) bool { return m.edge.gain != part && !m.edge.cluster }) {
			return true
		}
	}
	return false
}

// grantsAll notes that everything is within reach, in a namespace or in all.
func (w *walk) grantsAll(rule, namespace string, first, second half, text string) {
	hops := second.path.hops
	last := hops[len(hops)-1]
	last.Text += ", and together with that to " + text
	path := first.path.then(last)
	if namespace == "" {
		w.rule(path)
	} else {
		w.becomeAll(namespace, path)
	}
	if namespace == "" || slices.Contains(w.boundary.Away, namespace) {
		w.breach(rule, path.closedBy(changeOf(second.seat)))
	}
}

// joinsGroups follows who may impersonate groups, which needs somebody to impersonate
// (k8s.io/apiserver v0.37, pkg/endpoints/filters/impersonation).
func (w *walk) joinsGroups(h half, own []half) {
	somebody := find(own, "impersonate users", "")
	if somebody == nil {
		at := slices.IndexFunc(own, func(h half) bool { return h.right == "impersonate serviceaccounts" })
		if at < 0 {
			return
		}
		somebody = &own[at]
	}
	if len(h.names) == 0 || slices.Contains(h.names, mastersGroup) {
		w.grantsAll(Impersonates, "", *somebody, h, "act as a member of system:masters")
		return
	}
	for _, name := range h.names {
		w.become(User{Groups: []string{name, everyoneGroup}}, somebody.path.then(h.path.hops...))
	}
}

// jointly follows what users may do together, one request each: make a Secret that is
// filled with a token, and read it; ask for a certificate, and approve it. It reports
// whether that led to anything new.
func (w *walk) jointly() bool {
	before := len(w.actors)
	for _, key := range w.halves.sorted() {
		h := w.halves[key]
		if h.right != "create secrets" {
			continue
		}
		for _, reading := range []string{h.namespace, ""} {
			if read, ok := w.halves[[2]string{"get secrets", reading}]; ok {
				w.tokenSecrets(h, read)
			}
		}
	}
	w.certificates()
	return len(w.actors) > before
}

func (w *walk) tokenSecrets(create, read half) {
	if create.namespace == "" {
		if read.namespace == "" {
			return // is noted as reading and changing everywhere
		}
		create.namespace = read.namespace
	}
	last := read.path.hops[len(read.path.hops)-1]
	last.Text += ", and so the token of any ServiceAccount, with which the API server fills a Secret that asks for it"
	w.becomeAll(create.namespace, create.path.then(last))
}

func (w *walk) certificates() {
	ask, asks := w.halves[[2]string{"create certificatesigningrequests", ""}]
	update, updates := w.halves[[2]string{"update certificatesigningrequests/approval", ""}]
	approve, approves := w.halves[[2]string{"approve signers", ""}]
	if !asks || !updates || !approves || w.signed {
		return
	}
	w.signed = true
	last := approve.path.hops[len(approve.path.hops)-1]
	last.Text += ", and so to log in as any user with a certificate"
	path := ask.path.then(update.path.hops...).then(last)
	w.rule(path)
	w.breach(SignsCertificates, path.closedBy(changeOf(approve.seat)))
}

func (h halves) sorted() [][2]string {
	out := make([][2]string, 0, len(h))
	for key := range h {
		out = append(out, key)
	}
	slices.SortFunc(out, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return out
}
