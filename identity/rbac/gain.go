// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// gain follows what an edge gives beside the right itself, in a namespace or with an
// empty one in all.
func (w *walk) gain(m *match, namespace string, path *trail) {
	if m.edge.gain == nothing {
		return
	}
	path = path.then(m.hop())
	switch {
	case m.edge.gain == mappedIdentities:
		if w.outside.awsAuth {
			w.rule(path)
		}
	case m.edge.gain == everything && m.edge.cluster:
		w.rule(path)
	case m.edge.gain == everything && namespace == "":
		w.rule(path)
		w.becomeAll("", path)
	case m.edge.gain == everything, m.edge.gain == anyAccount:
		w.becomeAll(namespace, path)
	case m.edge.gain == namedAccount && m.edge.resource == "users":
		if len(m.names) == 0 {
			w.rule(path)
		}
		for _, name := range m.names {
			w.become(User{Name: name}.authenticated(), path)
		}
	case len(m.names) == 0 && (m.edge.gain == namedAccount || m.edge.gain == runningAs):
		w.becomeAll(namespace, path)
	case m.edge.gain == namedAccount:
		w.becomeNamed(namespace, m.names, path)
	case m.edge.gain == runningAs:
		w.becomeRunning(namespace, m, path)
	case m.edge.gain == secretTokens:
		w.becomeByToken(namespace, m.names, path)
	}
}

func (m *match) hop() bulkhead.Hop {
	return bulkhead.Hop{Object: m.rule.role.ref, Field: m.field(), Text: "lets it " + m.verb + " " + m.resourceName() + ": " + m.edge.text}
}

func (m *match) resourceName() string {
	switch {
	case m.edge.resource != "":
		return m.edge.resource
	case m.edge.id == Admin:
		return "everything"
	default:
		return m.rule.Resources[m.resource]
	}
}

// becomeNamed acts as accounts of some names. In all namespaces those count that are
// known.
func (w *walk) becomeNamed(namespace string, names []string, path *trail) {
	for _, name := range names {
		if namespace != "" {
			w.become(Account(namespace, name), path)
			continue
		}
		for _, space := range w.homes[name] {
			w.become(Account(space, name), path)
		}
	}
}

// becomeRunning acts as what pods of some names run as. What a workload makes has its
// name, a dash and more.
func (w *walk) becomeRunning(namespace string, m *match, path *trail) {
	for _, name := range m.names {
		accounts := w.runsAs[account{namespace, name}]
		for at, letter := range name {
			if letter == '-' {
				accounts = append(slices.Clip(accounts), w.runsAs[account{namespace, name[:at]}]...)
			}
		}
		for _, a := range accounts {
			w.become(Account(a.namespace, a.name), path)
		}
		if len(accounts) == 0 && !w.options.Whole {
			w.missing["what runs as "+m.edge.resource+" "+name+" "+where(namespace)] = true
		}
	}
}

// becomeByToken acts as the accounts whose tokens Secrets hold, those of some names or
// all.
func (w *walk) becomeByToken(namespace string, names []string, path *trail) {
	for _, t := range w.tokens[namespace] {
		if len(names) == 0 {
			w.impersonate(t, path)
		}
	}
	for _, name := range names {
		for _, t := range w.named[account{namespace, name}] {
			w.impersonate(t, path)
		}
	}
	if namespace != "" && !w.secrets[namespace] && !w.from[namespace] && !w.away[namespace] {
		w.perhaps("whose tokens the Secrets of namespace "+namespace+" hold, which are read", path, func(path *trail) { w.becomeAll(namespace, path) })
	}
}

func (w *walk) impersonate(t token, path *trail) {
	w.become(Account(t.of.namespace, t.of.name), path.then(bulkhead.Hop{
		Object: bulkhead.Ref{Kind: "Secret", Namespace: t.of.namespace, Name: t.secret}, Field: "metadata.annotations[kubernetes.io/service-account.name]",
		Text: "holds a token of ServiceAccount " + t.of.name,
	}))
}
