// SPDX-License-Identifier: Apache-2.0

package guard_test

import (
	"maps"
	"slices"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
)

// A guarded set is a namespace with all policies of it.
type guarded struct {
	namespace *corev1.Namespace
	*guard.Guard
	classes *guard.ClassDefault
	without []bulkhead.Object // what is missing
}

func newGuarded() guarded {
	class := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "low"}, Value: -5}
	return guarded{
		namespace: &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}},
		Guard:     every(),
		classes:   bulkhead.Must(guard.DefaultClass("staging", class)),
	}
}

func (g *guarded) findings() bulkhead.Findings {
	objs := append(g.Objects(), g.classes.Objects()...)
	objs = append(objs, g.namespace)
	objs = slices.DeleteFunc(objs, func(o bulkhead.Object) bool { return slices.Contains(g.without, o) })
	return bulkhead.Check(objs, guard.Rules()...)
}

// admissions returns the policies that validate, by name.
func (g *guarded) admissions() map[string]*guard.Admission {
	return map[string]*guard.Admission{
		"pods": g.Pods, "templates": g.Templates, "services": g.Services, "service accounts": g.ServiceAccounts, "keepers": g.Keepers,
	}
}

// Whatever policy is taken or made weaker as a whole, a rule says so.
func TestWeakenedPolicies(t *testing.T) {
	type admission = guard.Admission
	ignore := admissionregistrationv1.Ignore
	exact := admissionregistrationv1.Exact
	rules := func(a *admission) []admissionregistrationv1.NamedRuleWithOperations {
		return a.Policy.Spec.MatchConstraints.ResourceRules
	}
	tests := map[string]struct {
		edit func(*guarded, *admission)
		want string // a rule; others may speak too
	}{
		"the binding dropped":           {func(g *guarded, a *admission) { g.without = append(g.without, a.Binding) }, guard.Unbound},
		"another policy bound":          {func(_ *guarded, a *admission) { a.Binding.Spec.PolicyName = "stagin." + a.Policy.Name[8:] }, guard.AbsentPolicy},
		"bound as a mutation":           {func(_ *guarded, a *admission) { a.Binding.Spec.PolicyName = "staging.default-class" }, guard.AbsentPolicy},
		"warnings in place of refusals": {func(_ *guarded, a *admission) { a.Binding.Spec.ValidationActions[0] = admissionregistrationv1.Warn }, guard.NotDenied},
		"a line in the audit log":       {func(_ *guarded, a *admission) { a.Binding.Spec.ValidationActions[0] = admissionregistrationv1.Audit }, guard.NotDenied},
		"no action":                     {func(_ *guarded, a *admission) { a.Binding.Spec.ValidationActions = nil }, guard.Invalid},
		"failures ignored":              {func(_ *guarded, a *admission) { a.Policy.Spec.FailurePolicy = &ignore }, guard.FailsOpen},
		"one version of the API":        {func(_ *guarded, a *admission) { a.Policy.Spec.MatchConstraints.MatchPolicy = &exact }, guard.MatchExact},
		"the wrong namespace": {
			func(_ *guarded, a *admission) {
				a.Policy.Spec.MatchConstraints.NamespaceSelector.MatchLabels[corev1.LabelMetadataName] = "stagign"
			}, guard.AbsentNamespace,
		},
		"another label": {
			func(g *guarded, a *admission) {
				if a != g.Keepers { // who keep the labels
					g.without = append(g.without, g.Keepers.Policy, g.Keepers.Binding)
				}
				a.Policy.Spec.MatchConstraints.NamespaceSelector.MatchLabels = map[string]string{"environment": "staging"}
			}, guard.NamespaceLabel,
		},
		"an exempt label": {
			func(_ *guarded, a *admission) {
				a.Policy.Spec.MatchConstraints.ObjectSelector.MatchExpressions = []metav1.LabelSelectorRequirement{{Key: "exempt", Operator: "DoesNotExist"}}
			}, guard.ObjectOptOut,
		},
		"an exempt label in the binding": {
			func(_ *guarded, a *admission) {
				a.Binding.Spec.MatchResources = &admissionregistrationv1.MatchResources{ObjectSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"guarded": "yes"}}}
			}, guard.ObjectOptOut,
		},
		"an exempt annotation": {
			func(_ *guarded, a *admission) {
				a.Policy.Spec.MatchConditions = append(a.Policy.Spec.MatchConditions, admissionregistrationv1.MatchCondition{
					Name: "exempt", Expression: `!("exempt" in object.metadata.?annotations.orValue({}))`,
				})
			}, guard.ObjectOptOut,
		},
		"a condition that is never met": {
			func(_ *guarded, a *admission) {
				a.Policy.Spec.MatchConditions = append(a.Policy.Spec.MatchConditions, admissionregistrationv1.MatchCondition{Name: "off", Expression: "false"})
			}, guard.NeverDenies,
		},
		"all excluded": {
			func(_ *guarded, a *admission) {
				a.Policy.Spec.MatchConstraints.ExcludeResourceRules = slices.Clone(rules(a))
			}, guard.MatchesNothing,
		},
		"all excluded by the binding": {
			func(_ *guarded, a *admission) {
				a.Binding.Spec.MatchResources = &admissionregistrationv1.MatchResources{ExcludeResourceRules: slices.Clone(rules(a))}
			}, guard.MatchesNothing,
		},
		"bound to other resources": {
			func(_ *guarded, a *admission) {
				other := rules(a)[0]
				other.Resources = []string{"endpoints"}
				a.Binding.Spec.MatchResources = &admissionregistrationv1.MatchResources{ResourceRules: []admissionregistrationv1.NamedRuleWithOperations{other}}
			}, guard.MatchesNothing,
		},
		"a resource in the singular": {
			func(_ *guarded, a *admission) { rules(a)[0].Resources[0] = rules(a)[0].Resources[0][:3] }, guard.UnmatchedResource,
		},
		"the wrong scope": {
			func(_ *guarded, a *admission) { *rules(a)[0].Scope = admissionregistrationv1.ClusterScope }, guard.UnmatchedResource,
		},
		"no rules": {func(_ *guarded, a *admission) { a.Policy.Spec.MatchConstraints.ResourceRules = nil }, guard.Invalid},
		"a validation that is true": {
			func(_ *guarded, a *admission) { a.Policy.Spec.Validations[0].Expression += " || true" }, guard.NeverDenies,
		},
		"no validations": {func(_ *guarded, a *admission) { a.Policy.Spec.Validations = nil }, guard.Invalid},
		"parameters that may be missing": {
			func(_ *guarded, a *admission) {
				a.Policy.Spec.ParamKind = &admissionregistrationv1.ParamKind{APIVersion: "v1", Kind: "ConfigMap"}
				allow := admissionregistrationv1.AllowAction
				a.Binding.Spec.ParamRef = &admissionregistrationv1.ParamRef{Name: "x", Namespace: "guards", ParameterNotFoundAction: &allow}
			}, guard.MissingParams,
		},
	}
	fresh := newGuarded()
	if fs := fresh.findings(); len(fs) > 0 {
		t.Fatalf("the set as built: %v", fs.Err())
	}
	for name, tt := range tests {
		for _, policy := range slices.Sorted(maps.Keys(fresh.admissions())) {
			t.Run(policy+"/"+name, func(t *testing.T) {
				g := newGuarded()
				tt.edit(&g, g.admissions()[policy])
				wantRule(t, g.findings(), tt.want)
			})
		}
	}
}

