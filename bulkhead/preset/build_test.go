// SPDX-License-Identifier: Apache-2.0

package preset_test

import (
	"bytes"
	"net/netip"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
	"github.com/watertight-go/watertight/quota"
)

// Random options give environments in which no rule finds anything, side by side, and
// which YAML carries unchanged.
func TestEnvironmentsWithoutFindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cluster := clusters().Draw(t, "cluster")
		identities := cluster.Platform == platform.GKE || cluster.Platform == platform.GKEDataplaneV2 || cluster.Platform == platform.GKEAutopilot
		staging, err := preset.Staging(preset.StagingOptions{
			Cluster:    cluster,
			Namespace:  "staging" + suffix().Draw(t, "staging"),
			Production: []string{"prod", "payments"}[:rapid.IntRange(0, 2).Draw(t, "hidden")],
			Workloads:  workloads("staging", identities).Draw(t, "workloads of staging"),
		})
		if err != nil {
			t.Fatal(err)
		}
		production, err := preset.Production(preset.ProductionOptions{
			Cluster:   cluster,
			Priority:  rapid.Int32Range(0, quota.HighestPriority).Draw(t, "priority"),
			Workloads: workloads("prod", identities).Draw(t, "workloads of production"),
		})
		if err != nil {
			t.Fatal(err)
		}
		objs := slices.Concat(staging.Objects, production.Objects)
		rules := slices.Concat(netpol.Rules(), quota.Rules(), identity.Rules(), guard.Rules(), staging.Guard.Rules(), production.Guard.Rules())
		if err := bulkhead.Check(objs, rules...).Err(); err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := manifest.Write(&text, objs...); err != nil {
			t.Fatal(err)
		}
		set, err := manifest.Read("built.yaml", &text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(objs, set.Objects); diff != "" {
			t.Fatalf("YAML changes the objects (-made +read):\n%s", diff)
		}
		if err := staging.Check(staging.Drift()).Err(); err != nil {
			t.Fatal(err)
		}
	})
}

func suffix() *rapid.Generator[string] { return rapid.StringMatching(`(-[a-z0-9]{1,10})?`) }

func clusters() *rapid.Generator[preset.Cluster] {
	return rapid.Custom(func(t *rapid.T) preset.Cluster {
		out := preset.Cluster{
			Platform: rapid.SampledFrom([]platform.Platform{
				platform.Kubernetes, platform.GKE, platform.GKEDataplaneV2, platform.GKEAutopilot, platform.EKS, platform.AKS, platform.OpenShift,
			}).Draw(t, "platform"),
			Pool: identity.Pool{
				ProjectID:     rapid.StringMatching(`[a-z][a-z0-9]{4,20}[a-z0-9]`).Draw(t, "project"),
				ProjectNumber: rapid.Uint64Range(1, 1<<40).Draw(t, "project number"),
			},
		}
		if rapid.Bool().Draw(t, "resolvers") {
			out.Resolvers = []netip.Addr{netip.MustParseAddr("10.96.0.10")}
		}
		out.Keepers = keepers()
		if rapid.Bool().Draw(t, "administrators") {
			out.Keepers = append(out.Keepers, rbacv1.Subject{Kind: rbacv1.GroupKind, Name: "system:masters"})
		}
		return out
	})
}

// workloads draws some of different names, which act as accounts of the environment.
func workloads(environment string, identities bool) *rapid.Generator[[]preset.Workload] {
	return rapid.Custom(func(t *rapid.T) []preset.Workload {
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z0-9]{5,12}`), 0, 3, rapid.ID).Draw(t, "names")
		var out []preset.Workload
		for _, name := range names {
			w := preset.Workload{Account: name}
			if identities && rapid.Bool().Draw(t, "acts") {
				w.ActsAs = name + "-" + environment + "@my-project.iam.gserviceaccount.com"
			}
			if rapid.Bool().Draw(t, "pods") {
				w.Pods = netpol.Pods{"part": name}
			}
			out = append(out, w)
		}
		return out
	})
}
