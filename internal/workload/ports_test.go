// SPDX-License-Identifier: Apache-2.0

package workload_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/internal/workload"
)

func withPorts() workload.Workload {
	always, onFailure := corev1.ContainerRestartPolicyAlways, corev1.ContainerRestartPolicyOnFailure
	return workload.Workload{Object: &corev1.Pod{}, Spec: &corev1.PodSpec{
		InitContainers: []corev1.Container{
			{Name: "setup", Ports: []corev1.ContainerPort{{Name: "setup", ContainerPort: 1}}},
			{Name: "retried", RestartPolicy: &onFailure, Ports: []corev1.ContainerPort{{Name: "setup", ContainerPort: 2}}},
			{Name: "proxy", RestartPolicy: &always, Ports: []corev1.ContainerPort{{Name: "metrics", ContainerPort: 15090}}},
		},
		Containers: []corev1.Container{
			{Name: "main", Ports: []corev1.ContainerPort{
				{Name: "http", ContainerPort: 8080},
				{Name: "dns", ContainerPort: 53, Protocol: corev1.ProtocolUDP},
				{Name: "dns", ContainerPort: 5353, Protocol: corev1.ProtocolTCP},
			}},
			{Name: "exporter", Ports: []corev1.ContainerPort{{Name: "metrics", ContainerPort: 9090}}},
			{Name: "copy", Ports: []corev1.ContainerPort{{Name: "metrics", ContainerPort: 9090}, {ContainerPort: 7000}}},
		},
	}}
}

func TestPorts(t *testing.T) {
	var got []string
	for port := range withPorts().Ports() {
		got = append(got, fmt.Sprintf("%s %s %d", port.Name, port.Protocol, port.ContainerPort))
	}
	want := []string{
		"metrics TCP 15090", "http TCP 8080", "dns UDP 53", "dns TCP 5353", "metrics TCP 9090", "metrics TCP 9090", " TCP 7000",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ports (-want +got):\n%s", diff)
	}
	for port := range withPorts().Ports() {
		if port.ContainerPort != 15090 {
			t.Errorf("the first port is %d", port.ContainerPort)
		}
		break
	}
	if w := withPorts(); w.Spec.Containers[0].Ports[0].Protocol != "" {
		t.Error("the object was changed")
	}
}

func TestNumbers(t *testing.T) {
	for name, tt := range map[string]struct {
		port     string
		protocol corev1.Protocol
		want     []int32
	}{
		"one container declares the name":     {"http", corev1.ProtocolTCP, []int32{8080}},
		"containers disagree, one a sidecar":  {"metrics", corev1.ProtocolTCP, []int32{9090, 15090}},
		"the protocol decides":                {"dns", corev1.ProtocolUDP, []int32{53}},
		"another protocol has another number": {"dns", corev1.ProtocolTCP, []int32{5353}},
		"the name is of another protocol":     {"http", corev1.ProtocolUDP, nil},
		"an init container that has ended":    {"setup", corev1.ProtocolTCP, nil},
		"nobody declares it":                  {"https", corev1.ProtocolTCP, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, withPorts().Numbers(tt.port, tt.protocol)); diff != "" {
				t.Errorf("numbers (-want +got):\n%s", diff)
			}
		})
	}
}
