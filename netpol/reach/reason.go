// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"fmt"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Reason is one of the things that decide about a connection.
type Reason struct {
	// Side is Egress where policies of the source decide, Ingress where those of the
	// destination do, and empty where it is no matter of policies.
	Side networkingv1.PolicyType
	// Verdict is what the reason speaks for. That of a rule which may or may not
	// match is Unknown.
	Verdict Verdict
	// Object and Field are where it stands: a policy and its rule, or the object of
	// the pod. Field is API, Text is not.
	Object bulkhead.Ref
	Field  string
	Text   string
}

// String gives the side, the verdict and the text.
func (r Reason) String() string {
	if r.Side == "" {
		return fmt.Sprintf("%s: %s", r.Verdict, r.Text)
	}
	return fmt.Sprintf("%s %s: %s", r.Side, r.Verdict, r.Text)
}

// Why returns what decided: the side of the source first, each side in the order in
// which policies are asked. Both sides are told, also where one of them alone denies
// the connection.
func (a Answer) Why() []Reason {
	s := a.state
	if s == nil {
		return nil
	}
	if text := a.problemText(); text != "" {
		return []Reason{{Verdict: a.Verdict, Text: text}}
	}
	var out []Reason
	if a.in.service != "" {
		out = append(out, Reason{Verdict: a.Verdict, Text: fmt.Sprintf("%s, port %s, leads to %s of %s", a.toName(), a.port, a.asked, s.partyName(a.target))})
	} else if s.self(a.source, a.target) {
		ref := s.endpoints[a.source.endpoint].ref
		return append(out, Reason{Verdict: Allowed, Object: ref, Text: "a pod can always connect to itself"})
	}
	if a.doubt != "" {
		out = append(out, Reason{Verdict: Unknown, Text: a.doubt})
	}
	out = append(out, s.why(egress, a.source, a.target, a.asked)...)
	return append(out, s.why(ingress, a.target, a.source, a.asked)...)
}

// toName is what a reason calls the end that was asked for.
func (a Answer) toName() string {
	if a.in.service == "" || a.to.kind == serviceEndpoint {
		return a.to.String()
	}
	return fmt.Sprintf("%s of %s", a.to, Service(a.in.service))
}

func (a Answer) problemText() string {
	switch a.problem {
	case unknownSource:
		return fmt.Sprintf("%s is not in the input", a.from)
	case unknownTarget, unknownService:
		return fmt.Sprintf("%s is not in the input", a.to)
	case ambiguousSource:
		return a.state.ambiguousText(a.from)
	case ambiguousTarget:
		return a.state.ambiguousText(a.to)
	case unknownProtocol:
		return fmt.Sprintf("%q is no port of TCP, UDP or SCTP", a.port)
	case serviceSource:
		return fmt.Sprintf("%s does not open connections; its pods do", a.from)
	case noServicePort:
		return fmt.Sprintf("%s has no port %s", a.toName(), a.port)
	case noBackend:
		return fmt.Sprintf("%s has no pod behind port %s in the input", a.toName(), a.port)
	case noLocalBackend:
		return fmt.Sprintf("%s passes connections only to pods on the node that they come to, and there is none", a.toName())
	case externalService:
		return fmt.Sprintf("%s is the name %s outside the cluster", a.to, a.state.services.services[a.to.name].Spec.ExternalName)
	default:
		return ""
	}
}

func (s *state) ambiguousText(e Endpoint) string {
	var names []string
	for _, u := range s.ambiguous[e.name] {
		names = append(names, s.units[u].name)
	}
	for _, at := range s.shared[e.addr] {
		names = append(names, s.endpointName(at))
	}
	slices.Sort(names)
	if e.kind == addressEndpoint {
		return fmt.Sprintf("%s is the address of more than one pod: %s", e, strings.Join(names, " "))
	}
	return fmt.Sprintf("%s is more than one workload: %s", e, strings.Join(names, " "))
}

// why returns the reasons of one side.
func (s *state) why(d direction, subject, other party, port Port) []Reason {
	side := d.policyType()
	if subject.class < 0 || subject.endpoint < 0 && s.side(subject.class, d).open() {
		return []Reason{{Side: side, Verdict: Allowed, Text: s.partyName(subject) + " is outside the reach of policies"}}
	}
	var tr trace
	t, _ := transportOf(port.Protocol)
	receiver := subject
	if d == egress {
		receiver = other
	}
	s.half(d, subject, other, packet{transport: t, number: port.Number, layout: s.layoutOf(receiver)}, &tr)
	out := make([]Reason, 0, len(tr.steps))
	for _, step := range tr.steps {
		out = append(out, s.reasons(step, subject, other, port)...)
	}
	return out
}

