// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// cluster returns n workloads with a Service and a NetworkPolicy each, in 50
// namespaces.
func cluster(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `---
# Source: shop/templates/app-%[1]d.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-%[1]d
  namespace: team-%[2]d
  labels:
    app.kubernetes.io/name: app-%[1]d
    app.kubernetes.io/managed-by: Helm
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: app-%[1]d
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-%[1]d
    spec:
      serviceAccountName: app-%[1]d
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
      - name: server
        image: "registry.example.com/shop/app-%[1]d:1.4.2"
        args: ["--port=8080", "--verbose"]
        ports:
        - name: http
          containerPort: 8080
          protocol: TCP
        env:
        - name: DATABASE_HOST
          value: db.team-%[2]d.svc.cluster.local
        - name: LOG_LEVEL
          value: info
        readinessProbe:
          httpGet: {path: /ready, port: http}
          periodSeconds: 10
        resources:
          requests: {cpu: 100m, memory: 128Mi}
          limits: {memory: 256Mi}
---
# Source: shop/templates/service-%[1]d.yaml
apiVersion: v1
kind: Service
metadata:
  name: app-%[1]d
  namespace: team-%[2]d
spec:
  selector:
    app.kubernetes.io/name: app-%[1]d
  ports:
  - name: http
    port: 80
    targetPort: http
---
# Source: shop/templates/policy-%[1]d.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: app-%[1]d
  namespace: team-%[2]d
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: app-%[1]d
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - podSelector:
        matchLabels:
          app.kubernetes.io/name: app-%[3]d
    ports:
    - port: 8080
      protocol: TCP
`, i, i%50, (i+1)%n)
	}
	return b.Bytes()
}

// schema returns a custom resource definition of the size of large real ones.
func schema() []byte {
	var b strings.Builder
	b.WriteString("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\nspec:\n  schema:\n    properties:\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "      field%d:\n        description: |-\n          Field %d says how the thing is done.\n          More info: https://example.com/docs\n        properties:\n          name: {type: string}\n        required:\n        - name\n        type: object\n", i, i)
	}
	return []byte(b.String())
}

// BenchmarkRead is compared with BenchmarkSigsYAML, one core each, and with itself on
// two cores: go test ./bulkhead/manifest -run xxx -bench . -cpu 1,2 -count 10, of
// which the least time of each counts. Where other programs use the machine, the time
// of two cores says little, and the processor time of both is to be compared.
func BenchmarkRead(b *testing.B) {
	for name, text := range map[string][]byte{"cluster": cluster(1000), "schema": schema()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := manifest.Read("bench.yaml", bytes.NewReader(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSigsYAML decodes the same bytes into the same types with the library
// that kubectl uses.
func BenchmarkSigsYAML(b *testing.B) {
	for name, text := range map[string][]byte{"cluster": cluster(1000), "schema": schema()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				var objs []bulkhead.Object
				for doc := range bytes.SplitSeq(text, []byte("---\n")) {
					if len(doc) == 0 {
						continue
					}
					obj := emptyOf(doc)
					if err := yaml.Unmarshal(doc, obj); err != nil {
						b.Fatal(err)
					}
					objs = append(objs, obj)
				}
			}
		})
	}
}

func emptyOf(doc []byte) bulkhead.Object {
	switch {
	case bytes.Contains(doc, []byte("kind: Deployment\n")):
		return &appsv1.Deployment{}
	case bytes.Contains(doc, []byte("kind: Service\n")):
		return &corev1.Service{}
	case bytes.Contains(doc, []byte("kind: NetworkPolicy\n")):
		return &networkingv1.NetworkPolicy{}
	default:
		return &unstructured.Unstructured{}
	}
}
