// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/workload"
)

const enforceLabel = "pod-security.kubernetes.io/enforce"

// takeNodes follows what pods do that the side writes into its own namespaces: a pod
// that is not held back, by the level baseline or restricted of Pod Security, takes
// over its node, and with it the token of every pod that runs there. It reports
// whether that led to anything new.
func (w *walk) takeNodes() bool {
	before := len(w.actors)
	for _, namespace := range slices.Sorted(slices.Values(w.boundary.From)) {
		path, missing := w.privileged(namespace)
		switch {
		case missing != "":
			w.missing[missing] = true
			continue
		case path == nil:
			continue
		}
		for _, a := range w.daemons {
			if !slices.Contains(w.boundary.From, a.namespace) {
				w.becomeDaemon(a, path)
			}
		}
		switch w.options.SharedNodes {
		case identity.No:
		case identity.Unknown:
			w.missing["whether pods of both sides share nodes, which pods of namespace "+namespace+" can take over"] = true
		case identity.Yes:
			if !w.taken {
				w.taken = true
				w.breach(PrivilegedPods, path)
			}
		}
	}
	return len(w.actors) > before
}

func (w *walk) becomeDaemon(a account, path *trail) {
	ref := bulkhead.Ref{Kind: "ServiceAccount", Namespace: a.namespace, Name: a.name}
	path = path.then(bulkhead.Hop{Object: ref, Text: "has a pod of a DaemonSet on every node"})
	w.become(Account(a.namespace, a.name), path)
	if slices.Contains(w.boundary.Away, a.namespace) {
		w.breach(PrivilegedPods, path)
	}
}

// privileged returns how pods of a namespace take over their node, or what is missing
// to tell. With neither they do not.
func (w *walk) privileged(namespace string) (*trail, string) {
	ref := bulkhead.Ref{Kind: "Namespace", Name: namespace}
	label := "metadata.labels[" + enforceLabel + "]"
	object := w.namespaces[namespace]
	if object == nil {
		return nil, "what keeps privileged pods out of namespace " + namespace + ": its Namespace is not among the objects"
	}
	switch level := object.Labels[enforceLabel]; level {
	case "restricted", "baseline":
		if path := w.relabelled[namespace]; path != nil {
			return path.then(bulkhead.Hop{Object: ref, Field: label, Text: "is then changed to privileged, and pods take over their nodes, with the tokens of all pods there"}), ""
		}
		return nil, ""
	case "privileged":
		var start *trail
		path := start.then(bulkhead.Hop{Object: ref, Field: label, Text: "lets pods take over their nodes, with the tokens of all pods there"})
		return path.closedBy(bulkhead.Change{Object: ref, Field: label, Text: "enforce the level baseline or restricted"}), ""
	default:
		return nil, "what keeps privileged pods out of namespace " + namespace + ": it enforces no level of Pod Security"
	}
}

// everywhere reports whether a workload has a pod on every node.
func everywhere(wl workload.Workload) bool {
	if bulkhead.RefTo(wl.Object).Kind != "DaemonSet" || len(wl.Spec.NodeSelector) > 0 {
		return false
	}
	return wl.Spec.Affinity == nil || wl.Spec.Affinity.NodeAffinity == nil || wl.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution == nil
}

// opens follows what a right over the side's own namespaces opens to the outside:
// their labels, and Services with addresses of others.
func (w *walk) opens(m match, s seat, path *trail) {
	scope := s.binding.namespace
	path = path.then(m.hop()).closedBy(changeOf(s))
	switch {
	case m.edge.id == RelabelsNamespace:
		for _, namespace := range w.boundary.From {
			if (scope == "" || scope == namespace) && (len(m.names) == 0 || slices.Contains(m.names, namespace)) && w.relabelled[namespace] == nil {
				w.relabelled[namespace] = path
			}
		}
	case m.edge.resource == "services" && m.edge.id == RedirectsServices && w.options.ExternalIPs == identity.Unknown:
		w.missing["whether Services may have external IPs, which "+nameOf(s)+" could set to addresses of others"] = true
	case m.edge.resource == "services" && m.edge.id == RedirectsServices && w.options.ExternalIPs == identity.Yes:
		w.breach(RedirectsServices, path.then(bulkhead.Hop{
			Object: s.binding.ref, Text: "and a Service may have external IPs, which draw what is sent to those addresses",
		}))
	}
}
