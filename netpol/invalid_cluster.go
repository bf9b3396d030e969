// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"net/netip"
	"regexp"
	"slices"
	"unicode/utf8"

	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/internal/created"
)

// invalidClusterPolicy returns what an API server with the experimental
// CustomResourceDefinition of network-policy-api v0.2.0 would refuse in a new
// policy, under the same fields. The server leaves its CEL rules for later while
// other mistakes stand; here all are told at once.
func invalidClusterPolicy(cnp *policyv1alpha2.ClusterNetworkPolicy) field.ErrorList {
	metadata := field.NewPath("metadata")
	meta := created.Metadata(cnp.ObjectMeta)
	meta.Generation = 1 // as the server sets it
	errs := apivalidation.ValidateObjectMeta(&meta, false, apivalidation.NameIsDNSSubdomain, metadata)
	tiers := []policyv1alpha2.Tier{policyv1alpha2.AdminTier, policyv1alpha2.BaselineTier}
	if !slices.Contains(tiers, cnp.Spec.Tier) {
		errs = append(errs, field.NotSupported(specPath().Child("tier"), cnp.Spec.Tier, tiers))
	}
	errs = append(errs, invalidTierSpec(cnp, mostEntries)...)
	if len(errs) == 0 {
		// As with a NetworkPolicy: what passes is judged once more as any object is.
		errs = apivalidation.ValidateObjectMeta(&meta, false, created.PathSegment, metadata)
	}
	return errs
}

// invalidTierSpec judges what AdminNetworkPolicy has too. Rules, peers and ports are not
// to be more than most.
func invalidTierSpec(cnp *policyv1alpha2.ClusterNetworkPolicy, most int) field.ErrorList {
	spec := specPath()
	var errs field.ErrorList
	if p := cnp.Spec.Priority; p < 0 || p > 1000 {
		errs = append(errs, field.Invalid(spec.Child("priority"), p, "must be from 0 to 1000"))
	}
	errs = append(errs, notOne(spec.Child("subject"), cnp.Spec.Subject.Namespaces != nil, cnp.Spec.Subject.Pods != nil)...)
	errs = append(errs, tooMany(spec.Child("ingress"), len(cnp.Spec.Ingress), most)...)
	errs = append(errs, tooMany(spec.Child("egress"), len(cnp.Spec.Egress), most)...)
	for rule := range tierRules(cnp) {
		errs = append(errs, invalidTierRule(rule, most)...)
	}
	return errs
}

func invalidTierRule(rule tierRule, most int) field.ErrorList {
	var errs field.ErrorList
	if utf8.RuneCountInString(rule.name) > 100 {
		errs = append(errs, field.TooLong(rule.path.Child("name"), "", 100))
	}
	actions := []policyv1alpha2.ClusterNetworkPolicyRuleAction{
		policyv1alpha2.ClusterNetworkPolicyRuleActionAccept,
		policyv1alpha2.ClusterNetworkPolicyRuleActionDeny,
		policyv1alpha2.ClusterNetworkPolicyRuleActionPass,
	}
	if !slices.Contains(actions, rule.action) {
		errs = append(errs, field.NotSupported(rule.path.Child("action"), rule.action, actions))
	}
	at := rule.peersPath()
	if len(rule.peers) == 0 {
		errs = append(errs, field.Required(at, "no peer; namespaces: {} means every pod"))
	}
	errs = append(errs, tooMany(at, len(rule.peers), most)...)
	for i, peer := range rule.peers {
		errs = append(errs, invalidTierPeer(peer, at.Index(i))...)
	}
	at = rule.path.Child("protocols")
	if rule.protocols != nil && len(rule.protocols) == 0 {
		errs = append(errs, field.Required(at, "an empty list; without protocols the rule is about all of them"))
	}
	errs = append(errs, tooMany(at, len(rule.protocols), most)...)
	for i, protocol := range rule.protocols {
		errs = append(errs, invalidProtocol(protocol, at.Index(i))...)
	}
	return append(errs, nameWithoutPod(rule)...)
}

// nameWithoutPod refuses a named port for peers that are addresses. Only pods
// give names to ports. The standard definition lets it pass.
func nameWithoutPod(rule tierRule) field.ErrorList {
	addresses := slices.ContainsFunc(rule.peers, func(p policyv1alpha2.ClusterNetworkPolicyEgressPeer) bool {
		return p.Networks != nil || p.Nodes != nil || p.DomainNames != nil
	})
	named := slices.ContainsFunc(rule.protocols, func(p policyv1alpha2.ClusterNetworkPolicyProtocol) bool {
		return p.DestinationNamedPort != ""
	})
	if !addresses || !named {
		return nil
	}
	return field.ErrorList{field.Invalid(rule.path, field.OmitValueType{},
		"a destinationNamedPort beside a peer of networks, nodes or domainNames; only pods name their ports")}
}

