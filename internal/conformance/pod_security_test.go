// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

func TestNamespaceRefusesPodsBeyondItsLevel(t *testing.T) {
	s := newStage(t)
	yes := true
	pods := map[string]func(*corev1.Pod){
		"hardened":     func(*corev1.Pod) {},
		"unhardened":   func(p *corev1.Pod) { p.Spec.SecurityContext = nil },
		"privileged":   func(p *corev1.Pod) { p.Spec.Containers[0].SecurityContext = &corev1.SecurityContext{Privileged: &yes} },
		"host network": func(p *corev1.Pod) { p.Spec.HostNetwork = true },
		"host path": func(p *corev1.Pod) {
			host := corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/"}}
			p.Spec.Volumes = []corev1.Volume{{Name: "host", VolumeSource: host}}
		},
	}
	admitted := map[quota.Level][]string{
		quota.Restricted: {"hardened"},
		quota.Baseline:   {"hardened", "unhardened"},
		quota.Privileged: {"hardened", "unhardened", "privileged", "host network", "host path"},
	}
	for level, names := range admitted {
		namespace := "level-" + string(level)
		s.set(bulkhead.Must(quota.Namespace(namespace, level)))
		want := make(map[string]string)
		for name := range pods {
			want[name] = `violates PodSecurity "` + string(level) + `:latest"`
		}
		for _, name := range names {
			want[name] = ""
		}
		for name, edit := range pods {
			t.Run(string(level)+"/"+name, func(t *testing.T) {
				pod := hardened(namespace, "")
				edit(pod)
				_, err := s.dryRun(pod)
				expect(t, err, want[name])
			})
		}
	}
	count(len(pods) * len(admitted))
}
