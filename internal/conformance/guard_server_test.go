// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/internal/conformance/servers"
	"github.com/watertight-go/watertight/quota"
)

// limitedTo are resources of a container with a limit.
func limitedTo(limit string) corev1.ResourceRequirements {
	return corev1.ResourceRequirements{
		Limits:   amountsOf("memory", limit),
		Requests: amountsOf("memory", "0", "cpu", "1m"),
	}
}

func podWith(namespace string, resources corev1.ResourceRequirements, names ...string) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "x"}}
	for _, name := range names {
		pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{Name: name, Image: name, Resources: resources})
	}
	return pod
}

// A pod that passed cannot be resized, or given a container, so that it would not.
func TestGuardsSeeSubresources(t *testing.T) {
	const home = "subresources"
	s := newSite(t, cluster(t).Config)
	s.home(t, home)
	s.put(t, bulkhead.Must(guard.Enforce(home, guard.MemoryLimits(), guard.NoHost())).Objects()...)
	eventually(t, "the policy holds", func() bool {
		return byGuard(s.try(t.Context(), podWith(home, corev1.ResourceRequirements{}, "web")))
	})
	pods := s.client.CoreV1().Pods(home)
	pod, err := pods.Create(t.Context(), podWith(home, limitedTo("1Gi"), "web"), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	larger, none := pod.DeepCopy(), pod.DeepCopy()
	larger.Spec.Containers[0].Resources = limitedTo("2Gi")
	none.Spec.Containers[0].Resources = limitedTo("0")
	if _, err := pods.UpdateResize(t.Context(), pod.Name, none, metav1.UpdateOptions{}); !byGuard(err) {
		t.Errorf("resized to a limit of zero: %v", err)
	}
	if pod, err = pods.UpdateResize(t.Context(), pod.Name, larger, metav1.UpdateOptions{}); err != nil {
		t.Fatalf("resized to a limit above zero: %v", err)
	}
	for _, privileged := range []bool{true, false} {
		debugged := pod.DeepCopy()
		debugged.Spec.EphemeralContainers = []corev1.EphemeralContainer{{EphemeralContainerCommon: corev1.EphemeralContainerCommon{
			Name: "debug", Image: "debug", SecurityContext: &corev1.SecurityContext{Privileged: &privileged},
		}}}
		_, err := pods.UpdateEphemeralContainers(t.Context(), pod.Name, debugged, metav1.UpdateOptions{})
		if byGuard(err) != privileged || !privileged && err != nil {
			t.Errorf("given a container for debugging, privileged %t: %v", privileged, err)
		}
	}
}

// Who applies a Deployment is told what its pods would be refused for, and by the name
// of the container.
func TestGuardsTellTheAuthorOfATemplate(t *testing.T) {
	const home = "templates"
	s := newSite(t, cluster(t).Config)
	s.home(t, home)
	s.put(t, bulkhead.Must(guard.Enforce(home, guard.MemoryLimits())).Objects()...)
	deployment := func(pod *corev1.Pod) *appsv1.Deployment {
		labels := map[string]string{"app": "web"}
		return &appsv1.Deployment{
			ObjectMeta: pod.ObjectMeta,
			Spec: appsv1.DeploymentSpec{
				Selector: &metav1.LabelSelector{MatchLabels: labels},
				Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: pod.Spec},
			},
		}
	}
	var err error
	zero := deployment(podWith(home, limitedTo("0"), "web", "db"))
	eventually(t, "the policy holds", func() bool {
		err = s.try(t.Context(), zero)
		return byGuard(err)
	})
	const want = "ValidatingAdmissionPolicy 'templates.templates' with binding 'templates.templates' denied request: " +
		"container web, db: no memory limit above zero; set resources.limits.memory"
	if !strings.Contains(err.Error(), want) {
		t.Errorf("the server says %q, want %q", err, want)
	}
	// A LimitRange may fill it in.
	if err := s.try(t.Context(), deployment(podWith(home, corev1.ResourceRequirements{}, "web"))); err != nil {
		t.Errorf("a template that leaves the limit out: %v", err)
	}
}