func invalidTierPeer(peer policyv1alpha2.ClusterNetworkPolicyEgressPeer, at *field.Path) field.ErrorList {
	errs := notOne(at, peer.Namespaces != nil, peer.Pods != nil, peer.Nodes != nil, peer.Networks != nil, peer.DomainNames != nil)

	networks := at.Child("networks")
	if peer.Networks != nil && len(peer.Networks) == 0 {
		errs = append(errs, field.Required(networks, "no block"))
	}
	errs = append(errs, tooMany(networks, len(peer.Networks), mostEntries)...)
	errs = append(errs, repeated(networks, peer.Networks)...)
	for i, network := range peer.Networks {
		if utf8.RuneCountInString(string(network)) > 43 {
			errs = append(errs, field.TooLong(networks.Index(i), "", 43))
		}
		if _, ok := parseNetwork(network); !ok {
			errs = append(errs, field.Invalid(networks.Index(i), network,
				"must be an IPv4 or IPv6 block such as 10.0.0.0/8 or fd00::/8; IPv4 inside IPv6 is refused"))
		}
	}

	names := at.Child("domainNames")
	if peer.DomainNames != nil && len(peer.DomainNames) == 0 {
		errs = append(errs, field.Required(names, "no name"))
	}
	errs = append(errs, tooMany(names, len(peer.DomainNames), mostEntries)...)
	errs = append(errs, repeated(names, peer.DomainNames)...)
	for i, name := range peer.DomainNames {
		if !domainName.MatchString(string(name)) {
			errs = append(errs, field.Invalid(names.Index(i), name,
				"must be a domain name of two labels or more; a wildcard may stand for the first labels only, as in *.example.com"))
		}
	}
	return errs
}

// domainName is the pattern of the definition. Its "A-z" lets a few more
// characters through than letters.
var domainName = regexp.MustCompile(`^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$`)

// parseNetwork reads a block as the CEL function isCIDR does
// (k8s.io/apiserver v0.37, pkg/cel/library/cidr.go): bits beyond the prefix
// length may be set, IPv4-mapped addresses and zones are refused. The result has
// those bits cleared.
func parseNetwork(network policyv1alpha2.CIDR) (netip.Prefix, bool) {
	prefix, err := netip.ParsePrefix(string(network))
	if err != nil || prefix.Addr().Is4In6() {
		return netip.Prefix{}, false
	}
	return prefix.Masked(), true
}

func invalidProtocol(p policyv1alpha2.ClusterNetworkPolicyProtocol, at *field.Path) field.ErrorList {
	errs := notOne(at, p.TCP != nil, p.UDP != nil, p.SCTP != nil, p.DestinationNamedPort != "")
	if p.TCP != nil {
		errs = append(errs, invalidDestination(p.TCP.DestinationPort, at.Child("tcp"))...)
	}
	if p.UDP != nil {
		errs = append(errs, invalidDestination(p.UDP.DestinationPort, at.Child("udp"))...)
	}
	if p.SCTP != nil {
		errs = append(errs, invalidDestination(p.SCTP.DestinationPort, at.Child("sctp"))...)
	}
	return errs
}

func invalidDestination(port *policyv1alpha2.Port, protocol *field.Path) field.ErrorList {
	if port == nil {
		return field.ErrorList{field.Required(protocol, "no destinationPort; the range 1 to 65535 means every port")}
	}
	at := protocol.Child("destinationPort")
	errs := notOne(at, port.Number != 0, port.Range != nil)
	if port.Number != 0 {
		errs = append(errs, invalidNumber(port.Number, at.Child("number"))...)
	}
	if r := port.Range; r != nil {
		at := at.Child("range")
		errs = append(errs, invalidNumber(r.Start, at.Child("start"))...)
		errs = append(errs, invalidNumber(r.End, at.Child("end"))...)
		if r.Start >= r.End {
			errs = append(errs, field.Invalid(at, field.OmitValueType{}, "start must be less than end; a single port is a number"))
		}
	}
	return errs
}

// notOne refuses a union of which no field is set, or more than one.
func notOne(at *field.Path, fields ...bool) field.ErrorList {
	set := 0
	for _, is := range fields {
		if is {
			set++
		}
	}
	switch set {
	case 1:
		return nil
	case 0:
		return field.ErrorList{field.Required(at, "exactly one field must be set, and none that this version knows is")}
	default:
		return field.ErrorList{field.TooMany(at, set, 1)}
	}
}

// mostEntries is the limit of all lists of the definition of ClusterNetworkPolicy.
const mostEntries = 25

func tooMany(at *field.Path, entries, most int) field.ErrorList {
	if entries <= most {
		return nil
	}
	return field.ErrorList{field.TooMany(at, entries, most)}
}

// repeated refuses entries that stand in a set more than once, under the position
// of the first repetition of each, as the server does.
func repeated[S ~[]E, E ~string](at *field.Path, set S) field.ErrorList {
	var errs field.ErrorList
	times := make(map[E]int, len(set))
	for i, entry := range set {
		times[entry]++
		if times[entry] == 2 {
			errs = append(errs, field.Duplicate(at.Index(i), entry))
		}
	}
	return errs
}
