// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func TestReadKeepsWhatStandsBesideABrokenDocument(t *testing.T) {
	const text = `# Source: shop/templates/a.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: shop}
---
a: b
  c: d
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny
  namespace: shop
  labels:
    app.kubernetes.io/name: shop
spec:
  podSelector: {}
  policyTypes: [Ingress]
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ServiceAccount
  metadata:
    name: n
- apiVersion: v1
  kind: ServiceAccount
  metadata:
    name: robot
`
	set, err := manifest.Read("shop.yaml", strings.NewReader(text))
	t.Log(err)
	var broken, mismatch *manifest.DocumentError
	if !errors.As(err, &broken) || broken.Line != 7 || broken.Document != 2 {
		t.Errorf("got error %#v, want one of document 2, line 7", broken)
	}
	_ = mismatch
	if len(set.Objects) != 3 {
		t.Fatalf("got %d objects, want 3", len(set.Objects))
	}
	np, ok := set.Objects[1].(*networkingv1.NetworkPolicy)
	if !ok {
		t.Fatalf("got %T, want a NetworkPolicy", set.Objects[1])
	}
	for field, want := range map[string]string{
		"":                    "shop.yaml:9:1",
		"spec.podSelector":    "shop.yaml:17:3",
		"spec.policyTypes[0]": "shop.yaml:18:17",
		"spec.egress[0].to":   "shop.yaml:16:1",
		"metadata.labels[app.kubernetes.io/name]": "shop.yaml:15:5",
	} {
		if got, ok := set.Position(bulkhead.RefTo(np), field); !ok || got.String() != want {
			t.Errorf("position of %q: got %v, want %s", field, got, want)
		}
	}
	if got, _ := set.Position(bulkhead.RefTo(set.Objects[2]), "metadata.name"); got.String() != "shop.yaml:30:5" {
		t.Errorf("position in a List: got %v", got)
	}
	var out bytes.Buffer
	if err := manifest.Write(&out, set.Objects...); err != nil {
		t.Fatal(err)
	}
	t.Log(out.String())
}

func TestRealApplicationsAreReadWithoutLoss(t *testing.T) {
	cases := os.Getenv("WATERTIGHT_CASES")
	if cases == "" {
		t.Skip("WATERTIGHT_CASES is not set")
	}
	set, err := manifest.ReadFiles(cases + "/real")
	if err != nil {
		t.Error(err)
	}
	for _, f := range set.Findings() {
		t.Error(f)
	}
	t.Log(len(set.Objects), set.Untyped())
}
