// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"errors"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/admit"
)

func meta(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "staging", Name: name} }

func amounts(pairs ...string) corev1.ResourceList {
	out := make(corev1.ResourceList)
	for i := 0; i < len(pairs); i += 2 {
		out[corev1.ResourceName(pairs[i])] = resource.MustParse(pairs[i+1])
	}
	return out
}

func capped(name string, pairs ...string) *corev1.ResourceQuota {
	return &corev1.ResourceQuota{ObjectMeta: meta(name), Spec: corev1.ResourceQuotaSpec{Hard: amounts(pairs...)}}
}

func podOf(containers ...corev1.Container) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: meta("pod"), Spec: corev1.PodSpec{Containers: containers}}
}

func container(name string, requests corev1.ResourceList) corev1.Container {
	return corev1.Container{Name: name, Resources: corev1.ResourceRequirements{Requests: requests}}
}

func cluster(t *testing.T, options admit.Options, objs ...bulkhead.Object) *admit.Cluster {
	t.Helper()
	c, err := admit.New(objs, options)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Q01: what no controller has counted is not enforced.
func TestQuotaWithoutStatus(t *testing.T) {
	none := capped("cap", "pods", "0")
	if got := cluster(t, admit.Options{Whole: true}, none).Pod(podOf()); got.Verdict != admit.Admitted || len(got.Charges) != 0 {
		t.Errorf("as read from a cluster: %v %v", got.Verdict, got.Charges)
	}
	if got := cluster(t, admit.Options{}, none).Pod(podOf()); got.Verdict != admit.Refused {
		t.Errorf("as a manifest that a controller will count: %v", got.Verdict)
	}
	none.Status.Hard = none.Spec.Hard
	got := cluster(t, admit.Options{}, none).Pod(podOf())
	if want := "status unknown for quota: cap, resources: pods"; got.Message != want {
		t.Errorf("counted by halves: %q, want %q", got.Message, want)
	}
}

func TestMissingClasses(t *testing.T) {
	pod := podOf(container("main", nil))
	pod.Spec.PriorityClassName = "prod"
	pod.Spec.RuntimeClassName = new("kata")
	want := []admit.Problem{
		{Object: bulkhead.RefTo(pod), Field: "spec.priorityClassName", Message: "no PriorityClass with name prod was found"},
		{Object: bulkhead.RefTo(pod), Field: "spec.runtimeClassName", Message: `pod rejected: RuntimeClass "kata" not found`},
	}
	got := cluster(t, admit.Options{}).Pod(pod)
	if diff := cmp.Diff(want, got.Missing); diff != "" || got.Verdict != admit.Undetermined {
		t.Errorf("%v, missing (-want +got):\n%s", got.Verdict, diff)
	}
	got = cluster(t, admit.Options{}, capped("cap", "pods", "0")).Pod(pod)
	if got.Verdict != admit.Refused || got.Stage != admit.ResourceQuota || len(got.Missing) != 2 {
		t.Errorf("whatever the classes are, the quota has no room: %v %s %v", got.Verdict, got.Stage, got.Missing)
	}
	got = cluster(t, admit.Options{Whole: true}).Pod(pod)
	if got.Verdict != admit.Refused || got.Stage != admit.Priority || got.Message != want[0].Message {
		t.Errorf("in a cluster without them: %v %s %q", got.Verdict, got.Stage, got.Message)
	}
}

func TestEveryContainerIsNamed(t *testing.T) {
	pod := podOf(container("b", nil), container("a", nil), container("c", amounts("cpu", "1")))
	pod.Spec.InitContainers = []corev1.Container{container("i", nil)}
	least := &corev1.LimitRange{ObjectMeta: meta("least"), Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{
		{Type: corev1.LimitTypeContainer, DefaultRequest: amounts("cpu", "1m"), MaxLimitRequestRatio: amounts("memory", "2")},
	}}}
	level := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "staging", Labels: map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}}}
	negative := pod.DeepCopy()
	negative.Spec.Containers[1].Resources.Requests = amounts("cpu", "-1", "example.com/gpu", "1")
	for name, tt := range map[string]struct {
		pod   *corev1.Pod
		by    bulkhead.Object
		stage admit.Stage
		want  []string
	}{
		"by a quota":        {pod, capped("cap", "cpu", "9"), admit.ResourceQuota, []string{"a", "b", "i"}},
		"by a LimitRange":   {pod, least, admit.LimitRanger, []string{"a", "b", "c", "i"}},
		"by Pod Security":   {pod, level, admit.PodSecurity, []string{"a", "b", "c", "i"}},
		"by the validation": {negative, level, admit.Validation, []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := cluster(t, admit.Options{}, tt.by).Pod(tt.pod)
			if got.Stage != tt.stage || !slices.Equal(got.Containers(), tt.want) {
				t.Errorf("%s %q names %q, want %s to name %q", got.Stage, got.Message, got.Containers(), tt.stage, tt.want)
			}
			for _, r := range got.Reasons {
				if r.Field == "" {
					t.Errorf("%q names no field", r.Message)
				}
			}
		})
	}
}

