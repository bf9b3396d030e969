// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/netpol/internal/space"
)

// DNSBlocked is a policy under which pods may connect to others and cannot resolve
// their names.
const DNSBlocked = "netpol/dns-blocked"

// The port on which names are resolved, and the one on which the pods of
// OpenShift's resolver listen behind it, in their namespace
// (openshift/cluster-dns-operator, assets/dns/service.yaml).
const (
	dnsPort               = 53
	openShiftDNSPort      = 5353
	openShiftDNSNamespace = "openshift-dns"
)

func dnsBlocked(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for namespace, policies := range n.policies {
		if !n.policiesKnown(namespace) {
			continue
		}
		if len(n.workloads[namespace]) == 0 {
			if np, blocked := n.namespaceBlocked(namespace, policies); blocked {
				reportDNS(p, np.obj, "every pod"+ofNamespace(namespace))
			}
			continue
		}
		names := make(map[*networkingv1.NetworkPolicy][]workload.Workload)
		for _, w := range n.workloads[namespace] {
			if np, blocked := n.withoutDNS(w); blocked && !w.Owned {
				names[np.obj] = append(names[np.obj], w)
			}
		}
		for np, workloads := range names {
			reportDNS(p, np, list(namesOf(workloads)))
		}
	}
}

func reportDNS(p *bulkhead.Pass, np *networkingv1.NetworkPolicy, pods string) {
	p.Reportf(np, specPath().Child("egress"), "allow UDP and TCP 53 to the resolver of the cluster",
		"names do not resolve for %s: no policy lets UDP 53 out, while other egress is allowed", pods)
}

// withoutDNS reports whether policies let the pods of w connect to something but
// not to a resolver, and returns the policy that isolates them.
func (n neighbours) withoutDNS(w workload.Workload) (policy, bool) {
	policies := n.governing(w, networkingv1.PolicyTypeEgress)
	if w.Spec.DNSPolicy == corev1.DNSNone {
		return policy{}, false
	}
	np, blocked := n.needsDNS(policies)
	return np, blocked && !n.acceptedByCluster(w)
}

// namespaceBlocked judges the pods of tomorrow in a namespace whose Namespace
// object is in the set, by the policies that select every pod.
func (n neighbours) namespaceBlocked(namespace string, policies []policy) (policy, bool) {
	var all []policy
	for _, np := range policies {
		if !governs(np.obj, networkingv1.PolicyTypeEgress) {
			continue
		}
		if np.subject.Empty() {
			all = append(all, np)
		} else if n.allowsDNS(np.obj) {
			return policy{}, false // some pods resolve names; which, the set does not show
		}
	}
	_, present := n.namespaces[namespace]
	if !present || len(n.cluster) > 0 {
		return policy{}, false
	}
	return n.needsDNS(all)
}

// needsDNS returns the policy to mend among those that isolate some pods: one that
// selects every pod of the namespace, else the first.
func (n neighbours) needsDNS(policies []policy) (policy, bool) {
	opens := false
	for _, np := range policies {
		if n.allowsDNS(np.obj) {
			return policy{}, false
		}
		opens = opens || slices.ContainsFunc(np.obj.Spec.Egress, needsNames)
	}
	if !opens {
		return policy{}, false
	}
	if i := slices.IndexFunc(policies, func(np policy) bool { return np.subject.Empty() }); i >= 0 {
		return policies[i], true
	}
	return policies[0], true
}

// needsNames reports whether an egress rule opens the way to peers that are found
// by name: all but single addresses, and those that nothing can match.
func needsNames(rule networkingv1.NetworkPolicyEgressRule) bool {
	for _, peer := range rule.To {
		if with, ok := space.PeerOf("", peer); ok && with.Empty() {
			continue
		}
		if block, ok := blockOf(peer); !ok || !block.IsSingleIP() {
			return true
		}
	}
	return len(rule.To) == 0
}
