// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead/guard"
)

// Random objects with what restrictions speak of: absent, zero, wrong and right.
// A wild maker also makes what a server would not store.

type maker struct {
	arguer
	wild bool
}

// restriction makes one of all restrictions. Two of one kind are refused together.
func (a arguer) restriction() guard.Restriction {
	keeper := rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: "platform", Name: a.name()}
	return pick(a,
		guard.Classes("low", a.name()), guard.MemoryLimits(), guard.CPULimits(), guard.NoPodLevelBypass(), guard.NoHost(),
		guard.TokenAudiences(), guard.TokenAudiences("vault", `a"b\c`, "ü"), guard.ServiceTypes(corev1.ServiceTypeClusterIP),
		guard.CloudIdentities(), guard.CloudIdentities(a.name()+"@p.iam.gserviceaccount.com"),
		guard.Keepers(keeper, rbacv1.Subject{Kind: rbacv1.GroupKind, Name: "system:masters"}), guard.Keepers(rbacv1.Subject{Kind: rbacv1.UserKind, Name: "ann"}),
	)
}

func (a arguer) class() *schedulingv1.PriorityClass {
	class := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: a.name()}, Value: a.priority()}
	if policy := pick(a, "", corev1.PreemptNever, corev1.PreemptLowerPriority); policy != "" {
		class.PreemptionPolicy = &policy
	}
	return class
}

// oneIn is true once in n times.
func (m maker) oneIn(n int) bool { return m.IntN(n) == 0 }

func (m maker) amounts() corev1.ResourceList {
	amounts := []string{"0", "1Gi", "1Gi", "2Gi"}
	if m.wild {
		amounts = append(amounts, "0.001", "1e30", "9E", "1n", "1e-20", "0Mi")
	}
	out := make(corev1.ResourceList)
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		if !m.oneIn(4) {
			out[name] = resource.MustParse(amounts[m.IntN(len(amounts))])
		}
	}
	if m.wild && m.oneIn(4) {
		return nil
	}
	return out
}

// amountsOf returns amounts by the names of resources.
func amountsOf(pairs ...string) corev1.ResourceList {
	out := make(corev1.ResourceList)
	for pair := range slices.Chunk(pairs, 2) {
		out[corev1.ResourceName(pair[0])] = resource.MustParse(pair[1])
	}
	return out
}

func (m maker) container(name string) corev1.Container {
	c := corev1.Container{Name: name, Image: "web", Resources: corev1.ResourceRequirements{Limits: m.amounts()}}
	if m.oneIn(2) {
		c.SecurityContext = &corev1.SecurityContext{Privileged: pick(m.arguer, nil, new(bool), nil, new(m.oneIn(2)))}
	}
	if m.oneIn(3) {
		c.Ports = []corev1.ContainerPort{{ContainerPort: 80, Protocol: corev1.ProtocolTCP}, {ContainerPort: 443, Protocol: corev1.ProtocolTCP}}
		c.Ports[m.IntN(2)].HostPort = pick[int32](m.arguer, 0, 0, 443)
	}
	return c
}

func (m maker) containers(prefix string, least int) []corev1.Container {
	var out []corev1.Container
	for i := range least + m.IntN(3) {
		out = append(out, m.container(fmt.Sprintf("%s-%d", prefix, i)))
	}
	return out
}

func (m maker) volume(name string) corev1.Volume {
	v := corev1.Volume{Name: name}
	switch m.IntN(4) {
	case 0:
		v.HostPath = &corev1.HostPathVolumeSource{Path: "/"}
	case 1:
		v.EmptyDir = &corev1.EmptyDirVolumeSource{}
	default:
		v.Projected = &corev1.ProjectedVolumeSource{}
		for i := range m.IntN(3) {
			token := &corev1.ServiceAccountTokenProjection{Path: fmt.Sprintf("token-%d", i), Audience: pick(m.arguer, "", "vault", "sts.amazonaws.com")}
			source := pick(m.arguer, corev1.VolumeProjection{ServiceAccountToken: token}, corev1.VolumeProjection{DownwardAPI: &corev1.DownwardAPIProjection{}})
			v.Projected.Sources = append(v.Projected.Sources, source)
		}
	}
	return v
}

func (m maker) podSpec() corev1.PodSpec {
	s := corev1.PodSpec{
		PriorityClassName: pick(m.arguer, "low", "low", "", "high"),
		HostNetwork:       m.oneIn(8), HostPID: m.oneIn(8), HostIPC: m.oneIn(8),
		Containers:     m.containers("c", 1),
		InitContainers: m.containers("i", 0),
	}
	for i := range m.IntN(2) {
		s.Volumes = append(s.Volumes, m.volume(fmt.Sprintf("v-%d", i)))
	}
	if m.oneIn(2) {
		s.Resources = &corev1.ResourceRequirements{Requests: amountsOf("cpu", "1m")}
		if m.oneIn(2) {
			s.Resources = &corev1.ResourceRequirements{Limits: m.amounts()}
		}
	}
	if m.wild && m.oneIn(2) {
		c := m.container("e")
		s.EphemeralContainers = []corev1.EphemeralContainer{{EphemeralContainerCommon: corev1.EphemeralContainerCommon{
			Name: c.Name, Image: c.Image, SecurityContext: c.SecurityContext, Ports: c.Ports,
		}}}
	}
	return s
}

func (m maker) service() *corev1.Service {
	out := &corev1.Service{Spec: corev1.ServiceSpec{
		Type: pick(m.arguer, corev1.ServiceTypeClusterIP, corev1.ServiceTypeNodePort, corev1.ServiceTypeLoadBalancer, corev1.ServiceTypeExternalName),
	}}
	out.Spec.Ports = []corev1.ServicePort{{Port: 80, Protocol: corev1.ProtocolTCP}}
	if out.Spec.Type == corev1.ServiceTypeExternalName {
		out.Spec.ExternalName = "db.production.svc.cluster.local"
	}
	if m.oneIn(3) {
		out.Spec.ExternalIPs = pick(m.arguer, []string{}, []string{"192.0.2.1"})
	}
	return out
}

func (m maker) account() *corev1.ServiceAccount {
	out := &corev1.ServiceAccount{}
	for _, key := range []string{"iam.gke.io/gcp-service-account", "eks.amazonaws.com/role-arn", "azure.workload.identity/client-id", "note"} {
		if m.oneIn(3) {
			metav1.SetMetaDataAnnotation(&out.ObjectMeta, key, pick(m.arguer, "", "staging-sa@p.iam.gserviceaccount.com", "prod-sa@p.iam.gserviceaccount.com"))
		}
	}
	return out
}
