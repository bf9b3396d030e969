// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// opens reports whether an edge may lead out of the side's own namespaces as well.
func (m *match) opens() bool {
	switch m.edge.id {
	case RelabelsNamespace:
		return true
	case RedirectsServices:
		return m.edge.resource == "services"
	case RoutesTraffic:
		return m.edge.resource != "referencegrants"
	default:
		return false
	}
}

// opens follows what a right over the side's own namespaces opens to the outside: their
// labels, and Services with addresses and routes with hosts of others.
func (w *walk) opens(m *match, h share) {
	switch m.edge.id {
	case RelabelsNamespace:
		w.relabels(m, h)
	case RedirectsServices:
		w.takes(m, h, w.options.ExternalIPs, "Services may have external IPs", "addresses")
	case RoutesTraffic:
		if w.hosts {
			w.takes(m, h, w.options.SharedHosts, "an Ingress or a route may answer for hosts of the other side", "hosts")
		}
	}
}

// takes notes a right that is across the boundary if some answer is yes.
func (w *walk) takes(m *match, h share, answer identity.Answer, whether, what string) {
	switch answer {
	case identity.Unknown:
		w.missing["whether "+whether+", which "+nameOf(h.seat)+" could set to "+what+" of others"] = true
	case identity.Yes:
		hop := m.hop()
		hop.Text = "lets it " + m.verb + " " + m.resourceName() + ", also for " + what + " of others"
		w.breach(m.edge.id, h.path.then(hop).closedBy(changeOf(h.seat)))
	case identity.No:
	}
}

// relabels follows who may change the labels of the side's own namespaces, that by
// which Pod Security goes among them.
func (w *walk) relabels(m *match, h share) {
	path := h.path.then(m.hop()).closedBy(changeOf(h.seat))
	for _, namespace := range w.side {
		if h.namespace != "" && h.namespace != namespace || w.relabelled[namespace] || !allowsName(m.names, namespace) {
			continue
		}
		w.relabelled[namespace] = true
		w.takeNodes(namespace, path.then(bulkhead.Hop{
			Object: bulkhead.Ref{Kind: "Namespace", Name: namespace}, Field: enforceField,
			Text: "is then changed to privileged, and pods take over their nodes, with the tokens of all pods there",
		}))
	}
}
