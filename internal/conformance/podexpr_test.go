// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/admission"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/schedule"
)

// A question is what quota/schedule is asked about the expression of a policy: it knows
// the namespace of a pod, and perhaps its class and its priority.
type question struct {
	name, class string
	value       *int32 // nil where it is not known
	variables   bool   // it may be asked of a policy with variables
	ask         func(*testing.T, admissionregistrationv1.ValidatingAdmissionPolicySpec) schedule.Judgement
}

func questions() []question {
	return []question{
		{"a class and its priority", "high", new(int32(100)), true, claimed("high", true)},
		{"a class of which the priority is open", "elsewhere", nil, true, claimed("elsewhere", false)},
		{"a class that a policy may exchange", "low", new(int32(-10)), false, exchanged("low")},
		{"no class, for which a policy may give one", "", new(int32(0)), false, exchanged("")},
	}
}

// What quota/schedule reads out of an expression without an evaluator is what the
// evaluator of the API server says, whatever else the pod is.
func TestExpressionsAreReadAsTheServerDoes(t *testing.T) {
	const pods = 2 // for each question
	all := questions()
	n := max(10_000, *objects/10) / pods / 2 // at least two questions each
	var compared atomic.Int64
	answers := make([][3]atomic.Int64, len(all))
	each(n, func(_ int, random *rand.Rand) {
		policy, judge := written(random)
		for i, q := range all {
			if len(policy.Spec.Variables) > 0 && !q.variables {
				continue
			}
			got := q.ask(t, policy.Spec)
			answers[i][got.Verdict].Add(1)
			for range pods {
				q.compare(t, got, policy, judge, q.pod(lottery{random}))
				compared.Add(1)
			}
		}
	})
	count(int(compared.Load()))
	for i, q := range all {
		undetermined, sealed, breached := answers[i][bulkhead.Undetermined].Load(), answers[i][bulkhead.Sealed].Load(), answers[i][bulkhead.Breached].Load()
		fmt.Printf("%s: %s: holds %d, fails %d, open %d\n", t.Name(), q.name, breached, sealed, undetermined)
		if least := int64(n / 20); min(undetermined, sealed) < least || breached < least && q.value != nil {
			t.Errorf("%s: too few answers of a kind", q.name)
		}
	}
}

// compare holds an answer against that of the server's evaluator.
func (q question) compare(t *testing.T, got schedule.Judgement, policy *admissionregistrationv1.ValidatingAdmissionPolicy, judge *judge, pod *corev1.Pod) {
	refusals, err := judge.refusals(asked{
		object: asStored(pod), kind: corev1.SchemeGroupVersion.WithKind("Pod"), resource: "pods", operation: admission.Create,
		namespace: &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging"}},
	})
	holds, fails := err == nil && len(refusals) == 0, err == nil && len(refusals) > 0
	if got.Verdict == bulkhead.Breached && !holds || got.Verdict == bulkhead.Sealed && !fails {
		t.Errorf("%v\nthe server refuses with %q, %v\n%s\n%s", got, refusals, err, text(policy), text(pod))
	}
}

// written draws a policy that compiles.
func written(random *rand.Rand) (*admissionregistrationv1.ValidatingAdmissionPolicy, *judge) {
	for {
		a := author{lottery: lottery{random}}
		policy := &admissionregistrationv1.ValidatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: "policy"}}
		policy.Spec.FailurePolicy = new(admissionregistrationv1.Fail)
		for i := range max(0, a.IntN(6)-2) { // none in half of them
			name := fmt.Sprint("v", i)
			policy.Spec.Variables = append(policy.Spec.Variables, admissionregistrationv1.Variable{Name: name, Expression: a.declared()})
			a.variables = append(a.variables, name)
		}
		policy.Spec.Validations = []admissionregistrationv1.Validation{{Expression: a.condition(3), Reason: new(metav1.StatusReasonForbidden)}}
		if judge, err := compiled(policy); err == nil {
			return policy, judge
		}
	}
}

// pod draws a pod that is all that is known, and anything else.
func (q question) pod(l lottery) *corev1.Pod {
	pod := &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: draw(l, "web", "low", "x")}}
	pod.Spec.PriorityClassName, pod.Spec.Priority = q.class, q.value
	if q.value == nil {
		pod.Spec.Priority = new(draw(l, int32(-10), 0, 7, 99, 100))
	}
	pod.Spec.PreemptionPolicy = new(corev1.PreemptLowerPriority)
	pod.Spec.HostNetwork = l.chance(2)
	pod.Spec.Containers = []corev1.Container{{Name: draw(l, "x", "y"), Image: draw(l, "a", "b")}}
	if l.chance(2) {
		pod.Labels = map[string]string{"tier": draw(l, "prod", "staging")}
	}
	if l.chance(2) {
		pod.Spec.SchedulerName = draw(l, "low", "high", "x")
	}
	return pod
}

