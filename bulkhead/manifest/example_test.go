// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

const rendered = `# Source: shop/templates/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: staging
spec:
  podSelctor: {}
  policyTypes: [Ingress, Egress]
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: staging
spec:
  ports:
  - port: "80"
---
apiVersion: example.com/v1
kind: Ship
metadata:
  name: endurance
  namespace: staging
`

// A stream is read as far as it goes: what is wrong in one document hides no other.
func Example() {
	set, err := manifest.Read("shop.yaml", strings.NewReader(rendered))
	fmt.Println("error:", err)
	for _, obj := range set.Objects {
		fmt.Printf("%s is a %T\n", bulkhead.RefTo(obj), obj)
	}
	for _, finding := range set.Findings() {
		position, _ := set.Position(finding.Object, finding.Field)
		fmt.Printf("%s: %s: %s\n", position, finding.Field, finding.Message)
	}
	// Output:
	// error: shop.yaml:18: document 2: Service/staging/web: spec.ports[0].port: want an integer of 32 bits, not this string
	// NetworkPolicy/staging/default-deny is a *v1.NetworkPolicy
	// Ship/staging/endurance is a *unstructured.Unstructured
	// shop.yaml:8:3: spec.podSelctor: the kind has no such field
}

// Errors have types that tell the place.
func ExampleDocumentError() {
	_, err := manifest.Read("shop.yaml", strings.NewReader(rendered))
	if document, ok := errors.AsType[*manifest.DocumentError](err); ok {
		fmt.Println(document.File, document.Line, document.Field)
	}
	// Output: shop.yaml 18 spec.ports[0].port
}

// Positions are those of a field or, where the text does not have it, of the
// nearest field around it.
func ExampleSet_Position() {
	set, _ := manifest.Read("shop.yaml", strings.NewReader(rendered)) // the error is shown above
	ref := bulkhead.RefTo(set.Objects[0])
	for _, field := range []string{"", "spec.policyTypes[1]", "metadata.labels[app]"} {
		position, _ := set.Position(ref, field)
		fmt.Println(position)
	}
	// Output:
	// shop.yaml:2:1
	// shop.yaml:9:26
	// shop.yaml:4:1
}

// Custom resources have no Go type here; rules that judge typed objects pass
// them over, so a tool should name them.
func ExampleSet_Untyped() {
	set, _ := manifest.Read("shop.yaml", strings.NewReader(rendered)) // the error is shown above
	fmt.Println(set.Untyped())
	// Output: [Ship/staging/endurance]
}

// The rules of a Set run beside those of other packages.
func ExampleSet_Rules() {
	set, _ := manifest.Read("shop.yaml", strings.NewReader(rendered)) // the error is shown above
	for _, finding := range bulkhead.Check(set.Objects, set.Rules()...) {
		fmt.Println(finding)
	}
	// Output: error: NetworkPolicy/staging/default-deny spec.podSelctor: the kind has no such field; correct or remove the field (manifest/unknown-field)
}

// Rules judge what a dynamic client read.
func ExampleTyped() {
	read := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
		"metadata": map[string]any{"namespace": "staging", "name": "web"},
		"spec":     map[string]any{"podSelector": map[string]any{}, "ingress": []any{map[string]any{}}},
	}}
	typed, err := manifest.Typed([]bulkhead.Object{read})
	fmt.Printf("%T %v\n", typed[0], err)
	// Output: *v1.NetworkPolicy <nil>
}

func ExampleWrite() {
	deny := &networkingv1.NetworkPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: "default-deny", Namespace: "staging"},
		Spec:       networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{"Ingress", "Egress"}},
	}
	if err := manifest.Write(os.Stdout, deny); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: default-deny
	//   namespace: staging
	// spec:
	//   podSelector: {}
	//   policyTypes:
	//   - Ingress
	//   - Egress
}

// A folder holds one file for each object, and after a second call none that the
// second call did not write.
func ExampleWriteDir() {
	dir, err := os.MkdirTemp("", "staging")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a folder in /tmp

	paths, err := manifest.WriteDir(dir,
		&networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: "default-deny", Namespace: "staging"}},
		&networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "staging"}},
	)
	for _, path := range paths {
		fmt.Println(filepath.Base(path))
	}
	fmt.Println(err)
	// Output:
	// 01-networkpolicy-staging__default-deny.yaml
	// 02-ingress-staging__web.yaml
	// <nil>
}
