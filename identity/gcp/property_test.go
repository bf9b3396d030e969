// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// byItsNumber is another name of production's project.
const byItsNumber = "//cloudresourcemanager.googleapis.com/projects/222"

// names of a random world's resources that have policies.
func policyNames() []string {
	return []string{org, folder, shared, prodData, stgName, prodName, nodeName, bucket, stgSet, prodSet, prodSecret}
}

func memberTexts() []string {
	return []string{
		stg, "serviceAccount:" + prodSA, "serviceAccount:" + nodeSA, "group:devs@example.com", "group:team@example.com", "group:who@example.com",
		"serviceAccount:" + pool + "[staging/app]", "serviceAccount:" + pool + "[prod/app]", prodPrincipal,
		"principal://" + poolPath + "/subject/ns/staging/sa/other", "principalSet://" + poolPath + "/namespace/staging",
		"principalSet://" + poolPath + "/*", "allUsers", "domain:example.com", "projectViewer:prod-data", "projectEditor:shared-p",
		"deleted:serviceAccount:" + stgSA + "?uid=1", "user:ann@example.com",
		"principalSet://iam.googleapis.com/projects/111/locations/global/workloadIdentityPools/ci/attribute.repository/shop", "serviceAccount:" + deployer,
	}
}

func roleNames() []string {
	var out []string
	for _, role := range roles() {
		out = append(out, role.Name)
	}
	return append(out, "roles/nobody.knows", "roles/cloudsql.admin")
}

func conditions() []string { return []string{"", "", "", "holds", "fails", "nobody knows"} }

// A binding to be added somewhere.
type addition struct {
	name, role, member, condition string
}

func additions(least, most int) *rapid.Generator[[]addition] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) addition {
		return addition{
			rapid.SampledFrom(policyNames()).Draw(t, "on"), rapid.SampledFrom(roleNames()).Draw(t, "role"),
			rapid.SampledFrom(memberTexts()).Draw(t, "member"), rapid.SampledFrom(conditions()).Draw(t, "condition"),
		}
	}), least, most)
}

func (w *world) add(a addition) {
	if a.condition == "" {
		w.bind(a.name, a.role, a.member)
		return
	}
	w.bind(a.name, a.role, a.member, a.condition)
}

func denials() *rapid.Generator[gcp.DenyPolicy] {
	return rapid.Custom(func(t *rapid.T) gcp.DenyPolicy {
		principals := []string{
			"principalSet://goog/public:all", "principal://iam.googleapis.com/projects/-/serviceAccounts/" + stgSA,
			"principal://iam.googleapis.com/projects/-/serviceAccounts/" + prodSA, "principalSet://goog/group/devs@example.com",
			"principalSet://" + poolPath + "/namespace/staging", "principal://" + poolPath + "/subject/ns/staging/sa/app", "principalSet://goog/what",
		}
		rule := &gcp.DenyRule{
			DeniedPrincipals: rapid.SliceOfN(rapid.SampledFrom(principals), 1, 3).Draw(t, "denied"),
			DeniedPermissions: rapid.SliceOfN(rapid.SampledFrom([]string{
				"cloudsql.googleapis.com/instances.connect", "cloudsql.googleapis.com/*.*", "iam.googleapis.com/serviceAccounts.getAccessToken",
				"storage.googleapis.com/objects.get", "cloudresourcemanager.googleapis.com/projects.setIamPolicy",
			}), 1, 4).Draw(t, "permissions"),
			ExceptionPrincipals: rapid.SliceOfN(rapid.SampledFrom(principals), 0, 1).Draw(t, "spared"),
		}
		if rapid.IntRange(0, 4).Draw(t, "conditional") == 0 {
			rule.DenialCondition = &gcp.Condition{Expression: rapid.SampledFrom(conditions()).Draw(t, "condition")}
		}
		point := rapid.SampledFrom([]string{"projects%2F222", "projects%2Fshared-p", "folders%2F2", "organizations%2F1"}).Draw(t, "point")
		return gcp.DenyPolicy{Name: "policies/cloudresourcemanager.googleapis.com%2F" + point + "/denypolicies/d", Rules: []gcp.DenyPolicyRule{{DenyRule: rule}}}
	})
}

// A random world has resources of all kinds, and grants and holes anywhere.
func random(t *rapid.T) *world {
	w := sealed()
	protectBucket(w)
	protectDataset(w)
	w.at(stgSet).Policy, w.at(prodSecret).Policy = &gcp.Policy{}, &gcp.Policy{}
	w.Conditions = decides{"holds": always(identity.Yes), "fails": always(identity.No)}
	w.Groups = map[string][]identity.Member{
		"devs@example.com": {identity.ParseMember("group:team@example.com")},
		"team@example.com": {identity.ParseMember("group:devs@example.com")},
	}
	for _, member := range rapid.SliceOfN(rapid.SampledFrom(memberTexts()), 0, 2).Draw(t, "team") {
		w.Groups["team@example.com"] = append(w.Groups["team@example.com"], identity.ParseMember(member))
	}
	if rapid.Bool().Draw(t, "view") {
		w.at(prodSet).Dataset.Access = append(w.at(prodSet).Dataset.Access, gcp.DatasetAccess{View: &gcp.TableReference{ProjectID: "shared-p", DatasetID: "stg", TableID: "v"}})
	}
	w.subjects[0].HostNetwork = rapid.SampledFrom([]identity.Answer{identity.No, identity.Yes, identity.Unknown}).Draw(t, "host network")
	w.protected = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{prodDB, bucket, prodSet, prodSecret}), 1, 3, rapid.ID[string]).Draw(t, "protected")
	for _, a := range additions(4, 16).Draw(t, "grants") {
		w.add(a)
	}
	w.Deny = rapid.SliceOfN(denials(), 0, 2).Draw(t, "denials")
	for _, hole := range rapid.SliceOfN(rapid.SampledFrom(holes()), 0, 1).Draw(t, "holes") {
		hole(w)
	}
	return w
}

