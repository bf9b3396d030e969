// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"maps"
	"slices"
)

// binds follows who may write bindings, and bind roles that give more than he has: then
// he has what they give. With a right to change bindings alone these are the roles of
// those that are there: what a binding refers to cannot be changed (Kubernetes v1.37,
// pkg/registry/rbac/rolebinding/policybased and pkg/apis/rbac/validation).
func (w *walk) binds(a actor, namespace string, b, r half) {
	const more = "bind roles that give more than it has"
	if b.edge.id == changesBindings {
		w.joinsBindings(a, namespace, b, r)
		return
	}
	if len(r.names) == 0 {
		w.grantsAll(Binds, namespace, r, a.both(b, r, more))
		return
	}
	for _, name := range r.names {
		w.gives(a, keyIn(kindOf(r), namespace, name), namespace, r, a.both(b, r, more))
	}
}

// joinsBindings follows who may add himself to bindings.
func (w *walk) joinsBindings(a actor, namespace string, b, r half) {
	for _, space := range w.bindingSpaces(namespace) {
		for _, other := range w.bindingsIn[space] {
			if other.roleRef.Kind != kindOf(r) || !allowsName(r.names, other.roleRef.Name) || !allowsName(b.names, other.ref.Name) {
				continue
			}
			w.gives(a, other.roleKey(), space, r, a.both(b, r, "join "+other.ref.String()))
		}
	}
}

func (w *walk) bindingSpaces(namespace string) []string {
	if namespace != "" {
		return []string{namespace}
	}
	return slices.Sorted(maps.Keys(w.bindingsIn))
}

func allowsName(names []string, name string) bool {
	return len(names) == 0 || slices.Contains(names, name)
}

func kindOf(binds half) string {
	if binds.edge.id == bindsRoles {
		return "Role"
	}
	return "ClusterRole"
}

// gives follows a role that a user can give himself.
func (w *walk) gives(a actor, key roleKey, namespace string, by half, path *trail) {
	r := w.roles[key]
	if r == nil {
		w.missing["the rules of "+key.kind+" "+key.name+", which may be bound"] = true
		return
	}
	h := share{role: r, namespace: namespace, seat: by.seat, path: path.closedBy(changeOf(by.seat)), rule: Binds}
	fresh := w.given[h.place()] == nil // and not had by a binding
	e, subject := w.effectOf(h), a.user.keys()[0]
	if id := (gift{subject, h.place()}); !w.gifts[id] {
		w.gifts[id] = true
		if fresh {
			w.take(h, e)
		}
		if len(e.halves) > 0 {
			w.collect(subject, h, e, path)
			w.again(subject, a)
		}
	}
}

// A gift is a role that a user can give himself somewhere.
type gift struct {
	subject string
	place
}

// again looks at a user once more, who has further rights.
func (w *walk) again(subject string, a actor) {
	for _, key := range a.user.keys() {
		delete(w.met, [2]string{subject, key})
		delete(w.met, [2]string{key, subject})
	}
	w.queue = append(w.queue, a)
}
