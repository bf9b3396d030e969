// SPDX-License-Identifier: Apache-2.0

package bulkheadtest_test

import (
	"fmt"
	"maps"
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
	custom := func(content map[string]any) *unstructured.Unstructured {
		u := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.com/v1", "kind": "Widget", "metadata": map[string]any{"name": "w"}}}
		maps.Copy(u.Object, content)
		return u
	}
	list := func(kind string, item map[string]any) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "v1", "kind": kind, "metadata": map[string]any{"name": "l"}, "items": []any{item},
		}}
	}
	item := func(kind any, field string, value any) map[string]any {
		out := map[string]any{"metadata": map[string]any{"name": "i"}, field: map[string]any{"password": value}}
		if kind != nil {
			out["kind"] = kind
		}
		return out
	}
	args := func(values ...any) *unstructured.Unstructured {
		return custom(map[string]any{"spec": map[string]any{"args": values, "command": values}})
	}
	const both = `want "(withheld)", got "(withheld)"`
	const argument = "Widget/w spec.args[%d]: " + both + "\nWidget/w spec.command[%[1]d]: " + both
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
		"a map of variables": {
			custom(map[string]any{"spec": map[string]any{"env": map[string]any{"PASSWORD": "hunter2"}}}),
			custom(map[string]any{"spec": map[string]any{"env": map[string]any{"PASSWORD": map[string]any{"value": "swordfish"}}}}),
			"Widget/w spec.env.PASSWORD: " + both,
		},
		"a map of variables by another name": {
			custom(map[string]any{"spec": map[string]any{"extraEnvVars": map[string]any{"PASSWORD": "hunter2"}}}),
			custom(map[string]any{"spec": map[string]any{"extraEnvVars": map[string]any{"PASSWORD": "swordfish"}}}),
			"Widget/w spec.extraEnvVars.PASSWORD: " + both,
		},
		"variables as texts": {
			custom(map[string]any{"env": []any{"PASSWORD=hunter2"}}), custom(map[string]any{"env": []any{"PASSWORD=swordfish"}}),
			"Widget/w env[0]: " + both,
		},
		"variables by key": {
			custom(map[string]any{"env": []any{map[string]any{"PASSWORD": "hunter2"}}}),
			custom(map[string]any{"env": []any{map[string]any{"PASSWORD": "swordfish"}}}),
			"Widget/w env[0].PASSWORD: " + both,
		},
		"the place that a variable comes from shows": {
			custom(map[string]any{"env": []any{map[string]any{"name": "P", "valueFrom": map[string]any{"key": "a"}}}}),
			custom(map[string]any{"env": []any{map[string]any{"name": "P", "valueFrom": map[string]any{"key": "b"}}}}),
			`Widget/w env[0].valueFrom.key: want "a", got "b"`,
		},
		"a text called env shows": {
			custom(map[string]any{"env": "staging"}), custom(map[string]any{"env": "prod"}),
			`Widget/w env: want "staging", got "prod"`,
		},
		"a Secret within another object": {
			custom(map[string]any{"spec": map[string]any{"manifests": []any{item("Secret", "data", "hunter2")}}}),
			custom(map[string]any{"spec": map[string]any{"manifests": []any{item("Secret", "data", "swordfish")}}}),
			"Widget/w spec.manifests[0].data.password: " + both,
		},
		"an object within another that does not say its kind": {
			custom(map[string]any{"spec": map[string]any{"template": item(nil, "data", "hunter2")}}),
			custom(map[string]any{"spec": map[string]any{"template": item(nil, "data", "swordfish")}}),
			"Widget/w spec.template.data.password: " + both,
		},
		"stringData wherever it is": {
			custom(map[string]any{"spec": map[string]any{"stringData": map[string]any{"password": "hunter2"}}}),
			custom(map[string]any{"spec": map[string]any{"stringData": map[string]any{"password": "swordfish"}}}),
			"Widget/w spec.stringData.password: " + both,
		},
		"the data of a ConfigMap within another object shows": {
			custom(map[string]any{"spec": item("ConfigMap", "data", "a")}), custom(map[string]any{"spec": item("ConfigMap", "data", "b")}),
			`Widget/w spec.data.password: want "a", got "b"`,
		},
		"data that is no object's shows": {
			custom(map[string]any{"spec": map[string]any{"data": "a"}}), custom(map[string]any{"spec": map[string]any{"data": "b"}}),
			`Widget/w spec.data: want "a", got "b"`,
		},
		"an item of a SecretList that does not say its kind": {
			list("SecretList", map[string]any{"data": map[string]any{"password": "hunter2"}}),
			list("SecretList", map[string]any{"data": map[string]any{"password": "swordfish"}}),
			"SecretList/l items[0].data.password: " + both,
		},
		"an item of a List": {
			list("List", item("Secret", "data", "hunter2")), list("List", item("Secret", "data", "swordfish")),
			"List/l items[0].data.password: " + both,
		},
		"an item of a ConfigMapList shows": {
			list("ConfigMapList", item(nil, "data", "a")), list("ConfigMapList", item(nil, "data", "b")),
			`ConfigMapList/l items[0].data.password: want "a", got "b"`,
		},
		"what kubectl last applied to an item": {
			list("List", map[string]any{"metadata": map[string]any{"annotations": map[string]any{lastApplied: "hunter2"}}}),
			list("List", map[string]any{"metadata": map[string]any{"annotations": map[string]any{lastApplied: "swordfish"}}}),
			"List/l items[0].metadata.annotations[" + lastApplied + "]: " + both,
		},
		"a password in an argument":      {args("--db-password=hunter2"), args("--db-password=swordfish"), fmt.Sprintf(argument, 0)},
		"a password behind its flag":     {args("--token", "hunter2"), args("--token", "swordfish"), fmt.Sprintf(argument, 1)},
		"a password in a script":         {args("-c", "PGPASSWORD='hunter2' psql"), args("-c", "PGPASSWORD='swordfish' psql"), fmt.Sprintf(argument, 1)},
		"a password in an address":       {args("redis://:hunter2@db:6379"), args("redis://:swordfish@db:6379"), fmt.Sprintf(argument, 0)},
		"a user and password":            {args("https://u:hunter2@db/x"), args("https://u:swordfish@db/x"), fmt.Sprintf(argument, 0)},
		"a key of an API in an argument": {args("-api-key hunter2"), args("-api-key swordfish"), fmt.Sprintf(argument, 0)},
		"a header":                       {args("Authorization: hunter2"), args("Authorization: swordfish"), fmt.Sprintf(argument, 0)},
		"other arguments show": {
			custom(map[string]any{"args": []any{"--port=80", "--verbose", "x", "https://db:5432/x"}}),
			custom(map[string]any{"args": []any{"--port=81", "--verbose", "y", "https://db:5433/x"}}),
			"Widget/w args[0]: want \"--port=80\", got \"--port=81\"\nWidget/w args[2]: want \"x\", got \"y\"\n" +
				`Widget/w args[3]: want "https://db:5432/x", got "https://db:5433/x"`,
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
