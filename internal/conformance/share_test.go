// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// The closed set refuses what goes around a single quota, and nothing else.
func TestShareIsEnforced(t *testing.T) {
	s := newStage(t)
	const namespace, low, high = "share", "share-low-priority", "share-production"
	share := bulkhead.Must(quota.Cap(namespace, budget()))
	s.set(bulkhead.Must(quota.Namespace(namespace, quota.Restricted)), bulkhead.Must(quota.Priority(high, 1_000_000)))
	s.set(share.Objects()...)

	tests := map[string]struct {
		edit func(*corev1.Pod)
		want string // part of the refusal; empty where the pod is admitted
	}{
		"a pod of the namespace's class": {edit: func(*corev1.Pod) {}},
		"requests beyond the quota": {
			edit: func(p *corev1.Pod) { requests(p, amounts("cpu", "2"), amounts("cpu", "2")) },
			want: "exceeded quota: cap, requested: requests.cpu=2",
		},
		"limits beyond a pod's most": {
			edit: func(p *corev1.Pod) { requests(p, amounts("cpu", "1"), amounts("cpu", "5")) },
			want: "maximum cpu usage per Pod is 4",
		},
		"no class":                    {edit: func(p *corev1.Pod) { p.Spec.PriorityClassName = "" }, want: "exceeded quota: only-classes"},
		"the class of production":     {edit: func(p *corev1.Pod) { p.Spec.PriorityClassName = high }, want: "exceeded quota: only-classes"},
		"system-node-critical":        {edit: func(p *corev1.Pod) { p.Spec.PriorityClassName = "system-node-critical" }, want: "exceeded quota: only-classes"},
		"system-cluster-critical":     {edit: func(p *corev1.Pod) { p.Spec.PriorityClassName = "system-cluster-critical" }, want: "exceeded quota: only-classes"},
		"a class that nobody made":    {edit: func(p *corev1.Pod) { p.Spec.PriorityClassName = "missing" }, want: "no PriorityClass with name missing"},
		"a priority without its name": {edit: func(p *corev1.Pod) { p.Spec.Priority = new(int32) }, want: "priority"},
		"a memory limit of zero": {
			edit: func(p *corev1.Pod) { requests(p, nil, amounts("memory", "0")) },
			want: "minimum memory usage per Container is 1Mi",
		},
		"a processor limit of zero": {
			edit: func(p *corev1.Pod) { requests(p, nil, amounts("cpu", "0")) },
			want: "minimum cpu usage per Container is 1m",
		},
		"resources of the pod alone, below its containers'": {
			edit: func(p *corev1.Pod) { p.Spec.Resources = &corev1.ResourceRequirements{Requests: amounts("cpu", "1m")} },
			want: "must be greater than or equal to aggregate container requests",
		},
		"resources of the pod alone, beyond the quota": {
			edit: func(p *corev1.Pod) {
				p.Spec.Resources = &corev1.ResourceRequirements{Requests: amounts("cpu", "2"), Limits: amounts("cpu", "2")}
			},
			want: "exceeded quota: cap, requested: requests.cpu=2",
		},
		"an init container beyond the quota": {
			edit: func(p *corev1.Pod) {
				init := p.Spec.Containers[0]
				init.Name = "init"
				p.Spec.InitContainers = []corev1.Container{init}
				p.Spec.InitContainers[0].Resources.Requests, p.Spec.InitContainers[0].Resources.Limits = amounts("memory", "2Gi"), amounts("memory", "2Gi")
			},
			want: "exceeded quota: cap, requested: requests.memory=2Gi",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			pod := hardened(namespace, low)
			tt.edit(pod)
			got, err := s.dryRun(pod)
			expect(t, err, tt.want)
			if err == nil {
				checkDefaults(t, got.Spec.Containers[0].Resources)
			}
		})
	}
	count(len(tests))
}

// expect fails unless an answer is a refusal that says so, or none is wanted.
func expect(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("refused: %v", err)
	case want != "" && err == nil:
		t.Error("admitted")
	case want != "" && !strings.Contains(err.Error(), want):
		t.Errorf("refused with %q, want %q", err, want)
	}
}

