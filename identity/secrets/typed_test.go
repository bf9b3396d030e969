// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"reflect"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets"
)

// TestUnstructuredObjects holds that objects of a dynamic client are judged as those of Go
// types are.
func TestUnstructuredObjects(t *testing.T) {
	for name, docs := range map[string][]string{
		"a value in a Secret": {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: staging}\ndata: {p: " + b64(random) + "}"},
		"a value in a file":   {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: staging}\nbinaryData: {p: " + b64(random) + "}"},
		"a Service that leads to production": {
			secretOf("A", "redis://:hunter2hunter2@alias:6379"),
			"apiVersion: v1\nkind: Service\nmetadata: {name: alias, namespace: staging}\nspec: {type: ExternalName, externalName: cache.prod.example.com}",
		},
		"a Service that leads where somebody has written": {
			secretOf("A", "redis://:hunter2hunter2@db"),
			"apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: staging}\nspec: {ports: [{port: 5432}]}",
			"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: db-1, namespace: staging, labels: {kubernetes.io/service-name: db}}\naddressType: IPv4\nendpoints: [{addresses: [10.0.0.5]}]",
		},
		"a Namespace that a store selects": {stagingSpace, inhabitant, clusterStore(toProdProject + ", conditions: [{namespaceSelector: {matchLabels: {team: shop}}}]")},
		"a Namespace with an annotation":   {inhabitant, "apiVersion: v1\nkind: Namespace\nmetadata: {name: staging, annotations: {p: '" + random + "'}}"},
		"a workload that reads what is not there": {
			"apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x, namespace: staging}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, envFrom: [{secretRef: {name: yy}}]}]}}}}}",
		},
		"an account that pulls with what is not there": {"apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: x, namespace: staging}\nimagePullSecrets: [{name: yy}]"},
		"a copy of a release":                          {"apiVersion: v1\nkind: Secret\ntype: helm.sh/release.v1\nmetadata: {name: x, namespace: prod}\ndata: {release: " + b64(release(t, "a: b")) + "}", inhabitant},
	} {
		t.Run(name, func(t *testing.T) {
			objs := read(t, append(docs, production)...)
			want := prove(t, between(), objs)
			var dynamic []bulkhead.Object
			for _, obj := range objs {
				dynamic = append(dynamic, bulkhead.Must(bulkhead.Unstructured(obj)))
			}
			if got := prove(t, between(), dynamic); !reflect.DeepEqual(got, want) {
				t.Errorf("got\n%v\nwant\n%v", got, want)
			}
		})
	}
}

func TestUnstructuredObjectsThatDoNotFit(t *testing.T) {
	wrong := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Service", "metadata": map[string]any{"name": "x", "namespace": "staging"}, "spec": []any{"a"},
	}}
	if p := prove(t, between(), append(read(t, production), wrong)); p.Verdict != bulkhead.Undetermined || len(p.Missing) != 1 {
		t.Errorf("%v, missing %q", p.Verdict, p.Missing)
	}
}

// A resource is a custom resource of a Go type with parts that are JSON, as values of Helm
// charts are in those of Flux.
type resource struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Values  raw                  `json:"values"`
		Pointer *raw                 `json:"pointer"`
		Object  runtime.RawExtension `json:"object"`
	} `json:"spec"`
}

func (r *resource) DeepCopyObject() runtime.Object { out := *r; return &out }

// A raw is JSON, as apiextensions.k8s.io/v1 has it.
type raw struct {
	Raw []byte `json:"-"`
}

func (r raw) MarshalJSON() ([]byte, error) {
	if len(r.Raw) == 0 {
		return []byte("null"), nil
	}
	return r.Raw, nil
}

func TestPartsThatAreJSON(t *testing.T) {
	values := raw{[]byte(`{"db": {"env": [{"name": "P", "value": "` + random + `"}]}}`)}
	for field, fill := range map[string]func(*resource){
		"spec.values.db.env[0].value":  func(r *resource) { r.Spec.Values = values },
		"spec.pointer.db.env[0].value": func(r *resource) { r.Spec.Pointer = &values },
		"spec.object.db.env[0].value":  func(r *resource) { r.Spec.Object.Raw = values.Raw },
		"spec.object.data.p":           func(r *resource) { r.Spec.Object.Object = &corev1.ConfigMap{Data: map[string]string{"p": random}} },
		"spec.object":                  func(r *resource) { r.Spec.Object.Raw = []byte(`{"broken": "` + random) },
	} {
		r := &resource{TypeMeta: metav1.TypeMeta{APIVersion: "example.com/v1", Kind: "Release"}, ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "x"}}
		fill(r)
		p, err := secrets.NoLeak(append(read(t, production), r), between())
		if err != nil {
			t.Fatal(err)
		}
		if got, want := say(p), "Breached\nsecrets/production-value Release/staging/x "+field; got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}
