// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

const release = `apiVersion: v1
kind: ServiceAccount
metadata: {name: web}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: elsewhere, namespace: monitoring}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
`

func TestIn(t *testing.T) {
	set, err := manifest.Read("release.yaml", strings.NewReader(release))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, obj := range set.In("shop").Objects {
		got = append(got, bulkhead.RefTo(obj).String())
	}
	want := []string{"ServiceAccount/shop/web", "ServiceAccount/monitoring/elsewhere", "Namespace/shop", "Widget/w"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if ns := set.Objects[0].GetNamespace(); ns != "" {
		t.Errorf("the set itself has changed: namespace %q", ns)
	}
}

// The output of helm template leaves the namespace of the release out.
func ExampleSet_In() {
	set := bulkhead.Must(manifest.Read("release.yaml", strings.NewReader(release))).In("shop")
	account := bulkhead.RefTo(set.Objects[0])
	at, _ := set.Position(account, "metadata.name")
	fmt.Println(account, at)
	// Output:
	// ServiceAccount/shop/web release.yaml:3:12
}
