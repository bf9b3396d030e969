// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// An isolation is what isolates pods of a namespace in a direction, in a set. The
// empty namespace, which a manifest leaves to kubectl, is one like any other.
type isolation map[scope]*isolated

type scope struct {
	namespace string
	direction networkingv1.PolicyType
}

type isolated struct {
	subjects []isolatedPods
	denied   bool // a policy does not allow everything to every pod
}

// isolatedPods are the pods that one policy isolates.
type isolatedPods struct {
	by     *networkingv1.NetworkPolicy
	labels labelSpace
}

func isolationOf(objs []bulkhead.Object) isolation {
	out := make(isolation)
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](objs) {
		space, ok := spaceOf(&np.Spec.PodSelector)
		if !ok || refusedTypes(np) {
			continue // rule Invalid says so
		}
		for _, direction := range bothDirections() {
			if governs(np, direction) {
				out.add(scope{np.Namespace, direction}, isolatedPods{np, space})
			}
		}
	}
	return out
}

func (i isolation) add(at scope, pods isolatedPods) {
	if i[at] == nil {
		i[at] = &isolated{}
	}
	i[at].subjects = append(i[at].subjects, pods)
	i[at].denied = i[at].denied || !allowsEverything(pods.by, at.direction)
}

// denies reports whether a policy of the namespace isolates pods in a direction
// and does not allow everything to all of them: what an allow-all undoes.
func (i isolation) denies(namespace string, direction networkingv1.PolicyType) bool {
	here := i[scope{namespace, direction}]
	return here != nil && here.denied
}

// holds reports whether another policy isolates all pods of a subject in a
// direction.
func (i isolation) holds(subject *networkingv1.NetworkPolicy, direction networkingv1.PolicyType) bool {
	here := i[scope{subject.Namespace, direction}]
	inner, ok := spaceOf(&subject.Spec.PodSelector)
	return ok && here != nil && slices.ContainsFunc(here.subjects, func(pods isolatedPods) bool {
		return pods.by != subject && inner.within(pods.labels)
	})
}