// holes take evidence away.
func holes() []func(*world) {
	out := []func(*world){
		func(w *world) { w.Conditions = nil },
		func(w *world) { w.Groups = nil },
		func(w *world) { delete(w.Groups, "team@example.com") },
		func(w *world) { w.Pools = nil },
		func(w *world) { w.Deny = nil },
		func(w *world) { w.Roles = nil },
		func(w *world) { w.Roles = w.Roles[:len(w.Roles)/2] },
		func(w *world) { w.at(cluster).Cluster = nil },
		func(w *world) { w.at(prodDB).Instance = nil },
		func(w *world) {
			if i := w.at(prodDB).Instance; i != nil {
				i.Users = nil
			}
		},
		func(w *world) { w.at(prodSet).Dataset = nil },
		func(w *world) { w.at(prodSet).Whole = false },
		func(w *world) { w.at(bucket).Bucket = nil },
		func(w *world) { w.at(bucket).Whole = false },
		func(w *world) { w.at(folder).Ancestors = nil },
		func(w *world) { w.at(prodData).Ancestors = nil },
		func(w *world) { w.at(prodData).Number = 0 },
		func(w *world) { w.at(shared).Number = 0 },
		func(w *world) { w.subjects[0].HostNetwork = identity.Unknown },
	}
	for _, name := range policyNames() {
		out = append(out, func(w *world) { w.at(name).Policy, w.at(name).Dataset = nil, nil }) // the list of a dataset is its policy
		if name != bucket && name != stgSet {
			out = append(out, func(w *world) {
				w.Resources = slices.DeleteFunc(w.Resources, func(r gcp.Resource) bool { return r.Name == name })
			})
		}
	}
	return out
}

func rapidProof(t *rapid.T, w *world) gcp.Proof {
	proof, err := w.NoAccess(w.subjects, w.protected, w.permissions...)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// More grants never close anything.
func TestGrantsOnlyOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := random(t)
		before := rapidProof(t, w)
		for _, a := range additions(0, 3).Draw(t, "more") {
			if w.at(a.name).Policy != nil {
				w.add(a)
			}
		}
		after := rapidProof(t, w)
		if before.Verdict == bulkhead.Breached && after.Verdict != bulkhead.Breached || before.Verdict != bulkhead.Sealed && after.Verdict == bulkhead.Sealed {
			t.Fatalf("from %v to %v\n%s\n%s", before.Verdict, after.Verdict, show(before), show(after))
		}
	})
}

// Less evidence never proves more.
func TestHolesNeverSeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := random(t)
		before := rapidProof(t, w)
		rapid.SampledFrom(holes()).Draw(t, "hole")(w)
		after := rapidProof(t, w)
		if before.Verdict != bulkhead.Sealed && after.Verdict == bulkhead.Sealed {
			t.Fatalf("from %v to %v\n%s", before.Verdict, after.Verdict, show(before))
		}
	})
}

// A deny policy never opens anything.
func TestDenialsOnlyClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := random(t)
		before := rapidProof(t, w)
		w.Deny = append(w.Deny, denials().Draw(t, "more"))
		after := rapidProof(t, w)
		if after.Verdict == bulkhead.Breached && before.Verdict != bulkhead.Breached || before.Verdict == bulkhead.Sealed && after.Verdict != bulkhead.Sealed {
			t.Fatalf("from %v to %v\n%s\n%s", before.Verdict, after.Verdict, show(before), show(after))
		}
	})
}

// The order of what is given is of no account, and the answer is always the same.
func TestOrderIsOfNoAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := random(t)
		before := rapidProof(t, w)
		findings, err := w.Lint(w.subjects)
		if err != nil {
			t.Fatal(err)
		}
		if w.at(prodData).Number == 222 {
			w.Resources = append(w.Resources, gcp.Resource{Name: byItsNumber, Number: 222})
		}
		w.Resources = rapid.Permutation(w.Resources).Draw(t, "resources")
		w.Roles = rapid.Permutation(w.Roles).Draw(t, "roles")
		w.Deny = rapid.Permutation(w.Deny).Draw(t, "deny")
		w.protected = rapid.Permutation(w.protected).Draw(t, "protected")
		w.permissions = rapid.Permutation(w.permissions).Draw(t, "permissions")
		after := rapidProof(t, w)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatal(diff)
		}
		if again, _ := w.Lint(w.subjects); !slices.Equal(findings, again) {
			t.Fatal(cmp.Diff(findings, again))
		}
		for i := range w.Resources {
			if p := w.Resources[i].Policy; p != nil {
				p.Bindings = rapid.Permutation(p.Bindings).Draw(t, "bindings")
			}
		}
		if again := rapidProof(t, w); again.Verdict != before.Verdict {
			t.Fatalf("from %v to %v", before.Verdict, again.Verdict)
		}
	})
}

// Every change closes its path, and all of them together leave no breach.
func TestChangesClose(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := random(rt)
		proof := rapidProof(rt, w)
		for range 60 {
			if len(proof.Breaches) == 0 {
				return
			}
			b := proof.Breaches[0]
			w.without(t, b.Change)
			proof = rapidProof(rt, w)
			if slices.ContainsFunc(proof.Breaches, func(other bulkhead.Breach) bool { return slices.Equal(other.Path, b.Path) }) {
				rt.Fatalf("the change %+v leaves the path open\n%s", b.Change, show(proof))
			}
		}
		rt.Fatalf("60 changes leave breaches\n%s", show(proof))
	})
}
