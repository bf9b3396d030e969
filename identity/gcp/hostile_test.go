// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// names returns texts that are names, nearly names, and none.
func names() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{
			org, folder, shared, prodData, cluster, prodDB, stgName, bucket, prodSet, "//", "//a", "//a/", "//a/b", "//storage.googleapis.com/b/managedFolders/f",
			"//bigquery.googleapis.com/projects/p", "//bigquery.googleapis.com/projects//datasets/", "//iam.googleapis.com/projects/-/serviceAccounts/" + prodSA,
			"//iam.googleapis.com/projects/p/serviceAccounts/12", "//x/projects/p/locations", "//x/projects/p/locations/l/a/b/c", "//cloudresourcemanager.googleapis.com/projects/222",
		}),
		rapid.StringMatching(`//[a-z.]{1,8}(/[a-z]{0,9}){0,7}`), rapid.String(),
	)
}

// Whatever the evidence is, there is an answer, and none is Sealed for a world of
// nothing but names.
func TestAnyEvidenceHasAnAnswer(t *testing.T) {
	text := rapid.OneOf(names(), rapid.SampledFrom(memberTexts()), rapid.SampledFrom(roleNames()))
	rapid.Check(t, func(t *rapid.T) {
		w := sealed()
		if rapid.Bool().Draw(t, "from nothing") {
			w.Resources = nil
		}
		for i := range rapid.IntRange(0, 8).Draw(t, "resources") {
			r := gcp.Resource{
				Name: names().Draw(t, "name"), Type: rapid.OneOf(rapid.Just(""), text).Draw(t, "type"), Whole: rapid.Bool().Draw(t, "whole"),
				Ancestors: rapid.SliceOfN(names(), 0, 2).Draw(t, "ancestors"), Number: uint64(i % 3),
			}
			r.Policy = &gcp.Policy{Bindings: []gcp.Binding{{Role: text.Draw(t, "role"), Members: []identity.Member{identity.ParseMember(text.Draw(t, "member"))}}}}
			r.Cluster = &gcp.Cluster{Pool: text.Draw(t, "pool"), Open: identity.Yes, NodePools: []gcp.NodePool{{ServiceAccount: text.Draw(t, "account")}}}
			r.Dataset = &gcp.Dataset{Access: []gcp.DatasetAccess{
				{IAMMember: text.Draw(t, "member")}, {View: &gcp.TableReference{ProjectID: text.Draw(t, "project"), DatasetID: text.Draw(t, "dataset"), TableID: "t"}},
			}}
			w.Resources = append(w.Resources, r)
		}
		w.Deny = []gcp.DenyPolicy{{Name: "policies/" + text.Draw(t, "point") + "/denypolicies/x", Rules: []gcp.DenyPolicyRule{{}, {DenyRule: &gcp.DenyRule{DeniedPrincipals: []string{text.Draw(t, "principal")}, DeniedPermissions: []string{"*"}}}}}}
		if rapid.Bool().Draw(t, "no denials") {
			w.Deny = nil
		}
		w.BoundaryBindings = []gcp.BoundaryBinding{{Target: gcp.BoundaryTarget{PrincipalSet: text.Draw(t, "set")}, Policy: "p"}}
		w.Boundaries = []gcp.BoundaryPolicy{{Name: "p", Details: gcp.BoundaryDetails{EnforcementVersion: text.Draw(t, "version"), Rules: []gcp.BoundaryRule{{Resources: []string{text.Draw(t, "listed")}}}}}}
		w.protected = append(w.protected, names().Draw(t, "protected"))
		proof, err := w.NoAccess(w.subjects, w.protected, w.permissions...)
		if err != nil && proof.Verdict != bulkhead.Undetermined {
			t.Fatalf("%v beside an error", proof.Verdict)
		}
		if _, invalid := w.Lint(w.subjects, annotated("staging", "app", text.Draw(t, "annotation"))); err == nil && invalid != nil {
			t.Fatalf("what is good enough for a proof cannot be judged: %v", invalid)
		}
	})
}

// Accounts that become each other in a long chain, each with a way across, have the
// shortest paths listed and the others counted.
func TestLongPathsAreCounted(t *testing.T) {
	const n = 3000
	w := large(n * 5)
	for i := range n {
		w.bind(prodData, sqlClient, fmt.Sprintf("serviceAccount:account-%d@project-%d.iam.gserviceaccount.com", i, i%100))
	}
	got := w.prove(t)
	hops := 0
	for i, b := range got.Breaches {
		if len(b.Path) != i+3 {
			t.Fatalf("path %d has %d steps", i, len(b.Path))
		}
		hops += len(b.Path)
	}
	if hops > 100_000 || len(got.Breaches) < 400 || !strings.Contains(strings.Join(got.Missing, "\n"), fmt.Sprintf("%d more paths across", n+1-len(got.Breaches))) {
		t.Errorf("%d breaches with %d steps, missing %v", len(got.Breaches), hops, got.Missing)
	}
}

// Groups in a circle, groups of groups of groups, and policies above themselves end.
func TestCirclesEnd(t *testing.T) {
	w := sealed()
	w.at(folder).Ancestors = append(w.at(folder).Ancestors, shared)
	w.Groups = make(map[string][]identity.Member)
	const n = 20_000
	for i := range n {
		w.Groups[fmt.Sprintf("g%d@example.com", i)] = []identity.Member{identity.ParseMember(fmt.Sprintf("group:g%d@example.com", (i+1)%n))}
	}
	w.bind(prodData, sqlClient, "group:g0@example.com")
	if got := w.prove(t); got.Verdict != bulkhead.Sealed {
		t.Fatalf("%v\n%s", got.Verdict, show(got))
	}
	last := fmt.Sprintf("g%d@example.com", n-1)
	w.Groups[last] = append(w.Groups[last], identity.ParseMember(stg))
	if got := w.prove(t); got.Verdict != bulkhead.Breached {
		t.Fatalf("%v\n%s", got.Verdict, show(got))
	}
}