// What one asks about stays as it was.
func TestPodIsNotChanged(t *testing.T) {
	limits := &corev1.LimitRange{ObjectMeta: meta("limits"), Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{
		{Type: corev1.LimitTypeContainer, Default: amounts("cpu", "1", "memory", "0.5")},
	}}}
	pod := podOf(container("main", amounts("memory", "0.0001")))
	pod.Spec.HostNetwork = true
	pod.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 80}}
	pod.Spec.Volumes = []corev1.Volume{{Name: "data"}}
	pod.Spec.Resources = &corev1.ResourceRequirements{Requests: amounts("cpu", "2")}
	before := pod.DeepCopy()
	got := cluster(t, admit.Options{}, limits, capped("cap", "limits.cpu", "9")).Pod(pod)
	if charged := got.Charged()["limits.cpu"]; charged.String() != "2" {
		t.Fatalf("charged %s: the pod was not completed", charged.String())
	}
	if diff := cmp.Diff(before, pod); diff != "" {
		t.Errorf("changed (-before +after):\n%s", diff)
	}
}

// Before 1.34 a server drops the resources of a pod itself, and until 1.36 it
// completes their limits for huge pages alone.
func TestOlderVersions(t *testing.T) {
	pod := podOf(corev1.Container{Name: "main", Resources: corev1.ResourceRequirements{Limits: amounts("cpu", "1")}})
	pod.Spec.Resources = &corev1.ResourceRequirements{Requests: amounts("cpu", "2")}
	for minor, want := range map[int][2]string{37: {"2", "2"}, 36: {"2", "1"}, 34: {"2", "1"}, 33: {"1", "1"}} {
		charged := cluster(t, admit.Options{Minor: minor}, capped("cap", "requests.cpu", "9", "limits.cpu", "9")).Pod(pod).Charged()
		requests, limits := charged["requests.cpu"], charged["limits.cpu"]
		if got := [2]string{requests.String(), limits.String()}; got != want {
			t.Errorf("1.%d charges requests and limits %v, want %v", minor, got, want)
		}
	}
}

func TestLimitedResources(t *testing.T) {
	critical := corev1.ScopedResourceSelectorRequirement{
		ScopeName: corev1.ResourceQuotaScopePriorityClass, Operator: corev1.ScopeSelectorOpIn, Values: []string{"system-node-critical"},
	}
	options := admit.Options{Limited: []admit.LimitedResource{
		{Resource: "pods", MatchScopes: []corev1.ScopedResourceSelectorRequirement{critical}},
		{Resource: "pods", MatchContains: []string{"example.com/"}},
	}}
	high := podOf(container("main", nil))
	high.Spec.PriorityClassName = "system-node-critical"
	gpu := podOf(corev1.Container{Name: "main", Resources: corev1.ResourceRequirements{Limits: amounts("example.com/gpu", "1")}})
	covering := capped("critical", "pods", "9")
	covering.Spec.ScopeSelector = &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{critical}}
	for name, tt := range map[string]struct {
		pod     *corev1.Pod
		quota   *corev1.ResourceQuota
		message string
	}{
		"a class that no quota covers":     {high, capped("cap", "pods", "9"), "insufficient quota to match these scopes: [{PriorityClass In [system-node-critical]}]"},
		"a class that a quota covers":      {high, covering, ""},
		"a device that no quota covers":    {gpu, capped("cap", "pods", "9"), "insufficient quota to consume: requests.example.com/gpu"},
		"a device that a quota covers":     {gpu, capped("cap", "requests.example.com/gpu", "9"), ""},
		"a pod that takes nothing limited": {podOf(), capped("cap", "pods", "9"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := cluster(t, options, tt.quota).Pod(tt.pod); got.Message != tt.message {
				t.Errorf("%v %q, want %q", got.Verdict, got.Message, tt.message)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	_, err := admit.New(nil, admit.Options{Minor: 99, Nodes: -1, ConcurrentRollouts: -1, Limited: make([]admit.LimitedResource, 1)})
	var wrong *admit.OptionsError
	if !errors.As(err, &wrong) || len(wrong.Wrong) != 4 {
		t.Errorf("%v, want four mistakes", err)
	}
}