// reasons puts a step into words.
func (s *state) reasons(st step, subject, other party, port Port) []Reason {
	side := st.direction.policyType()
	from, to := subject, other
	if st.direction == ingress {
		from, to = other, subject
	}
	connection := fmt.Sprintf("%s from %s to %s", port, s.partyName(from), s.partyName(to))
	switch st.kind {
	case byForeign:
		var out []Reason
		for _, f := range st.side.foreign {
			out = append(out, Reason{Side: side, Object: f, Text: fmt.Sprintf("%s is of a kind that is not read, and may decide about %s", f, connection)})
		}
		return out
	case byDefault:
		text := fmt.Sprintf("no policy restricts the %s of %s", st.direction.field(), s.partyName(subject))
		if !st.side.open() {
			text = fmt.Sprintf("no policy decides about %s, and what none denies is allowed", connection)
		}
		return []Reason{{Side: side, Verdict: Allowed, Object: s.endpoints[subject.endpoint].ref, Text: text}}
	case byKubelet, byOwnNode:
		return []Reason{s.nodeReason(st, side, subject, other)}
	case byIsolation:
		var out []Reason
		for _, e := range st.side.policies {
			r := Reason{Side: side, Verdict: Denied, Object: e.ref, Text: fmt.Sprintf("%s selects %s, and none of its rules allows %s", e.ref, s.partyName(subject), connection)}
			if e.selects != surely {
				r.Verdict = Unknown
				r.Text = fmt.Sprintf("%s may select %s, and then none of its rules allows %s: %s", e.ref, s.partyName(subject), connection, s.selectDoubt(e.policy, subject))
			}
			out = append(out, r)
		}
		return out
	default:
		return []Reason{s.ruleReason(st, side, subject, other, connection)}
	}
}

// nodeReason is about a pod and the node that it runs on.
func (s *state) nodeReason(st step, side networkingv1.PolicyType, subject, other party) Reason {
	r := Reason{Side: side, Verdict: Allowed, Object: s.endpoints[subject.endpoint].ref}
	pod, node := s.partyName(subject), s.partyName(other)
	switch {
	case s.self(subject, other):
		r.Text = "NetworkPolicy leaves alone what a pod says to itself"
	case s.ownNode(subject, other) == maybe:
		r.Verdict, r.Text = Unknown, fmt.Sprintf("%s runs on the network of a node, and if that is the node of %s, the connection is allowed", node, pod)
	case st.kind == byKubelet:
		r.Text = fmt.Sprintf("%s is on the network of the node of %s, from which a pod can always be reached", node, pod)
	case s.plane.toOwnNode == surely:
		r.Text = fmt.Sprintf("%s is on the network of the node of %s, to which a pod can always connect", node, pod)
	default:
		r.Verdict, r.Text = Unknown, fmt.Sprintf("%s is on the network of the node of %s, and dataplanes differ in whether egress policies restrict that", node, pod)
	}
	return r
}

func (s *state) ruleReason(st step, side networkingv1.PolicyType, subject, other party, connection string) Reason {
	r := Reason{Side: side, Object: st.rule.policy.ref, Field: st.rule.path(st.direction)}
	verb := "allows"
	switch st.rule.action {
	case accepts:
		r.Verdict = Allowed
	case denies:
		r.Verdict, verb = Denied, "denies"
	default:
		r.Verdict, verb = Allowed, "passes on"
		if st.match == surely {
			r.Verdict = Unknown // it leaves the decision to others
		}
	}
	if st.match == surely {
		r.Text = fmt.Sprintf("%s of %s %s %s", r.Field, r.Object, verb, connection)
		return r
	}
	var doubt string
	switch {
	case st.selects != surely:
		doubt = s.selectDoubt(st.rule.policy, subject)
	case st.rule.matches(other.peer) != surely:
		doubt = s.peerDoubt(st.rule, other)
	case st.direction == egress:
		doubt = s.nameDoubt(other)
	default:
		doubt = s.nameDoubt(subject)
	}
	r.Verdict = Unknown
	r.Text = fmt.Sprintf("%s of %s perhaps %s %s: %s", r.Field, r.Object, verb, connection, doubt)
	return r
}

// partyName is what a reason calls an end.
func (s *state) partyName(p party) string {
	switch {
	case p.endpoint >= 0:
		return s.endpointName(p.endpoint)
	case p.class >= 0:
		return "node " + s.nodes[p.node].name
	default:
		return p.addr.String()
	}
}
