// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func TestPosition(t *testing.T) {
	const text = `# Source: shop/policy.yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
  labels: &labels
    app: web
    app.kubernetes.io/name: shop
    "quoted.key": x
spec:
  podSelector:
    matchLabels:
      <<: *labels
      tier: front
  ingress:
  - from:
    - podSelector: {}
    - namespaceSelector: *labels
    ports: [{port: 80}, {port: 443}]
  ingress:
  - ports:
    - port: 8080
`
	set, err := manifest.Read("in", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	ref := bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "shop", Name: "web"}
	for field, want := range map[string]string{
		"":                     "in:2:1",
		"metadata":             "in:4:1",
		"metadata.labels":      "in:7:3",
		"metadata.labels[app]": "in:8:5",
		"metadata.labels.app":  "in:8:5",
		"metadata.labels[app.kubernetes.io/name]": "in:9:5",
		"metadata.labels.app.kubernetes.io/name":  "in:9:5",
		"metadata.labels[quoted.key]":             "in:10:5",
		"metadata.labels[missing]":                "in:7:3",
		"metadata.annotations[a]":                 "in:4:1",
		"spec.podSelector.matchLabels[tier]":      "in:15:7",
		"spec.podSelector.matchLabels[app]":       "in:8:5",
		"spec.ingress":                            "in:21:3",
		"spec.ingress[0].ports[0].port":           "in:23:7",
		"spec.ingress[0]":                         "in:22:5",
		"spec.ingress[7].from":                    "in:21:3",
		"spec.ingress[x]":                         "in:21:3",
		"spec.ingress[":                           "in:21:3",
		"spec.egress[0].to":                       "in:11:1",
		"status.phase":                            "in:2:1",
		"spec..":                                  "in:11:1",
	} {
		if got, ok := set.Position(ref, field); !ok || got.String() != want {
			t.Errorf("%q: got %v, want %s", field, got, want)
		}
	}
	if got, ok := set.Position(bulkhead.Ref{Kind: "Pod", Name: "web"}, ""); ok {
		t.Errorf("got %v for an object that the Set does not hold", got)
	}
}

func TestPositionInJSON(t *testing.T) {
	const text = `{
	"apiVersion": "v1", "kind": "List",
	"items": [{
		"apiVersion": "v1",
		"kind": "Service",
		"metadata": {"name": "web", "annotations": {"a.b/c": "\ud83d\udea2 \/", "d\"e": "x"}},
		"spec": {"ports": [{"port": 80}, {"port": 443, "port": 444}]}
	}]
}`
	set, err := manifest.Read("in.json", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	ref := bulkhead.Ref{Kind: "Service", Name: "web"}
	for field, want := range map[string]string{
		"":                            "in.json:3:12",
		"metadata.name":               "in.json:6:16",
		"metadata.annotations[a.b/c]": "in.json:6:47",
		`metadata.annotations[d"e]`:   "in.json:6:75",
		"spec.ports[0]":               "in.json:7:22",
		"spec.ports[1].port":          "in.json:7:50",
		"spec.ports[2].port":          "in.json:7:12",
		"spec.selector[app]":          "in.json:7:3",
	} {
		if got, ok := set.Position(ref, field); !ok || got.String() != want {
			t.Errorf("%q: got %v, want %s", field, got, want)
		}
	}
}

func TestPositionMayBeAskedByMany(t *testing.T) {
	set, err := manifest.Read("in", strings.NewReader(string(cluster(50))))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, obj := range set.Objects {
				got, ok := set.Position(bulkhead.RefTo(obj), "metadata.name")
				if !ok || got.Line < i || got.Column != 3 {
					t.Errorf("%s: got %v", bulkhead.RefTo(obj), got)
				}
			}
		})
	}
	wg.Wait()
}
