// SPDX-License-Identifier: Apache-2.0

package bulkheadtest_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// Values that must not show are compared all the same, and the place is named.
// "hunter2" is the wanted value and "swordfish" the other; "aHVudGVyMg==" and
// "c3dvcmRmaXNo" are the two in base64.
func TestWithheldValues(t *testing.T) {
	secret := func(value string) *corev1.Secret {
		return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "s"}, Data: map[string][]byte{"password": []byte(value)}}
	}
	text := func(value string) *corev1.Secret {
		return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "s"}, StringData: map[string]string{"password": value}}
	}
	odd := func(data any) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"namespace": "staging", "name": "s"}, "data": data,
		}}
	}
	foreign := func(data string) *unstructured.Unstructured {
		out := odd(data)
		out.SetAPIVersion("example.com/v1")
		return out
	}
	env := func(variables ...corev1.EnvVar) *appsv1.Deployment {
		return &appsv1.Deployment{
			ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "web"},
			Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
				InitContainers: []corev1.Container{{Name: "init"}},
				Containers:     []corev1.Container{{Name: "web", Env: variables}},
			}}},
		}
	}
	applied := func(value string) *corev1.ServiceAccount {
		return &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "a", Annotations: map[string]string{lastApplied: value}}}
	}
	const container = "Deployment/staging/web spec.template.spec.containers[0]."
	tests := map[string]struct {
		want, got bulkhead.Object
		diff      string
	}{
		"the data of a Secret": {
			secret("hunter2"), secret("swordfish"),
			`Secret/staging/s data.password: want "(withheld)", got "(withheld)"`,
		},
		"the same data": {secret("hunter2"), secret("hunter2"), ""},
		"a key more": {
			secret("hunter2"), &corev1.Secret{ObjectMeta: secret("").ObjectMeta},
			`Secret/staging/s data: want {"password":"(withheld)"}, got nothing`,
		},
		"the stringData of a Secret": {
			text("hunter2"), text("swordfish"),
			`Secret/staging/s stringData.password: want "(withheld)", got "(withheld)"`,
		},
		"a Secret of another group": {
			foreign("hunter2"), foreign("swordfish"),
			`Secret/staging/s data: want "(withheld)", got "(withheld)"`,
		},
		"data nested where only text belongs": {
			odd(map[string]any{"password": map[string]any{"hunter2": "hunter2"}}), odd(map[string]any{"password": "swordfish"}),
			`Secret/staging/s data.password: want "(withheld)", got "(withheld)"`,
		},
		"data that is no map": {
			odd("hunter2"), odd([]any{"swordfish"}),
			`Secret/staging/s data: want "(withheld)", got "(withheld)"`,
		},
		"an environment variable": {
			env(corev1.EnvVar{Name: "P", Value: "hunter2"}), env(corev1.EnvVar{Name: "P", Value: "swordfish"}),
			container + `env[0].value: want "(withheld)", got "(withheld)"`,
		},
		"the same variable": {env(corev1.EnvVar{Name: "P", Value: "hunter2"}), env(corev1.EnvVar{Name: "P", Value: "hunter2"}), ""},
		"a variable more": {
			env(), env(corev1.EnvVar{Name: "P", Value: "swordfish"}),
			container + `env: want nothing, got [{"name":"P","value":"(withheld)"}]`,
		},
		"a variable's name shows": {
			env(corev1.EnvVar{Name: "P", Value: "hunter2"}), env(corev1.EnvVar{Name: "Q", Value: "hunter2"}),
			container + `env[0].name: want "P", got "Q"`,
		},
		"what kubectl last applied": {
			applied(`{"data":"hunter2"}`), applied(`{"data":"swordfish"}`),
			`ServiceAccount/staging/a metadata.annotations[` + lastApplied + `]: want "(withheld)", got "(withheld)"`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := bulkheadtest.Diff(tt.want, tt.got)
			if diff := cmp.Diff(tt.diff, got); diff != "" {
				t.Error(diff)
			}
			if tt.diff == "" {
				return
			}
			path := filepath.Join(t.TempDir(), "golden.yaml")
			if err := manifest.WriteFile(path, tt.want); err != nil {
				t.Fatal(err)
			}
			var r recorder
			bulkheadtest.Golden(&r, path, tt.got)
			r.wantFailure(t, "golden.yaml")
			for _, output := range append(r.failures, got) {
				for _, value := range []string{"hunter2", "swordfish", "aHVudGVyMg", "c3dvcmRmaXNo"} {
					if strings.Contains(output, value) {
						t.Errorf("a withheld value shows: %s", output)
					}
				}
			}
		})
	}
}