// checkDefaults fails unless a container that named no resources has the budget's.
func checkDefaults(t *testing.T, got corev1.ResourceRequirements) {
	t.Helper()
	b := budget()
	for what, pair := range map[string][2]resource.Quantity{
		"limit of cores":    {got.Limits[corev1.ResourceCPU], b.Default.CPU},
		"limit of memory":   {got.Limits[corev1.ResourceMemory], b.Default.Memory},
		"request of cores":  {got.Requests[corev1.ResourceCPU], b.DefaultRequest.CPU},
		"request of memory": {got.Requests[corev1.ResourceMemory], b.DefaultRequest.Memory},
	} {
		if pair[0].Cmp(pair[1]) != 0 {
			t.Errorf("%s: %v, want %v", what, pair[0].String(), pair[1].String())
		}
	}
}

// The quota holds for pods together, not only for each.
func TestShareCountsPodsTogether(t *testing.T) {
	s := newStage(t)
	const namespace = "together"
	share := bulkhead.Must(quota.Cap(namespace, budget()))
	s.set(bulkhead.Must(quota.Namespace(namespace, quota.Restricted)))
	s.set(share.Objects()...)
	create := func(name string) error {
		pod := hardened(namespace, share.Class.Name)
		pod.Name = name
		requests(pod, amounts("cpu", "400m", "memory", "128Mi"), amounts("cpu", "400m", "memory", "128Mi"))
		_, err := s.client.CoreV1().Pods(namespace).Create(t.Context(), pod, metav1.CreateOptions{})
		return err
	}
	expect(t, create("first"), "")
	expect(t, create("second"), "")
	expect(t, create("third"), "exceeded quota: cap, requested: requests.cpu=400m, used: requests.cpu=800m")
	count(3)
}

func TestShareKeepsServicesAndClaimsInside(t *testing.T) {
	s := newStage(t)
	const namespace = "inside"
	s.set(bulkhead.Must(quota.Namespace(namespace, quota.Restricted)))
	s.set(bulkhead.Must(quota.Cap(namespace, budget())).Objects()...)

	service := func(name string, kind corev1.ServiceType) *corev1.Service {
		return &corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Name: name},
			Spec:       corev1.ServiceSpec{Type: kind, Ports: []corev1.ServicePort{{Port: 80}}},
		}
	}
	create := func(svc *corev1.Service) error {
		_, err := s.client.CoreV1().Services(namespace).Create(t.Context(), svc, metav1.CreateOptions{})
		return err
	}
	withoutPorts := service("balancer-without-ports", corev1.ServiceTypeLoadBalancer)
	withoutPorts.Spec.AllocateLoadBalancerNodePorts = new(bool)
	expect(t, create(service("inner", corev1.ServiceTypeClusterIP)), "")
	expect(t, create(service("node-port", corev1.ServiceTypeNodePort)), "exceeded quota: cap")
	expect(t, create(service("balancer", corev1.ServiceTypeLoadBalancer)), "exceeded quota: cap")
	expect(t, create(withoutPorts), "exceeded quota: cap")

	inner, err := s.client.CoreV1().Services(namespace).Get(t.Context(), "inner", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	inner.Spec.Type = corev1.ServiceTypeNodePort
	_, err = s.client.CoreV1().Services(namespace).Update(t.Context(), inner, metav1.UpdateOptions{})
	expect(t, err, "exceeded quota: cap")

	claim := func(storage string) error {
		c := &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{GenerateName: "claim-"}, Spec: corev1.PersistentVolumeClaimSpec{
			AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
			Resources:   corev1.VolumeResourceRequirements{Requests: amounts("storage", storage)},
		}}
		_, err := s.client.CoreV1().PersistentVolumeClaims(namespace).Create(t.Context(), c, metav1.CreateOptions{})
		return err
	}
	expect(t, claim("11Gi"), "exceeded quota: cap")
	expect(t, claim("1Gi"), "")
	expect(t, claim("1Gi"), "")
	expect(t, claim("1Gi"), "exceeded quota: cap, requested: persistentvolumeclaims=1")
	count(9)
}
