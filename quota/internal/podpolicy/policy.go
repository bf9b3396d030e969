// SPDX-License-Identifier: Apache-2.0

// Package podpolicy reads which admission policies and webhooks judge or change new
// pods, and the one change that package bulkhead/guard makes: a priority class.
package podpolicy

import (
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/podexpr"
)

// A Policy is what judges or changes new pods: an admission policy as one binding
// binds it, or a webhook.
type Policy struct {
	Object     bulkhead.Object
	At         *field.Path // of what it says
	Mutates    bool
	Webhook    bool
	matches    []match
	conditions []string
	Variables  []podexpr.Variable
	Judges     []string // validations; nil where they cannot be read
	Params     bool     // rests on objects that it names
	mutations  []admissionregistrationv1.Mutation
	gift       *Gift // nil where it is not the one form that is read
}

// A match is the requests that a policy, its binding or a webhook is for.
type match struct {
	rules, excluded   []admissionregistrationv1.NamedRuleWithOperations
	namespace, object *metav1.LabelSelector
	all               bool // without rules it matches all
}

// Among returns what judges or changes new pods, of all namespaces: first the policies.
func Among(objs []bulkhead.Object) []Policy {
	var out []Policy
	out = append(out, validating(objs)...)
	out = append(out, mutating(objs)...)
	for config := range bulkhead.Each[*admissionregistrationv1.ValidatingWebhookConfiguration](objs) {
		for i, hook := range config.Webhooks {
			out = append(out, webhook(config, i, hook.Rules, hook.NamespaceSelector, hook.ObjectSelector, hook.MatchConditions))
		}
	}
	for config := range bulkhead.Each[*admissionregistrationv1.MutatingWebhookConfiguration](objs) {
		for i, hook := range config.Webhooks {
			p := webhook(config, i, hook.Rules, hook.NamespaceSelector, hook.ObjectSelector, hook.MatchConditions)
			p.Mutates = true
			out = append(out, p)
		}
	}
	return out
}

func webhook(config bulkhead.Object, i int, rules []admissionregistrationv1.RuleWithOperations, namespace, object *metav1.LabelSelector, conditions []admissionregistrationv1.MatchCondition) Policy {
	m := match{namespace: namespace, object: object}
	for _, rule := range rules {
		m.rules = append(m.rules, admissionregistrationv1.NamedRuleWithOperations{RuleWithOperations: rule})
	}
	return Policy{
		Object: config, At: field.NewPath("webhooks").Index(i), Webhook: true,
		matches: []match{m}, conditions: expressions(conditions),
	}
}

// validating joins the policies with the bindings that refuse by them. A policy that
// is not bound, or only to warn, refuses nothing.
func validating(objs []bulkhead.Object) []Policy {
	named := make(map[string]*admissionregistrationv1.ValidatingAdmissionPolicy)
	for p := range bulkhead.Each[*admissionregistrationv1.ValidatingAdmissionPolicy](objs) {
		named[p.Name] = p
	}
	var out []Policy
	for b := range bulkhead.Each[*admissionregistrationv1.ValidatingAdmissionPolicyBinding](objs) {
		if p := named[b.Spec.PolicyName]; p != nil && slices.Contains(b.Spec.ValidationActions, admissionregistrationv1.Deny) {
			one := Policy{
				Object: p, At: field.NewPath("spec", "validations"), Params: p.Spec.ParamKind != nil,
				matches:    []match{matchOf(p.Spec.MatchConstraints, false), matchOf(b.Spec.MatchResources, true)},
				conditions: expressions(p.Spec.MatchConditions), Variables: variables(p.Spec.Variables),
			}
			for _, v := range p.Spec.Validations {
				one.Judges = append(one.Judges, v.Expression)
			}
			out = append(out, one)
		}
	}
	return out
}

func mutating(objs []bulkhead.Object) []Policy {
	named := make(map[string]*admissionregistrationv1.MutatingAdmissionPolicy)
	for p := range bulkhead.Each[*admissionregistrationv1.MutatingAdmissionPolicy](objs) {
		named[p.Name] = p
	}
	var out []Policy
	form := classGift()
	for b := range bulkhead.Each[*admissionregistrationv1.MutatingAdmissionPolicyBinding](objs) {
		if p := named[b.Spec.PolicyName]; p != nil {
			out = append(out, Policy{
				gift:   giftOf(form, p.Spec),
				Object: p, At: field.NewPath("spec", "mutations"), Mutates: true, Params: p.Spec.ParamKind != nil,
				matches:    []match{matchOf(p.Spec.MatchConstraints, false), matchOf(b.Spec.MatchResources, true)},
				conditions: expressions(p.Spec.MatchConditions), Variables: variables(p.Spec.Variables), mutations: p.Spec.Mutations,
			})
		}
	}
	return out
}

func variables(declared []admissionregistrationv1.Variable) []podexpr.Variable {
	var out []podexpr.Variable
	for _, v := range declared {
		out = append(out, podexpr.Variable{Name: v.Name, Expression: v.Expression})
	}
	return out
}

func expressions(conditions []admissionregistrationv1.MatchCondition) []string {
	var out []string
	for _, condition := range conditions {
		out = append(out, condition.Expression)
	}
	return out
}