// A LimitRange and a default class come before the guard, and the rules know them.
func TestGuardsJudgePodsWithTheirDefaults(t *testing.T) {
	const home = "defaults"
	s := newSite(t, cluster(t).Config)
	s.home(t, home)
	low := s.classes(t)
	g := bulkhead.Must(guard.Enforce(home, guard.MemoryLimits(), guard.Classes(low.Name)))
	s.put(t, g.Objects()...)
	bare := podWith(home, corev1.ResourceRequirements{}, "web")
	eventually(t, "the policy holds", func() bool { return byGuard(s.try(t.Context(), bare)) })

	limits := bulkhead.Must(quota.Limits(home, "limits", corev1.LimitRangeItem{
		Type: corev1.LimitTypeContainer, Max: amountsOf("memory", "1Gi"),
	}))
	class := bulkhead.Must(guard.DefaultClass(home, low))
	around := append(class.Objects(), limits, low)
	s.put(t, around...)
	eventually(t, "a pod that leaves everything out passes", func() bool { return s.try(t.Context(), bare) == nil })
	if findings := bulkhead.Check(append(around, bare), g.Rules()...); len(findings) > 0 {
		t.Errorf("the server takes it, the rules find %v", findings)
	}
	zero := podWith(home, limitedTo("0"), "web")
	if err := s.try(t.Context(), zero); !byGuard(err) || len(bulkhead.Check(append(around, zero), g.Rules()...)) == 0 {
		t.Errorf("a limit of zero beside a default: %v", err)
	}

	pods := s.client.CoreV1().Pods(home)
	stored, err := pods.Create(t.Context(), bare, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if p := stored.Spec; p.PriorityClassName != "low" || p.Priority == nil || *p.Priority != -10 || p.PreemptionPolicy == nil || *p.PreemptionPolicy != corev1.PreemptNever {
		t.Errorf("stored with class %q, value %v, policy %v", p.PriorityClassName, p.Priority, p.PreemptionPolicy)
	}
	named := bare.DeepCopy()
	named.Spec.PriorityClassName = "high"
	if err := s.try(t.Context(), named); !byGuard(err) {
		t.Errorf("a class that is not listed: %v", err)
	}

	// A global default is there before, and is not listed.
	usual := bulkhead.Must(quota.Priority("usual", 0))
	usual.GlobalDefault = true
	s.put(t, usual)
	eventually(t, "the global default holds", func() bool { return byGuard(s.try(t.Context(), bare)) })
	if findings := bulkhead.Check(append(around, usual, bare), g.Rules()...); len(findings) == 0 {
		t.Error("the server refuses it, the rules find nothing")
	}
}

// A default of a class that has another value by now is refused, as its comment says.
func TestDefaultClassOfAnotherValue(t *testing.T) {
	const home = "stale"
	s := newSite(t, cluster(t).Config)
	s.home(t, home)
	low := s.classes(t)
	stale := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: low.Name}, Value: -5, PreemptionPolicy: low.PreemptionPolicy}
	s.put(t, bulkhead.Must(guard.DefaultClass(home, stale)).Objects()...)
	eventually(t, "a pod without a class is refused", func() bool {
		err := s.try(t.Context(), podWith(home, limitedTo("1Gi"), "web"))
		return apierrors.IsForbidden(err) && strings.Contains(err.Error(), "priority")
	})
}

// The controller that checks the types of expressions has nothing to say.
func TestGuardsHaveNoTypeWarnings(t *testing.T) {
	c := cluster(t, servers.ControllerManager)
	s := newSite(t, c.Config)
	all := []guard.Restriction{
		guard.Classes("low"), guard.MemoryLimits(), guard.CPULimits(), guard.NoPodLevelBypass(), guard.NoHost(), guard.TokenAudiences("vault"),
		guard.ServiceTypes(corev1.ServiceTypeClusterIP), guard.CloudIdentities("a@b"),
		guard.Keepers(rbacv1.Subject{Kind: rbacv1.GroupKind, Name: "system:masters"}),
	}
	g := bulkhead.Must(guard.Enforce("typed", all...))
	s.put(t, g.Objects()...)
	policies := s.client.AdmissionregistrationV1().ValidatingAdmissionPolicies()
	for _, a := range []*guard.Admission{g.Pods, g.Templates, g.Services, g.ServiceAccounts, g.Keepers} {
		var checked *admissionregistrationv1.TypeChecking
		eventually(t, a.Policy.Name+" is checked", func() bool {
			stored, err := policies.Get(t.Context(), a.Policy.Name, metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			checked = stored.Status.TypeChecking
			return checked != nil
		})
		for _, w := range checked.ExpressionWarnings {
			t.Errorf("%s %s: %s", a.Policy.Name, w.FieldRef, w.Warning)
		}
	}
}
