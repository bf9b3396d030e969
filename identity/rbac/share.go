// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// A share is a role that the side has in a namespace, or with an empty one in all.
type share struct {
	role      *role
	namespace string
	seat      seat   // that leads to it
	path      *trail // up to it
	rule      string // that it breaks across the boundary; empty for that of the worst it gives
}

func (h share) place() place { return place{h.role, h.namespace} }

// A place is where a role is given.
type place struct {
	role      *role
	namespace string
}

// An effect is what a role leads to in a namespace, beside what it gives.
type effect struct {
	worst  *match   // of what is across the boundary
	texts  []string // of all that is, the worst first
	opens  []*match
	halves []*match
}

// effectOf works out what a role leads to where it is given, and the first time follows
// whom it lets the side become.
func (w *walk) effectOf(h share) *effect {
	if known := w.given[h.place()]; known != nil {
		return known
	}
	e := &effect{}
	w.given[h.place()] = e
	var crossing []*match
	all := h.role.leads.everything()
	for _, m := range h.role.leads.matches {
		switch {
		case m.edge.cluster && h.namespace != "" || !m.edge.inScope(h.namespace):
		case m.edge.gain == part && all: // together with others it gives no more
		case m.edge.gain == part:
			e.halves = append(e.halves, m)
		case m.edge.until > 0:
			w.perhapsOld(m, h)
		default:
			w.gain(m, h.namespace, h.path)
			if m.opens() {
				e.opens = append(e.opens, m)
			}
			if w.crosses(m, h.namespace) {
				crossing = append(crossing, m)
			}
		}
	}
	e.cross(crossing)
	return e
}

// cross keeps the worst of what crosses the boundary, and the texts of the rest. That
// objects are changed goes without saying beside anything else, and all of it beside
// everything.
func (e *effect) cross(crossing []*match) {
	slices.SortStableFunc(crossing, func(a, b *match) int { return a.edge.rank - b.edge.rank })
	for _, m := range crossing {
		if e.worst == nil {
			e.worst = m
		}
		said := len(e.texts) > 0 && (m.edge.any() || e.worst.edge.id == Admin)
		if !said && !slices.Contains(e.texts, m.edge.text) {
			e.texts = append(e.texts, m.edge.text)
		}
	}
}

// take notes what crosses the boundary by a share.
func (w *walk) take(h share, e *effect) {
	for _, m := range e.opens {
		if e.worst == nil || e.worst.edge.id != Admin {
			w.opens(m, h)
		}
	}
	if e.worst != nil {
		rule := h.rule
		if rule == "" {
			rule = e.worst.edge.id
		}
		w.breach(rule, h.path.then(h.hop(e.worst, e.texts[1:])).closedBy(changeOf(h.seat)))
	}
	for _, a := range h.role.leads.asks {
		w.ask(a, h)
	}
}

// hop is the last step of a breach: the worst that a role gives, and what else.
func (h share) hop(m *match, more []string) bulkhead.Hop {
	const some = 3
	text := "lets it " + m.verb + " " + m.resourceName()
	if len(m.names) > 0 {
		text += " " + strings.Join(m.names[:min(some, len(m.names))], ", ")
	}
	text += ": " + m.edge.text
	if len(more) > 0 {
		text += "; also " + strings.Join(more[:min(some, len(more))], ", ")
	}
	if len(more) > some {
		text += ", and " + strconv.Itoa(len(more)-some) + " more"
	}
	return bulkhead.Hop{Object: m.rule.role.ref, Field: m.field(), Text: text + ", " + where(h.namespace)}
}

// perhapsOld follows what led further before some version of Kubernetes, when the
// version is not known.
func (w *walk) perhapsOld(m *match, h share) {
	text := "which version of Kubernetes the cluster has: before v1." + strconv.Itoa(m.edge.until) + " whoever may " + m.verb + " " + m.edge.resource + " could " + m.edge.text
	w.perhaps(text, h.path, func(path *trail) {
		w.gain(m, h.namespace, path)
		if w.given[h.place()].worst == nil && w.crosses(m, h.namespace) {
			w.breach(m.edge.id, path.then(h.hop(m, nil)))
		}
	})
}

// crosses reports whether an edge in a scope is across the boundary.
func (w *walk) crosses(m *match, namespace string) bool {
	switch {
	case m.edge.gain == mappedIdentities:
		if !w.outside.awsAuth {
			w.missing["whether the cluster maps identities of a cloud by ConfigMap kube-system/aws-auth"] = true
		}
		return w.outside.awsAuth
	case m.edge.resource == "users" && len(m.names) > 0:
		return slices.ContainsFunc(m.names, w.isAway)
	case m.edge.ofNamespaces() && len(m.names) > 0:
		return slices.ContainsFunc(m.names, func(name string) bool { return w.away[name] && (namespace == "" || namespace == name) })
	case m.edge.cluster, m.edge.anywhere:
		return true
	default:
		return namespace == "" || w.away[namespace]
	}
}

// isAway reports whether a user is a service account on the other side.
func (w *walk) isAway(name string) bool {
	namespace, _, ok := User{Name: name}.account()
	return ok && w.away[namespace]
}

// inScope reports whether an edge leads anywhere in a namespace, or in all.
func (e *edge) inScope(namespace string) bool {
	return e.in == "" || namespace == "" || namespace == e.in
}
