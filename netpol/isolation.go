// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// An isolation is what isolates pods of a namespace in a direction, in a set. The
// empty namespace, which a manifest leaves to kubectl, is one like any other.
type isolation map[scope]*isolated

type scope struct {
	namespace string
	direction networkingv1.PolicyType
}

type isolated struct {
	subjects []space.Labels // of the policies
	denied   bool           // a policy does not allow everything to every pod
}

func isolationOf(objs []bulkhead.Object) isolation {
	out := make(isolation)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](objs) {
		subject, ok := space.LabelsOf(&np.Spec.PodSelector)
		if !ok || refusedTypes(np) {
			continue // rule Invalid says so
		}
		for _, direction := range bothDirections() {
			if !governs(np, direction) {
				continue
			}
			at := scope{np.Namespace, direction}
			if out[at] == nil {
				out[at] = &isolated{}
			}
			out[at].subjects = append(out[at].subjects, subject)
			out[at].denied = out[at].denied || !allowsEverything(np, direction)
		}
	}
	return out
}

// denies reports whether a policy of the namespace isolates pods in a direction
// and does not allow everything to all of them: what an allow-all undoes.
func (i isolation) denies(namespace string, direction networkingv1.PolicyType) bool {
	here := i[scope{namespace, direction}]
	return here != nil && here.denied
}

// holds reports whether a single policy isolates all pods of the subject of one in
// a direction.
func (i isolation) holds(np *networkingv1.NetworkPolicy, direction networkingv1.PolicyType) bool {
	here := i[scope{np.Namespace, direction}]
	pods, ok := space.LabelsOf(&np.Spec.PodSelector)
	return ok && here != nil && slices.ContainsFunc(here.subjects, func(subject space.Labels) bool { return subject.Covers(pods) })
}
