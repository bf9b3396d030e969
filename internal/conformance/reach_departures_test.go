// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"slices"
	"strings"
)

const nodeText = `"Traffic to and from the node where a Pod is running is always allowed", kubernetes.io Network Policies; `

// peers are the engines, and all that they are known to answer otherwise.
func peers() []peer {
	guard := []departure{
		{
			name: "the node of a pod is policed", fault: ownNodePoliced,
			reason: nodeText + "isPeerNodeIP compares only when the address of the node cannot be read (netpol-analyzer, pkg/netpol/eval/check.go)",
		},
		{
			name: "pods on the network of their node are policed as others", fault: hostNetworkPoliced,
			reason: "undefined by the API, kubernetes.io Network Policies, on hostNetwork pods; PodFromCoreObject does not read the field (pkg/netpol/eval/internal/k8s/pod.go)",
		},
		{
			name: "an ipBlock matches no pod", fault: blocksMissPods,
			reason: "the API's suite wants it to (kubernetes test/e2e/network/netpol, ipBlock tests); ruleSelectsPeer assumes it does not (pkg/netpol/eval/internal/k8s/netpol.go)",
		},
		{
			name: "a port name is that of the first port called so", fault: firstNamedPort,
			reason: "a name counts with its protocol and in each container, NetworkPolicyPort.port; ConvertPodNamedPort returns the first (pkg/netpol/eval/internal/k8s/pod.go)",
		},
		{
			name: "sidecars name no ports", fault: noSidecars,
			reason: "kubernetes issue 125285; PodFromCoreObject reads spec.containers only (pkg/netpol/eval/internal/k8s/pod.go)",
		},
		{
			name: "IPv6 networks are read as IPv4", fault: ipv6AsIPv4,
			reason: "cidrToInterval takes the first four bytes (np-guard/models v0.5.7, pkg/netset/ipblock.go)",
		},
	}
	return []peer{
		{
			name: "cyclonus", program: "cyclonus",
			tolerate: []departure{
				{
					name: "NotIn needs the key", fault: notInNeedsKey,
					reason: "metav1.LabelSelectorAsSelector matches without the key; IsMatchExpressionMatchForLabels does not (cyclonus, pkg/kube/labelselector.go)",
				},
				{
					name: "a label that is absent equals an empty one", fault: absentIsEmpty,
					reason: "matchLabels is In with one value, metav1.LabelSelector; IsLabelsMatchLabelSelector compares what a map returns (pkg/kube/labelselector.go)",
				},
				{
					name: "one name for a port", fault: onePortName,
					reason: "containers may give a port several names; Traffic has one ResolvedPortName (pkg/matcher/traffic.go)",
				},
				{
					name: "a pod is policed towards itself", fault: ownPodPoliced,
					reason: `"A Pod cannot block access to itself", kubernetes.io Network Policies; Traffic has no identity of pods (pkg/matcher/traffic.go)`,
				},
				{
					name: "the node of a pod is policed", fault: ownNodePoliced,
					reason: nodeText + "InternalPeer has no node (pkg/matcher/traffic.go)",
				},
				{
					name: "pods on the network of their node are policed as others", fault: hostNetworkPoliced,
					reason: "undefined by the API, kubernetes.io Network Policies, on hostNetwork pods; InternalPeer cannot say it (pkg/matcher/traffic.go)",
				},
			},
		},
		{
			name: "npguard-eval", program: "npguard", command: []string{"eval"},
			tolerate: append(slices.Clip(guard),
				departure{
					name: "a protocol without a port is any protocol", fault: protocolAloneIsAny,
					reason: "NetworkPolicyPort.port: absent means all ports of the protocol; ruleConnsContain does not look at it (pkg/netpol/eval/internal/k8s/netpol.go)",
				},
				departure{
					name: "no answer about IPv6 addresses", covers: ipv6Refused,
					reason: "parseIP knows IPv4 only (np-guard/models v0.5.7, pkg/netset/ipblock.go)",
				},
				departure{
					name: "no answer where a port name meets an address", covers: nameMeetsAddress,
					reason: "such a rule matches no port, and is valid; getPortsRange returns an error (pkg/netpol/eval/internal/k8s/netpol.go)",
				},
			),
		},
		{
			name: "npguard-list", program: "npguard", command: []string{"list"},
			// The list has no connections of a pod with itself, and none between addresses.
			notAsked: func(q query) bool {
				return q.From == q.To || !strings.Contains(q.From, "/") && !strings.Contains(q.To, "/")
			},
			tolerate: append(slices.Clip(guard),
				departure{
					name: "IPv6 addresses are not listed", covers: ipv6Denied,
					reason: "a range of addresses is one of IPv4 (np-guard/models v0.5.7, pkg/netset/ipblock.go)",
				},
				departure{
					name: "no list where a port name meets an address", covers: nameMeetsAnyAddress,
					reason: "such a rule matches no port, and is valid; getPortsRange ends the analysis (pkg/netpol/eval/internal/k8s/netpol.go)",
				},
				departure{
					name: "ranges of ports that overlap in part lose a piece", covers: overlapLost,
					reason: "AddAugmentedInterval drops it where a range ends inside the interval after the one it begins in; nextIncludedInterval closes the gap (pkg/netpol/internal/common/augmented_intervalset.go)",
				},
			),
		},
	}
}