func newPods() *admissionregistrationv1.MatchResources {
	return &admissionregistrationv1.MatchResources{ResourceRules: []admissionregistrationv1.NamedRuleWithOperations{{RuleWithOperations: admissionregistrationv1.RuleWithOperations{
		Operations: []admissionregistrationv1.OperationType{admissionregistrationv1.Create},
		Rule:       admissionregistrationv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"pods"}},
	}}}}
}

// claimed asks whether a policy keeps pods out of a class: Breached says that it holds
// for them, Sealed that it does not. Whole says that the class is among the objects.
func claimed(class string, whole bool) func(*testing.T, admissionregistrationv1.ValidatingAdmissionPolicySpec) schedule.Judgement {
	return func(t *testing.T, spec admissionregistrationv1.ValidatingAdmissionPolicySpec) schedule.Judgement {
		spec.MatchConstraints = newPods()
		policy := &admissionregistrationv1.ValidatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: "policy"}, Spec: spec}
		binding := &admissionregistrationv1.ValidatingAdmissionPolicyBinding{ObjectMeta: metav1.ObjectMeta{Name: "policy"}}
		binding.Spec.PolicyName, binding.Spec.ValidationActions = "policy", []admissionregistrationv1.ValidationAction{admissionregistrationv1.Deny}
		objs := []bulkhead.Object{policy, binding, deploymentOf("prod", class)}
		if whole {
			objs = append(objs, classOf(class, 100))
		}
		for _, j := range clusterOf(t, whole, objs...).Claims() {
			if strings.Contains(j.Message, "the class "+class) {
				return j
			}
		}
		t.Error("no judgement")
		return schedule.Judgement{}
	}
}

// exchanged asks whether a policy with a condition gives pods a class of so low a
// priority that the cluster autoscaler does not count them: Breached says that the
// condition holds for them, Sealed that it does not.
func exchanged(class string) func(*testing.T, admissionregistrationv1.ValidatingAdmissionPolicySpec) schedule.Judgement {
	return func(t *testing.T, spec admissionregistrationv1.ValidatingAdmissionPolicySpec) schedule.Judgement {
		policy := &admissionregistrationv1.MutatingAdmissionPolicy{ObjectMeta: metav1.ObjectMeta{Name: "policy"}}
		policy.Spec.MatchConstraints = newPods()
		policy.Spec.MatchConditions = []admissionregistrationv1.MatchCondition{{Name: "condition", Expression: spec.Validations[0].Expression}}
		policy.Spec.Mutations = []admissionregistrationv1.Mutation{{
			PatchType: admissionregistrationv1.PatchTypeApplyConfiguration,
			ApplyConfiguration: &admissionregistrationv1.ApplyConfiguration{
				Expression: `Object{spec: Object.spec{priorityClassName: "lowest", priority: -1000, preemptionPolicy: "PreemptLowerPriority"}}`,
			},
		}}
		binding := &admissionregistrationv1.MutatingAdmissionPolicyBinding{ObjectMeta: metav1.ObjectMeta{Name: "policy"}}
		binding.Spec.PolicyName = "policy"
		for _, j := range clusterOf(t, true, policy, binding, deploymentOf("staging", class), classOf("low", -10), classOf("lowest", -1000)).Ranks() {
			if j.Statement == schedule.Counted {
				return j
			}
		}
		t.Error("no judgement")
		return schedule.Judgement{}
	}
}

func classOf(name string, value int32) *schedulingv1.PriorityClass {
	return &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Value: value}
}

func deploymentOf(namespace, class string) *appsv1.Deployment {
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "web"}}
	d.Spec.Template.Spec = corev1.PodSpec{PriorityClassName: class, Containers: []corev1.Container{{Name: "c"}}}
	return d
}

func clusterOf(t *testing.T, whole bool, objs ...bulkhead.Object) *schedule.Cluster {
	t.Helper()
	c, err := schedule.New(objs, schedule.Boundary{Production: []string{"prod"}, Staging: []string{"staging"}}, schedule.Options{Whole: whole})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
