// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// A reading is a Secret or ConfigMap that a workload reads.
type reading struct{ kind, name string }

// references reports what workloads of either side read and the set does not hold: in
// staging it could be a credential of production, and in production a value that is in
// staging too.
func (c *check) references() {
	made := c.made()
	for account := range bulkhead.Each[*corev1.ServiceAccount](c.objs) {
		for _, secret := range account.ImagePullSecrets {
			c.reads(account, reading{"Secret", secret.Name}, made)
		}
	}
	for _, w := range workload.All(c.objs) {
		for _, r := range readings(w.Spec) {
			c.reads(w.Object, r, made)
		}
	}
}

// reads reports what an object of either side reads, if it is not there. Every
// namespace has a ConfigMap of its cluster, and a ConfigMap of production is no secret.
func (c *check) reads(by bulkhead.Object, r reading, made map[bulkhead.Ref]bool) {
	namespace := by.GetNamespace()
	ref := bulkhead.Ref{Kind: r.kind, Namespace: namespace, Name: r.name}
	switch {
	case made[ref], r.name == "", r.name == "kube-root-ca.crt", slices.Contains(c.b.Vetted, ref):
		return
	case c.from[namespace]:
		c.miss("%s, which %s reads", ref, bulkhead.RefTo(by))
	case c.away[namespace] && r.kind == "Secret":
		c.miss("the values of %s, which %s reads, and which could be in staging", ref, bulkhead.RefTo(by))
	}
	made[ref] = true // said once, of the first that reads it
}

// made returns the Secrets and ConfigMaps that are there, and the Secrets that an
// ExternalSecret of the set makes, which is judged by itself.
func (c *check) made() map[bulkhead.Ref]bool {
	out := make(map[bulkhead.Ref]bool)
	for _, obj := range c.objs {
		ref := bulkhead.RefTo(obj)
		switch {
		case ref.Group == "" && (ref.Kind == "Secret" || ref.Kind == "ConfigMap"):
			out[ref] = true
		case ref.Group == externalSecretsGroup && ref.Kind == "ExternalSecret" && c.from[ref.Namespace]:
			name := ref.Name
			if target := stringAt(contentOf(obj), "spec", "target", "name"); target != "" {
				name = target
			}
			out[bulkhead.Ref{Kind: "Secret", Namespace: ref.Namespace, Name: name}] = true
		}
	}
	return out
}

// readings returns all Secrets and ConfigMaps that a pod names.
func readings(spec *corev1.PodSpec) []reading {
	var out []reading
	secret := func(name string) { out = append(out, reading{"Secret", name}) }
	config := func(name string) { out = append(out, reading{"ConfigMap", name}) }
	for _, s := range spec.ImagePullSecrets {
		secret(s.Name)
	}
	for _, v := range spec.Volumes {
		switch {
		case v.Secret != nil:
			secret(v.Secret.SecretName)
		case v.ConfigMap != nil:
			config(v.ConfigMap.Name)
		case v.CSI != nil && v.CSI.NodePublishSecretRef != nil:
			secret(v.CSI.NodePublishSecretRef.Name)
		case v.Projected != nil:
			for _, s := range v.Projected.Sources {
				if s.Secret != nil {
					secret(s.Secret.Name)
				}
				if s.ConfigMap != nil {
					config(s.ConfigMap.Name)
				}
			}
		}
	}
	for _, container := range containers(spec) {
		for _, e := range container.EnvFrom {
			if e.SecretRef != nil {
				secret(e.SecretRef.Name)
			}
			if e.ConfigMapRef != nil {
				config(e.ConfigMapRef.Name)
			}
		}
		for _, e := range container.Env {
			if e.ValueFrom != nil && e.ValueFrom.SecretKeyRef != nil {
				secret(e.ValueFrom.SecretKeyRef.Name)
			}
			if e.ValueFrom != nil && e.ValueFrom.ConfigMapKeyRef != nil {
				config(e.ValueFrom.ConfigMapKeyRef.Name)
			}
		}
	}
	return out
}

// containers returns all containers of a pod, those for debugging as others.
func containers(spec *corev1.PodSpec) []corev1.Container {
	out := append(append([]corev1.Container(nil), spec.InitContainers...), spec.Containers...)
	for _, e := range spec.EphemeralContainers {
		out = append(out, corev1.Container(e.EphemeralContainerCommon))
	}
	return out
}
