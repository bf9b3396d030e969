// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/internal/conformance/servers"
	"github.com/watertight-go/watertight/netpol/platform"
)

// Two environments of one cluster, as they come out of the presets.
const (
	hullStaging, hullProd = "hull-staging", "hull-prod"
	hullLow, hullHigh     = hullStaging + "-low-priority", "hull-production"
)

// hull puts both environments on the stage, waits until their guards hold, and returns
// them.
func (s stage) hull() []*preset.Environment {
	s.t.Helper()
	cluster := preset.Cluster{
		Platform: platform.EKS,
		Keepers:  []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: "system:masters"}},
	}
	backend := []preset.Workload{{Account: "backend"}}
	staging := bulkhead.Must(preset.Staging(preset.StagingOptions{
		Cluster: cluster, Namespace: hullStaging, Production: []string{hullProd}, Workloads: backend, Budget: budget(),
	}))
	production := bulkhead.Must(preset.Production(preset.ProductionOptions{
		Cluster: cluster, Namespace: hullProd, Class: hullHigh, Workloads: backend,
	}))
	s.set(staging.Objects...)
	s.set(production.Objects...)
	for _, namespace := range []string{hullStaging, hullProd} {
		tenant := s.tenant(namespace)
		eventually(s.t, "the guard of "+namespace+" holds", func() bool {
			return byGuard(attempts(s.t.Context(), tenant, namespace)["create a quota"]())
		})
		eventually(s.t, "the default class of "+namespace+" holds", func() bool {
			pod, err := s.dryRun(hardened(namespace, ""))
			return err == nil && pod.Spec.PriorityClassName != ""
		})
	}
	return []*preset.Environment{staging, production}
}

// tenant returns a client of somebody who may do everything, and is no keeper.
func (s stage) tenant(namespace string) *kubernetes.Clientset {
	s.t.Helper()
	name := "tenant-of-" + namespace
	s.set(&rbacv1.ClusterRoleBinding{
		TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRoleBinding"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: name}},
	})
	return as(s.t, s.config, name)
}

// What both environments promise together, on a running control plane.
func TestEnvironmentsHold(t *testing.T) {
	s := newStage(t, servers.Scheduler)
	installClusterPolicies(t, cluster(t))
	environments := s.hull()
	t.Run("drift", func(t *testing.T) { s.in(t).hullDrift(environments) })
	t.Run("pods", func(t *testing.T) { s.in(t).hullPods() })
	t.Run("services", func(t *testing.T) { s.in(t).hullServices() })
	t.Run("guards", func(t *testing.T) { s.in(t).hullGuards() })
	t.Run("access", func(t *testing.T) { s.in(t).hullAccess() })
	t.Run("preemption", func(t *testing.T) { s.in(t).hullPreemption() })
}

// hullDrift reads back what was applied: nothing that the control plane adds is drift.
func (s stage) hullDrift(environments []*preset.Environment) {
	for _, env := range environments {
		var stored []bulkhead.Object
		for _, obj := range env.Objects {
			content, err := bulkhead.Unstructured(obj)
			if err != nil {
				s.t.Fatal(err)
			}
			client, err := s.apply.client(content)
			if err != nil {
				s.t.Fatal(err)
			}
			got, err := client.Get(s.t.Context(), obj.GetName(), metav1.GetOptions{})
			if err != nil {
				s.t.Fatal(err)
			}
			if diff := bulkheadtest.Diff(obj, got); diff != "" {
				s.t.Errorf("built and stored differ:\n%s", diff)
			}
			stored = append(stored, got)
		}
		bulkheadtest.NoFindings(s.t, bulkhead.Check(stored, env.Drift()))
	}
}

func (s stage) hullPods() {
	yes := true
	class := func(name string) func(*corev1.Pod) { return func(p *corev1.Pod) { p.Spec.PriorityClassName = name } }
	privileged := func(p *corev1.Pod) { p.Spec.Containers[0].SecurityContext = &corev1.SecurityContext{Privileged: &yes} }
	onHost := func(p *corev1.Pod) { p.Spec.HostNetwork = true }
	size := func(cpu, memory string) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			requests(p, amounts("cpu", cpu, "memory", memory), amounts("cpu", cpu, "memory", memory))
		}
	}
	const bySecurity, byGuard, byQuota = "violates PodSecurity", "ValidatingAdmissionPolicy '" + hullStaging, "exceeded quota: "
	tests := map[string]struct {
		namespace string
		edit      func(*corev1.Pod)
		refused   string // part of the refusal; empty where the pod is admitted
		class     string // that an admitted pod has
	}{
		"staging: one that names nothing":         {hullStaging, func(*corev1.Pod) {}, "", hullLow},
		"staging: the class of staging":           {hullStaging, class(hullLow), "", hullLow},
		"staging: the class of production":        {hullStaging, class(hullHigh), byGuard, ""},
		"staging: system-node-critical":           {hullStaging, class("system-node-critical"), byGuard, ""},
		"staging: system-cluster-critical":        {hullStaging, class("system-cluster-critical"), byGuard, ""},
		"staging: more than the budget":           {hullStaging, size("2", "512Mi"), byQuota + "cap", ""},
		"staging: more than one pod may":          {hullStaging, size("5", "512Mi"), "maximum cpu usage per Pod is 4", ""},
		"staging: a memory limit of zero":         {hullStaging, size("100m", "0"), "minimum memory usage per Container is 1Mi", ""},
		"staging: privileged":                     {hullStaging, privileged, bySecurity, ""},
		"staging: on the network of its node":     {hullStaging, onHost, bySecurity, ""},
		"staging: as an account that nobody made": {hullStaging, func(p *corev1.Pod) { p.Spec.ServiceAccountName = "missing" }, `serviceaccount "missing" not found`, ""},
		"staging: as its account":                 {hullStaging, func(p *corev1.Pod) { p.Spec.ServiceAccountName = "backend" }, "", hullLow},
		"production: one that names nothing":      {hullProd, func(*corev1.Pod) {}, "", hullHigh},
		"production: more than staging ever may":  {hullProd, size("64", "256Gi"), "", hullHigh},
		"production: the class of staging":        {hullProd, class(hullLow), "", hullLow},
		"production: without a security context":  {hullProd, func(p *corev1.Pod) { p.Spec.SecurityContext = nil }, "", hullHigh},
		"production: privileged":                  {hullProd, privileged, bySecurity, ""},
		"production: on the network of its node":  {hullProd, onHost, bySecurity, ""},
	}
	for name, tt := range tests {
		s.t.Run(name, func(t *testing.T) {
			pod := hardened(tt.namespace, "")
			tt.edit(pod)
			got, err := s.in(t).dryRun(pod)
			expect(t, err, tt.refused)
			switch {
			case err != nil:
			case got.Spec.PriorityClassName != tt.class:
				t.Errorf("of class %q, want %q", got.Spec.PriorityClassName, tt.class)
			case tt.namespace == hullStaging:
				checkDefaults(t, got.Spec.Containers[0].Resources)
			}
		})
	}
	count(len(tests))
}

