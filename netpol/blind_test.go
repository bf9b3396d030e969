// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
)

func ExampleBlind() {
	_ = manifest.Write(os.Stdout, netpol.Blind("staging", "prod"))
	// Output:
	// apiVersion: policy.networking.k8s.io/v1alpha2
	// kind: ClusterNetworkPolicy
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: staging.blind-to.prod
	// spec:
	//   egress:
	//   - action: Deny
	//     name: deny-prod
	//     to:
	//     - namespaces:
	//         matchLabels:
	//           kubernetes.io/metadata.name: prod
	//   priority: 0
	//   subject:
	//     namespaces:
	//       matchLabels:
	//         kubernetes.io/metadata.name: staging
	//   tier: Admin
}

// namespaceNames draws every shape of namespace name up to the longest.
func namespaceNames() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringMatching(`[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?`),
		rapid.Just(strings.Repeat("n", 63)),
	)
}

func TestBlindPassesEveryRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		namespace := namespaceNames().Draw(t, "namespace")
		other := namespaceNames().Filter(func(name string) bool { return name != namespace })
		hidden := rapid.SliceOfNDistinct(other, 1, 4, rapid.ID[string]).Draw(t, "hidden")
		var objs []bulkhead.Object
		for _, name := range hidden {
			objs = append(objs, netpol.Blind(namespace, name), netpol.Blind(name, namespace))
			bulkheadtest.NoFindings(t, netpol.Validate(netpol.Blind(namespace, name)))
		}
		bulkheadtest.NoFindings(t, bulkhead.Check(objs, netpol.Rules()...))
	})
}

// Both names of a pair may hold what stands between them in the name of the
// policy, as far as a namespace can be called so.
func TestBlindOfDifferentNamespacesHasDifferentNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		short := rapid.StringMatching(`[a-z]([-a-z]{0,10}[a-z])?`)
		x, y, z := short.Draw(t, "x"), short.Draw(t, "y"), short.Draw(t, "z")
		between := strings.TrimPrefix(strings.TrimSuffix(netpol.Blind(x, y).Name, y), x)
		between = strings.ReplaceAll(between, ".", "-")
		one, other := netpol.Blind(x, y+between+z), netpol.Blind(x+between+y, z)
		if one.Name == other.Name {
			t.Fatalf("two policies are called %s", one.Name)
		}
	})
}

func TestBlindIsUnchangedByYAML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		built := netpol.Blind(namespaceNames().Draw(t, "namespace"), namespaceNames().Draw(t, "hidden"))
		var out bytes.Buffer
		if err := manifest.Write(&out, built); err != nil {
			t.Fatal(err)
		}
		set, err := manifest.Read("blind.yaml", &out)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]bulkhead.Object{built}, set.Objects); diff != "" {
			t.Fatalf("written and read back (-built +read):\n%s", diff)
		}
	})
}

func TestBlindOfImpossibleNamesIsRefused(t *testing.T) {
	const (
		subject = netpol.UnusableClusterPolicy + " spec.subject.namespaces.matchLabels[kubernetes.io/metadata.name]"
		labels  = netpol.UnusableClusterPolicy + " spec.egress[0].to[0].namespaces.matchLabels"
		peer    = labels + "[kubernetes.io/metadata.name]"
		name    = netpol.Invalid + " metadata.name"
	)
	tests := map[string]struct {
		namespace, hidden string
		want              []string
	}{
		"no namespace":        {"", "prod", []string{name, subject}},
		"no hidden namespace": {"staging", "", []string{name, peer}},
		"upper case":          {"Staging", "prod", []string{name, subject}},
		"a dot":               {"staging", "prod.eu", []string{peer}},
		"too long":            {"staging", strings.Repeat("n", 64), []string{labels}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			bulkheadtest.WantFindings(t, netpol.Validate(netpol.Blind(tt.namespace, tt.hidden)), tt.want...)
		})
	}
}

func TestBlindToItselfIsReported(t *testing.T) {
	bulkheadtest.WantFindings(t, netpol.Validate(netpol.Blind("prod", "prod")), netpol.DeniesItself+" spec.egress[0].to[0]")
}