func matchOf(m *admissionregistrationv1.MatchResources, binding bool) match {
	if m == nil {
		return match{all: binding}
	}
	return match{
		rules: m.ResourceRules, excluded: m.ExcludeResourceRules, namespace: m.NamespaceSelector, object: m.ObjectSelector,
		all: binding && len(m.ResourceRules) == 0,
	}
}

// A Home is the namespace of a new pod.
type Home struct {
	Name   string
	Object *corev1.Namespace // nil where it is not known
	// Labels are those of the pod, or nil where they may be any.
	Labels labels.Set
}

// In returns a policy as it is in one namespace, so that it does not look at the
// namespace again, and whether it may look at pods there at all.
func (p *Policy) In(h Home) (Policy, bool) {
	var matches []match
	for _, m := range p.matches {
		switch h.selectedBy(m.namespace) {
		case podexpr.False:
			return Policy{}, false
		case podexpr.True:
			m.namespace = nil
		case podexpr.Unknown:
		}
		matches = append(matches, m)
	}
	out := *p
	out.matches = matches
	return out, true
}

// LooksAt says whether a policy judges or changes a new pod.
func (p Policy) LooksAt(h Home, env podexpr.Env) podexpr.Truth {
	answer := podexpr.True
	for _, m := range p.matches {
		if answer = min3(answer, m.takes(h)); answer == podexpr.False {
			return answer
		}
	}
	for _, condition := range p.conditions {
		answer = min3(answer, env.Judge(condition))
	}
	return answer
}

// min3 is the conjunction of two answers.
func min3(a, b podexpr.Truth) podexpr.Truth {
	switch {
	case a == podexpr.False || b == podexpr.False:
		return podexpr.False
	case a == podexpr.True && b == podexpr.True:
		return podexpr.True
	default:
		return podexpr.Unknown
	}
}

// takes says whether a request to create a pod of a namespace is matched, for every
// pod alike (k8s.io/apiserver v0.37, pkg/admission/plugin/policy/matching).
func (m match) takes(h Home) podexpr.Truth {
	selected := h.selectedBy(m.namespace)
	if selected == podexpr.False {
		return podexpr.False
	}
	answer := podexpr.False
	if m.all {
		answer = podexpr.True
	}
	for _, rule := range m.rules {
		if forPods(rule) && answer == podexpr.False && len(rule.ResourceNames) > 0 {
			answer = podexpr.Unknown
		} else if forPods(rule) {
			answer = podexpr.True
		}
	}
	for _, rule := range m.excluded {
		if forPods(rule) && len(rule.ResourceNames) > 0 {
			answer = min3(answer, podexpr.Unknown)
		} else if forPods(rule) {
			return podexpr.False
		}
	}
	return min3(min3(answer, h.labelled(m.object)), selected)
}

// forPods reports whether a rule is for creating pods.
func forPods(rule admissionregistrationv1.NamedRuleWithOperations) bool {
	has := func(list []string, want string) bool {
		return slices.Contains(list, want) || slices.Contains(list, "*")
	}
	creates := slices.Contains(rule.Operations, admissionregistrationv1.Create) || slices.Contains(rule.Operations, admissionregistrationv1.OperationAll)
	scope := rule.Scope == nil || *rule.Scope != admissionregistrationv1.ClusterScope
	return creates && scope && has(rule.APIGroups, "") && has(rule.APIVersions, "v1") &&
		slices.ContainsFunc(rule.Resources, func(r string) bool {
			resource, sub, _ := strings.Cut(r, "/")
			return (resource == "pods" || resource == "*") && (sub == "" || sub == "*")
		})
}

// labelled says whether a selector selects the labels of the pod, which its author
// chooses.
func (h Home) labelled(selector *metav1.LabelSelector) podexpr.Truth {
	if selector == nil || len(selector.MatchLabels)+len(selector.MatchExpressions) == 0 {
		return podexpr.True
	}
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	switch {
	case err != nil || h.Labels == nil:
		return podexpr.Unknown
	case parsed.Matches(h.Labels):
		return podexpr.True
	default:
		return podexpr.False
	}
}

// selectedBy says whether a selector selects the namespace. Of a namespace whose
// object is not there only the label with its name is known.
func (h Home) selectedBy(selector *metav1.LabelSelector) podexpr.Truth {
	if selector == nil {
		return podexpr.True
	}
	if name, ok := selector.MatchLabels[corev1.LabelMetadataName]; ok && name != h.Name {
		return podexpr.False // which is most of them, and needs no parser
	}
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return podexpr.Unknown
	}
	set := labels.Set{corev1.LabelMetadataName: h.Name}
	if h.Object != nil {
		set = labels.Merge(h.Object.Labels, set)
	}
	requirements, selectable := parsed.Requirements()
	if !selectable {
		return podexpr.False
	}
	answer := podexpr.True
	for _, r := range requirements {
		switch {
		case h.Object == nil && r.Key() != corev1.LabelMetadataName:
			answer = min3(answer, podexpr.Unknown)
		case !r.Matches(set):
			return podexpr.False
		}
	}
	return answer
}

// Is names the policy as missing evidence.
func (p Policy) Is(about string) string {
	return about + " " + bulkhead.RefTo(p.Object).String() + " " + p.At.String() + " makes of new pods"
}
