// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// IDs of what [Cluster.Findings] says about the input, beside netpol.Invalid,
// netpol.UnusableClusterPolicy and netpol.UnreadPolicy.
const (
	// InvalidAdminPolicy is what the API server refuses in an AdminNetworkPolicy or a
	// BaselineAdminNetworkPolicy.
	InvalidAdminPolicy = "reach/invalid-admin-policy"
	// DuplicateObject is one name for two different objects. Of policies each may be in
	// force; of others one counts, which does not depend on their order, and is not said.
	DuplicateObject = "reach/duplicate-object"
	// UnreadableObject is an unstructured object of a kind that is read, whose fields
	// have other types than the API says.
	UnreadableObject = "reach/unreadable-object"
	// DefaultNamespace is objects without a namespace, which are taken to be in
	// "default".
	DefaultNamespace = "reach/default-namespace"
	// AbsentNamespace is a namespace with objects and without a Namespace object, so
	// that its labels are not known.
	AbsentNamespace = "reach/absent-namespace"
	// SelectsNothing is a policy that selects no pod of the input.
	SelectsNothing = "reach/selects-nothing"
	// PeerSelectsNothing is a rule whose peers are no pod of the input, no address and
	// no domain name, though their namespaces are in it.
	PeerSelectsNothing = "reach/peer-selects-nothing"
)

// Findings tells what is wrong with the input, and what it leaves open. Nothing of it
// keeps the rest from being answered.
func (c *Cluster) Findings() bulkhead.Findings {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out bulkhead.Findings
	for _, found := range c.builder.refused {
		out = append(out, found...)
	}
	for _, found := range c.builder.unread {
		out = append(out, found)
	}
	for _, it := range c.items {
		if it.unreadable != nil {
			out = append(out, finding(UnreadableObject, bulkhead.Error, it.obj, "", fmt.Sprintf("the object is left out, since it is not what its kind says: %v", it.unreadable)))
		}
		for _, rival := range it.rivals {
			out = append(out, finding(DuplicateObject, bulkhead.Error, rival, "", duplicateText))
		}
	}
	out = append(out, c.namespaceFindings()...)
	s := c.now.Load()
	for _, p := range s.everyPolicy() {
		out = append(out, s.selectorFindings(p)...)
	}
	return out.Sorted()
}

func finding(rule string, severity bulkhead.Severity, obj bulkhead.Object, at, message string) bulkhead.Finding {
	return bulkhead.Finding{Rule: rule, Severity: severity, Object: bulkhead.RefTo(obj), Field: at, Message: message}
}

// namespaceFindings are about namespaces that are not named, or of which there is no
// object. Each is told once, at the first object that shows it.
func (c *Cluster) namespaceFindings() bulkhead.Findings {
	s := c.now.Load()
	var out bulkhead.Findings
	var unnamed []item
	told := make(map[string]bool)
	for _, it := range c.sorted() {
		if it.ref.Namespace == "" || it.role == serviceRole {
			continue
		}
		if it.obj.GetNamespace() == "" {
			unnamed = append(unnamed, it)
		}
		ns, found := s.nsIndex[it.ref.Namespace]
		if told[it.ref.Namespace] || found && s.namespaces[ns].known {
			continue
		}
		told[it.ref.Namespace] = true
		out = append(out, finding(AbsentNamespace, bulkhead.Warning, it.obj, "metadata.namespace",
			fmt.Sprintf("there is no Namespace object of %s, so that of its labels only kubernetes.io/metadata.name is known", it.ref.Namespace)))
	}
	if len(unnamed) > 0 {
		out = append(out, finding(DefaultNamespace, bulkhead.Warning, unnamed[0].obj, "metadata.namespace",
			unnamedWords(len(unnamed))))
	}
	return out
}

func unnamedWords(n int) string {
	if n == 1 {
		return "the object names no namespace and is taken to be in default"
	}
	return fmt.Sprintf("%d objects name no namespace and are taken to be in default, this one among them", n)
}

// everyPolicy returns the policies that are read, in no particular order.
func (s *state) everyPolicy() []*policy {
	return slices.Concat(slices.Concat(s.policies...), s.homeless, s.admin, s.baseline)
}

func (s *state) selectorFindings(p *policy) bulkhead.Findings {
	spec := field.NewPath("spec")
	if p.subject.may.empty() {
		at := spec.Child("subject")
		if p.kind == networkPolicy {
			at = spec.Child("podSelector")
		}
		return bulkhead.Findings{finding(SelectsNothing, bulkhead.Warning, p.obj, at.String(), "the policy selects no pod of the input")}
	}
	var out bulkhead.Findings
	for d, rules := range p.rules {
		for i := range rules {
			r := &rules[i]
			if r.everyone || !r.peers.may.empty() || !r.addrs.Empty() || r.domains || s.elsewhere(r) {
				continue
			}
			at := spec.Child(direction(d).field()).Index(i).Child(direction(d).peersField())
			out = append(out, finding(PeerSelectsNothing, bulkhead.Warning, p.obj, at.String(), "the peers of the rule are no pod of the input"))
		}
	}
	return out
}

// elsewhere reports whether an entry of a rule names a namespace that is not in the
// input, so that nobody can tell whether it selects something.
func (s *state) elsewhere(r *rule) bool {
	return slices.ContainsFunc(peersOf(r), func(peer policyv1alpha2.ClusterNetworkPolicyEgressPeer) bool {
		name, named := selectorOfPeer(peer).namespace.name()
		_, found := s.nsIndex[name]
		return named && !found
	})
}
