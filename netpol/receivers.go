// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"iter"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// receivers returns the workloads at which the connections of a rule arrive, each
// once: its subject for ingress, its peers for egress. Known is false if there may
// be others.
func (n neighbours) receivers(np policy, rule trafficRule) (pods []workload.Workload, known bool) {
	if rule.direction == networkingv1.PolicyTypeIngress {
		return n.selected(np.obj.Namespace, np.subject), n.podsKnown(np.obj.Namespace)
	}
	known = len(rule.peers) > 0
	seen := make(map[bulkhead.Object]bool)
	for _, peer := range rule.peers {
		found, all := n.peerPods(np.obj.Namespace, peer)
		for w := range found {
			if !seen[w.Object] {
				seen[w.Object] = true
				pods = append(pods, w)
			}
		}
		known = known && all
	}
	return pods, known
}

// A namedPort is a port of a rule that goes by a name.
type namedPort struct {
	policy    *networkingv1.NetworkPolicy
	path      *field.Path // of the name
	name      string
	protocol  corev1.Protocol
	receivers []workload.Workload // whose containers the name is looked for in
	known     bool                // there are no others
}

// namedPorts yields the named ports of all policies. Who receives a rule's
// connections it asks for rules with such ports only.
func (n neighbours) namedPorts() iter.Seq[namedPort] {
	isNamed := func(port networkingv1.NetworkPolicyPort) bool {
		_, ok := portName(port)
		return ok
	}
	return func(yield func(namedPort) bool) {
		for np := range n.eachPolicy() {
			for rule := range effectiveRules(np.obj) {
				if !slices.ContainsFunc(rule.ports, isNamed) {
					continue
				}
				receivers, known := n.receivers(np, rule)
				for i, port := range rule.ports {
					name, ok := portName(port)
					at := rule.portsPath().Index(i).Child("port")
					if ok && !yield(namedPort{np.obj, at, name, protocolOf(port), receivers, known}) {
						return
					}
				}
			}
		}
	}
}

// namesOf lists workloads by kind and name, without repeating one whose owner is
// in the list.
func namesOf(workloads []workload.Workload) []string {
	name := func(w workload.Workload) string {
		ref := bulkhead.RefTo(w.Object)
		return ref.Kind + " " + ref.Name
	}
	var out, owned []string
	for _, w := range workloads {
		if w.Owned {
			owned = append(owned, name(w))
		} else {
			out = append(out, name(w))
		}
	}
	if len(out) == 0 {
		return owned // labels that were added to a pod set it apart from its owner
	}
	return out
}