func (s stage) hullServices() {
	refused := map[corev1.ServiceType]bool{
		corev1.ServiceTypeClusterIP: false, corev1.ServiceTypeNodePort: true, corev1.ServiceTypeLoadBalancer: true, corev1.ServiceTypeExternalName: true,
	}
	for kind, want := range refused {
		service := &corev1.Service{
			ObjectMeta: metav1.ObjectMeta{Name: "web"},
			Spec:       corev1.ServiceSpec{Type: kind, Ports: []corev1.ServicePort{{Port: 80}}},
		}
		if kind == corev1.ServiceTypeExternalName {
			service.Spec.ExternalName = "db.hull-prod.svc.cluster.local"
		}
		_, err := s.client.CoreV1().Services(hullStaging).Create(s.t.Context(), service, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
		if (err != nil) != want {
			s.t.Errorf("a service of type %s: %v, want a refusal: %v", kind, err, want)
		}
	}
	count(len(refused))
}

// Who may do everything by RBAC still cannot take the walls down, and what is no wall
// stays his. Keepers can, but for giving accounts identities that they were not made
// with.
func (s stage) hullGuards() {
	for _, namespace := range []string{hullStaging, hullProd} {
		tenant := s.tenant(namespace)
		s.set(walls(namespace)...)
		for name, attempt := range attempts(s.t.Context(), tenant, namespace) {
			if err := attempt(); !byGuard(err) {
				s.t.Errorf("a tenant of %s may %s: %v", namespace, name, err)
			}
		}
		for name, do := range harmless(s.t.Context(), tenant, namespace) {
			if err := do(); err != nil {
				s.t.Errorf("a tenant of %s may not %s: %v", namespace, name, err)
			}
		}
		for name, attempt := range attempts(s.t.Context(), s.client, namespace) {
			identity := strings.HasSuffix(name, "an identity") // that no account was made with
			if err := attempt(); byGuard(err) != identity || !identity && err != nil {
				s.t.Errorf("a keeper of %s tries to %s: %v", namespace, name, err)
			}
		}
	}
	count(2)
}

// hullAccess asks the authorizer what the accounts of staging may do in production and
// in the cluster: nothing that concerns either.
func (s stage) hullAccess() {
	n := 0
	for _, account := range []string{"default", "backend"} {
		for _, namespace := range []string{hullProd, hullStaging, metav1.NamespaceAll} {
			for _, verb := range []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "impersonate", "*"} {
				for _, resource := range []string{"secrets", "configmaps", "pods", "pods/exec", "serviceaccounts", "serviceaccounts/token", "namespaces", "*"} {
					review := &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{
						User:               "system:serviceaccount:" + hullStaging + ":" + account,
						Groups:             []string{"system:serviceaccounts", "system:serviceaccounts:" + hullStaging, "system:authenticated"},
						ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: namespace, Verb: verb, Resource: resource},
					}}
					got, err := s.client.AuthorizationV1().SubjectAccessReviews().Create(s.t.Context(), review, metav1.CreateOptions{})
					if err != nil {
						s.t.Fatal(err)
					}
					if got.Status.Allowed {
						s.t.Errorf("%s of staging may %s %s in %q: %s", account, verb, resource, namespace, got.Status.Reason)
					}
					n++
				}
			}
		}
	}
	count(n)
}

// hullPreemption fills a node with staging, and lets production come, its pods naming
// no class.
func (s stage) hullPreemption() {
	const node = "hull-node"
	s.node(node, amounts("cpu", "500m", "memory", "8Gi", "pods", "10"))
	first, second := s.half(node, hullStaging, "first", ""), s.half(node, hullStaging, "second", "")
	s.untilBound(first)
	s.untilBound(second)
	for i := range 2 {
		s.untilBound(s.half(node, hullProd, fmt.Sprintf("prod-%d", i), ""))
	}
	s.until("both pods of staging are gone", func(ctx context.Context) bool { return !s.exists(ctx, first) && !s.exists(ctx, second) })
	s.untilUnschedulable(s.half(node, hullStaging, "waiting", ""))
	for i := range 2 {
		got, err := s.client.CoreV1().Pods(hullProd).Get(s.t.Context(), fmt.Sprintf("prod-%d", i), metav1.GetOptions{})
		if err != nil || got.DeletionTimestamp != nil {
			s.t.Errorf("production's pod %d is gone: %v", i, err)
		}
	}
	count(5)
}
