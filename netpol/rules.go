// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"embed"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// docs holds a page per rule, named like the rule.
//
//go:embed rules/*.md
var docs embed.FS

// Rules returns all rules of the package. Rules about one policy need nothing
// beside it; rules about neighbours speak of what is in the set, and stay silent
// where an object that is not in it could make the difference.
func Rules() []bulkhead.Rule {
	return slices.Concat(policyRules(), neighbourRules(), clusterRules())
}

// Validate judges one NetworkPolicy or ClusterNetworkPolicy on its own, by the
// rules that need no neighbours, and refuses a NetworkPolicy without the namespace
// that a manifest may leave to kubectl. Of policies of other kinds it says that
// they are not read, and of other objects nothing.
func Validate(policy bulkhead.Object) bulkhead.Findings {
	rules := append(slices.Concat(policyRules(), clusterRules()), rule(Invalid, bulkhead.Error, missingNamespace))
	return bulkhead.Check([]bulkhead.Object{policy}, rules...)
}

// policyRules judge each policy on its own.
func policyRules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(Invalid, bulkhead.Error, invalid),
		rule(EgressNotDenied, bulkhead.Error, egressNotDenied),
		rule(RepeatedPolicyType, bulkhead.Warning, repeatedPolicyType),
		rule(RulesWithoutEffect, bulkhead.Warning, rulesWithoutEffect),
		rule(AllowAll, bulkhead.Error, allowAll),
		rule(OpenToWorld, bulkhead.Warning, openToWorld),
		rule(EgressToWorld, bulkhead.Warning, egressToWorld),
		rule(EveryNamespace, bulkhead.Warning, everyNamespace),
		rule(OpenEndedSelector, bulkhead.Warning, openEndedSelector),
		rule(SpoofableNamespace, bulkhead.Warning, spoofableNamespace),
		rule(ContradictorySelector, bulkhead.Warning, contradictorySelector),
		rule(EveryAddress, bulkhead.Warning, everyAddressRule),
		rule(MetadataReachable, bulkhead.Warning, metadataReachable),
		rule(OneAddressFamily, bulkhead.Warning, oneAddressFamily),
		rule(ExceptReopened, bulkhead.Warning, exceptReopened),
		rule(NamedPortToAddress, bulkhead.Warning, namedPortToAddress),
		rule(DNSOverTCPOnly, bulkhead.Warning, dnsOverTCPOnly),
		rule(DNSOverUDPOnly, bulkhead.Warning, dnsOverUDPOnly),
		rule(OpenShiftDNSPort, bulkhead.Warning, openshiftDNSPort),
		rule(ShadowedRule, bulkhead.Warning, shadowedRule),
	}
}

// neighbourRules judge a policy beside the namespaces, workloads, services and
// other policies of the set.
func neighbourRules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(SubjectMatchesNothing, bulkhead.Warning, subjectMatchesNothing),
		rule(PeerMatchesNothing, bulkhead.Warning, peerMatchesNothing),
		rule(SelectorSplit, bulkhead.Warning, selectorSplit),
		rule(NamespaceNameLabel, bulkhead.Warning, namespaceNameLabel),
		rule(AllowedByAnother, bulkhead.Warning, allowedByAnother),
		rule(Unpoliced, bulkhead.Warning, unpoliced),
		rule(HostNetworkSubject, bulkhead.Warning, hostNetworkSubject),
		rule(HostNetworkPeer, bulkhead.Warning, hostNetworkPeer),
		rule(NamedPortUnmatched, bulkhead.Warning, namedPortUnmatched),
		rule(NamedPortAmbiguous, bulkhead.Warning, namedPortAmbiguous),
		rule(ServicePort, bulkhead.Warning, servicePort),
		rule(ServiceAddressBlock, bulkhead.Warning, serviceAddressBlock),
		rule(PodAddressBlock, bulkhead.Warning, podAddressBlock),
		rule(LoadBalancerSource, bulkhead.Warning, loadBalancerSource),
		rule(LoadBalancerBlocked, bulkhead.Warning, loadBalancerBlocked),
		rule(DNSBlocked, bulkhead.Warning, dnsBlocked),
	}
}

// clusterRules judge the policies of a whole cluster: ClusterNetworkPolicy, the
// kinds that it replaced, and those that are not read here.
func clusterRules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(UnusableClusterPolicy, bulkhead.Error, unusableCluster),
		rule(AbsentNamespace, bulkhead.Warning, absentNamespace),
		rule(DeniesItself, bulkhead.Warning, deniesItself),
		rule(AcceptAboveDeny, bulkhead.Error, acceptAboveDeny),
		rule(ShadowedClusterRule, bulkhead.Warning, shadowedClusterRule),
		rule(EqualPriority, bulkhead.Warning, equalPriority),
		rule(NetworksMatchPods, bulkhead.Warning, networksMatchPods),
		rule(ExperimentalField, bulkhead.Warning, experimentalField),
		rule(ClusterPolicyHostNetwork, bulkhead.Warning, clusterPolicyHostNetwork),
		rule(SupersededAdminPolicy, bulkhead.Warning, supersededAdminPolicy),
		rule(UnreadPolicy, bulkhead.Warning, unreadPolicy),
	}
}

// rule joins a check with its page. A page that is missing leaves Doc empty,
// which the tests of the package refuse.
func rule(id string, severity bulkhead.Severity, run func(*bulkhead.Pass)) bulkhead.Rule {
	page, err := docs.ReadFile("rules/" + strings.TrimPrefix(id, "netpol/") + ".md")
	if err != nil {
		page = nil
	}
	return bulkhead.Rule{ID: id, Doc: string(page), Severity: severity, Run: run}
}

// specPath is where the rules of a policy stand.
func specPath() *field.Path { return field.NewPath("spec") }
