// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"maps"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// gain follows what an edge gives beside the right itself.
func (w *walk) gain(m match, namespace string, path *trail) {
	path = path.then(m.hop())
	spaces := []string{namespace}
	if namespace == "" {
		spaces = slices.Sorted(maps.Keys(w.accounts))
	}
	switch {
	case m.edge.gain == mappedIdentities:
		if w.outside.awsAuth {
			w.rule(path)
		}
	case m.edge.gain == everything && (m.edge.cluster || namespace == ""):
		w.rule(path)
	case m.edge.gain == everything, m.edge.gain == anyAccount:
		for _, space := range spaces {
			w.becomeAll(space, path)
		}
	case m.edge.gain == namedAccount && m.edge.resource == "users":
		if len(m.names) == 0 {
			w.rule(path)
		}
		for _, name := range m.names {
			w.become(User{Name: name}.authenticated(), path)
		}
	case m.edge.gain == namedAccount:
		for _, space := range spaces {
			w.becomeNamed(space, m.names, path)
		}
	case m.edge.gain == runningAs:
		for _, space := range spaces {
			w.becomeRunning(space, m, path)
		}
	case m.edge.gain == secretTokens:
		for _, space := range spaces {
			w.becomeByToken(space, m.names, path)
		}
	}
}

func (m match) hop() bulkhead.Hop {
	return bulkhead.Hop{Object: m.rule.ref, Field: m.field(), Text: "lets it " + m.verb + " " + m.resourceName() + ": " + m.edge.text}
}

func (m match) resourceName() string {
	if m.edge.resource == "" {
		if m.edge.id == Admin {
			return "everything"
		}
		return m.rule.Resources[m.resource]
	}
	return m.edge.resource
}

// becomeNamed acts as accounts of a namespace, those of some names or all.
func (w *walk) becomeNamed(namespace string, names []string, path *trail) {
	if len(names) == 0 {
		w.becomeAll(namespace, path)
		return
	}
	for _, name := range names {
		w.become(Account(namespace, name), path)
	}
}

// becomeRunning acts as what pods run as, those of some names or all.
func (w *walk) becomeRunning(namespace string, m match, path *trail) {
	if len(m.names) == 0 {
		w.becomeAll(namespace, path)
		return
	}
	for _, name := range m.names {
		accounts := w.runsAs[account{namespace, name}]
		for _, account := range accounts {
			w.become(Account(namespace, account), path)
		}
		if len(accounts) == 0 && !w.options.Whole {
			w.missing["what runs as "+m.edge.resource+" "+name+" in namespace "+namespace] = true
		}
	}
}

// becomeByToken acts as the accounts whose tokens Secrets hold.
func (w *walk) becomeByToken(namespace string, names []string, path *trail) {
	found := false
	for _, token := range w.tokens[namespace] {
		found = true
		if len(names) == 0 || slices.Contains(names, token.secret) {
			w.become(Account(namespace, token.account), path.then(bulkhead.Hop{
				Object: bulkhead.Ref{Kind: "Secret", Namespace: namespace, Name: token.secret}, Text: "holds a token of ServiceAccount " + token.account,
			}))
		}
	}
	if !found && !w.secrets[namespace] && !slices.Contains(w.boundary.From, namespace) && !slices.Contains(w.boundary.Away, namespace) {
		w.missing["whose tokens the Secrets of namespace "+namespace+" hold, which are read"] = true
	}
}
