// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"cmp"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/workload"
)

const (
	enforceLabel = "pod-security.kubernetes.io/enforce"
	enforceField = "metadata.labels[" + enforceLabel + "]"
)

// level follows what pods do that the side writes into one of its own namespaces: a pod
// that is not held back, by the level baseline or restricted of Pod Security, takes
// over its node.
func (w *walk) level(namespace string) {
	ref := bulkhead.Ref{Kind: "Namespace", Name: namespace}
	path := (*trail)(nil).then(bulkhead.Hop{Object: ref, Field: enforceField, Text: "lets pods take over their nodes, with the tokens of all pods there"}).
		closedBy(bulkhead.Change{Object: ref, Field: enforceField, Text: "enforce the level baseline or restricted"})
	take := func(path *trail) { w.takeNodes(namespace, path) }
	unknown := "what keeps privileged pods out of namespace " + namespace
	object := w.namespaces[namespace]
	if object == nil {
		w.perhaps(unknown+": its Namespace is not among the objects", path, take)
		return
	}
	switch object.Labels[enforceLabel] {
	case "restricted", "baseline":
	case "privileged":
		take(path)
	default:
		w.perhaps(unknown+": it enforces no level of Pod Security", path, take)
	}
}

// takeNodes follows who takes over the nodes on which pods of a namespace run: he has
// the token of every pod there.
func (w *walk) takeNodes(namespace string, path *trail) {
	for _, r := range w.runners {
		if w.from[r.account.namespace] {
			continue
		}
		on := path.then(r.hop())
		if r.everywhere {
			w.runBeside(r, on)
			continue
		}
		if !w.away[r.account.namespace] { // of the other side SharedNodes tells
			w.perhaps("whether pods of "+r.ref.String()+" run on nodes that pods of namespace "+namespace+" take over", on, func(path *trail) { w.runBeside(r, path) })
		}
	}
	switch w.options.SharedNodes {
	case identity.No:
	case identity.Unknown:
		w.missing["whether pods of both sides share nodes, which pods of namespace "+namespace+" can take over"] = true
	case identity.Yes:
		w.breach(PrivilegedPods, path)
	}
}

func (w *walk) runBeside(r runner, path *trail) {
	w.become(Account(r.account.namespace, r.account.name), path)
	if w.away[r.account.namespace] {
		w.breach(PrivilegedPods, path)
	}
}

// A runner is an account that pods run as.
type runner struct {
	ref        bulkhead.Ref
	field      string
	account    account
	everywhere bool // on every node
}

func (r runner) hop() bulkhead.Hop {
	text := "runs as ServiceAccount " + r.account.namespace + "/" + r.account.name
	if r.everywhere {
		text += " on every node"
	}
	return bulkhead.Hop{Object: r.ref, Field: r.field, Text: text}
}

// runnersOf returns of each account one workload that runs as it, one with a pod on
// every node if there is any.
func runnersOf(workloads []workload.Workload) []runner {
	out := make([]runner, 0, len(workloads))
	for _, wl := range workloads {
		out = append(out, runner{
			bulkhead.RefTo(wl.Object), wl.Path.Child("serviceAccountName").String(), account{wl.Object.GetNamespace(), accountOf(wl)}, everywhere(wl),
		})
	}
	slices.SortStableFunc(out, func(a, b runner) int {
		if a.everywhere != b.everywhere && a.account == b.account {
			return map[bool]int{true: -1, false: 1}[a.everywhere]
		}
		return cmp.Or(a.account.compare(b.account), a.ref.Compare(b.ref))
	})
	return slices.CompactFunc(out, func(a, b runner) bool { return a.account == b.account })
}

func accountOf(wl workload.Workload) string {
	return cmp.Or(wl.Spec.ServiceAccountName, wl.Spec.DeprecatedServiceAccount, "default")
}

// everywhere reports whether a workload has a pod on every node that runs Linux.
func everywhere(wl workload.Workload) bool {
	if bulkhead.RefTo(wl.Object).Kind != "DaemonSet" {
		return false
	}
	for key, value := range wl.Spec.NodeSelector {
		if key != "kubernetes.io/os" && key != "beta.kubernetes.io/os" || value != "linux" {
			return false
		}
	}
	return wl.Spec.Affinity == nil || wl.Spec.Affinity.NodeAffinity == nil || wl.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution == nil
}

// actAsNode follows who is a node, or can be any: the Node authorizer gives it what the
// pods there may have (Kubernetes v1.37, plugin/pkg/auth/authorizer/node).
func (w *walk) actAsNode(path *trail) {
	if !slices.Contains(w.options.Authorizers, "Node") {
		return
	}
	w.breach(ActsAsNode, path)
	for _, r := range w.runners {
		w.become(Account(r.account.namespace, r.account.name), path.then(r.hop()))
	}
}