// Whatever is taken from one policy or made weaker in it, a rule says so.
func TestWeakenedParts(t *testing.T) {
	rule := func(a *guard.Admission, i int) *admissionregistrationv1.NamedRuleWithOperations {
		return &a.Policy.Spec.MatchConstraints.ResourceRules[i]
	}
	onlyCreate := func(a *guard.Admission) {
		for i := range a.Policy.Spec.MatchConstraints.ResourceRules {
			rule(a, i).Operations = []admissionregistrationv1.OperationType{admissionregistrationv1.Create}
		}
	}
	apply := func(g *guarded) *string { return &g.classes.Policy.Spec.Mutations[0].ApplyConfiguration.Expression }
	tests := map[string]struct {
		edit func(*guarded)
		want string
	}{
		"pods, without resize":               {func(g *guarded) { rule(g.Pods, 1).Resources = []string{"pods/ephemeralcontainers"} }, guard.SubresourceGap},
		"pods, without ephemeral containers": {func(g *guarded) { rule(g.Pods, 1).Resources = []string{"pods/resize"} }, guard.SubresourceGap},
		"pods, without either": {func(g *guarded) {
			g.Pods.Policy.Spec.MatchConstraints.ResourceRules = g.Pods.Policy.Spec.MatchConstraints.ResourceRules[:1]
		}, guard.SubresourceGap},
		"pods, subresources when created": {func(g *guarded) { onlyCreate(g.Pods) }, guard.SubresourceGap},
		"pods, bound to themselves": {func(g *guarded) {
			g.Pods.Binding.Spec.MatchResources = g.Pods.Policy.Spec.MatchConstraints.DeepCopy()
			g.Pods.Binding.Spec.MatchResources.ResourceRules = g.Pods.Binding.Spec.MatchResources.ResourceRules[:1]
		}, guard.SubresourceGap},
		"templates, without updates":        {func(g *guarded) { onlyCreate(g.Templates) }, guard.UpdateGap},
		"services, without updates":         {func(g *guarded) { onlyCreate(g.Services) }, guard.UpdateGap},
		"service accounts, without updates": {func(g *guarded) { onlyCreate(g.ServiceAccounts) }, guard.UpdateGap},
		"templates, without pods":           {func(g *guarded) { g.without = append(g.without, g.Pods.Policy, g.Pods.Binding) }, guard.TemplatesOnly},
		"pods, a misspelt variable":         {func(g *guarded) { g.Pods.Policy.Spec.Variables[0].Name = "specs" }, guard.Undeclared},
		"pods, a misspelt field":            {func(g *guarded) { g.Pods.Policy.Spec.Variables[2].Expression = "variables.spec.?volume.orValue([])" }, guard.UnknownField},
		"pods, no init containers": {func(g *guarded) {
			g.without = append(g.without, g.Templates.Policy, g.Templates.Binding)
			onlyContainers(g.Pods)
		}, guard.OtherContainers},
		"services, a misspelt field": {func(g *guarded) {
			g.Services.Policy.Spec.Validations[0].Expression = `object.?spec.?typ.optMap(v, v in ["ClusterIP"]).orValue(true)`
		}, guard.UnknownField},
		"the default class, without binding":   {func(g *guarded) { g.without = append(g.without, g.classes.Binding) }, guard.Unbound},
		"the default class, failures ignored":  {func(g *guarded) { *g.classes.Policy.Spec.FailurePolicy = admissionregistrationv1.Ignore }, guard.FailsOpen},
		"the default class, without its value": {func(g *guarded) { *apply(g) = `Object{spec: Object.spec{priorityClassName: "low"}}` }, guard.StalePriority},
		"the default class, no preemption":     {func(g *guarded) { *apply(g) = `Object{spec: Object.spec{priorityClassName: "low", priority: -5}}` }, guard.StalePriority},
		"the default class, exact":             {func(g *guarded) { *g.classes.Policy.Spec.MatchConstraints.MatchPolicy = admissionregistrationv1.Exact }, guard.MatchExact},
		"the default class, no condition, and another": {func(g *guarded) {
			g.classes.Policy.Spec.MatchConditions = nil
			g.classes.Policy.Spec.MatchConstraints.ResourceRules[0].Resources = []string{"pod"}
		}, guard.UnmatchedResource},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			g := newGuarded()
			tt.edit(&g)
			wantRule(t, g.findings(), tt.want)
		})
	}
}

// onlyContainers makes the lists of containers that a policy goes through those of
// the containers alone.
func onlyContainers(a *guard.Admission) {
	a.Policy.Spec.Variables = []admissionregistrationv1.Variable{
		{Name: "spec", Expression: "object.spec"},
		{Name: "containers", Expression: "variables.spec.containers"},
		{Name: "volumes", Expression: "variables.spec.?volumes.orValue([])"},
		{Name: "allContainers", Expression: "variables.spec.containers"},
	}
	a.Policy.Spec.Validations = slices.DeleteFunc(a.Policy.Spec.Validations, func(v admissionregistrationv1.Validation) bool {
		return v.MessageExpression == "" // which go through lists of their own
	})
}

func wantRule(t *testing.T, fs bulkhead.Findings, want string) {
	t.Helper()
	if !slices.ContainsFunc(fs, func(f bulkhead.Finding) bool { return f.Rule == want }) {
		t.Errorf("%s says nothing; findings: %v", want, fs)
	}
}
