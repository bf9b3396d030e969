// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/identity"
)

const (
	shop    = "https://container.googleapis.com/v1/projects/my-project/locations/europe-west1/clusters/shop"
	shopUID = "6f1e2a34-0000-4000-8000-123456789abc"
)

// whole is a workload of which everything is known.
func whole() identity.Workload {
	return identity.Workload{Pool: pool(), Namespace: "staging", Account: "app", UID: shopUID, Cluster: shop}
}

func TestWorkloadMatches(t *testing.T) {
	const (
		yes, no, unknown = identity.Yes, identity.No, identity.Unknown
		set              = "principalSet:" + poolPath
		one              = "principal:" + poolPath
	)
	elsewhere := func(text, old, replacement string) string { return strings.Replace(text, old, replacement, 1) }
	forget := func(edit func(*identity.Workload)) func(*identity.Workload) { return edit }
	tests := map[string]struct {
		member string
		edit   func(*identity.Workload)
		want   identity.Answer
		says   string // a word of Why or Missing
	}{
		"itself":                 {member: "serviceAccount:my-project.svc.id.goog[staging/app]", want: yes},
		"itself, as a principal": {member: one + "/subject/ns/staging/sa/app", want: yes},
		"its namespace":          {member: set + "/namespace/staging", want: yes},
		"its cluster, which production is in too": {member: set + "/kubernetes.cluster/" + shop, want: yes},
		"its pool":                                 {member: set + "/*", want: yes},
		"its UID":                                  {member: one + "/kubernetes.serviceaccount.uid/" + shopUID, want: yes},
		"its UID in capitals":                      {member: one + "/kubernetes.serviceaccount.uid/" + strings.ToUpper(shopUID), want: yes},
		"its UID, given in capitals":               {member: one + "/kubernetes.serviceaccount.uid/" + shopUID, edit: func(w *identity.Workload) { w.UID = strings.ToUpper(w.UID) }, want: yes},
		"everyone":                                 {member: "allUsers", want: yes},
		"everyone with an account":                 {member: "allAuthenticatedUsers", want: yes},
		"the account of its name in production":    {member: "serviceAccount:my-project.svc.id.goog[prod/app]", want: no},
		"another account of its namespace":         {member: one + "/subject/ns/staging/sa/web", want: no},
		"production's namespace":                   {member: set + "/namespace/prod", want: no},
		"a namespace that begins the same":         {member: set + "/namespace/staging-2", want: no},
		"another UID":                              {member: one + "/kubernetes.serviceaccount.uid/x", want: no},
		"another cluster":                          {member: set + "/kubernetes.cluster/" + elsewhere(shop, "clusters/shop", "clusters/other"), want: no},
		"a cluster of that name elsewhere":         {member: set + "/kubernetes.cluster/" + elsewhere(shop, "europe-west1", "us-east1"), want: no},
		"its cluster with zones for locations":     {member: set + "/kubernetes.cluster/" + elsewhere(shop, "locations", "zones"), want: unknown, says: "cluster"},
		"its cluster by its project's number":      {member: set + "/kubernetes.cluster/" + elsewhere(shop, "projects/my-project", "projects/111122223333"), want: unknown, says: "cluster"},
		"a cluster in no known form":               {member: set + "/kubernetes.cluster/https://gkehub.googleapis.com/x", want: unknown, says: "gkehub"},
		"a pool of another project":                {member: "serviceAccount:other-project.svc.id.goog[staging/app]", want: no},
		"a principal of another project":           {member: elsewhere(elsewhere(one, "my-project", "other-project"), "111122223333", "5") + "/subject/ns/staging/sa/app", want: no},
		"the project by another number":            {member: elsewhere(one, "111122223333", "222") + "/subject/ns/staging/sa/app", want: unknown, says: "222"},
		"another project by its number":            {member: elsewhere(set, "my-project", "prod-data") + "/*", want: unknown, says: "111122223333"},
		"another number and another namespace":     {member: elsewhere(set, "111122223333", "222") + "/namespace/prod", want: no},
		"a pool that is not GKE's":                 {member: elsewhere(set, "my-project.svc.id.goog", "clusters") + "/namespace/prod", want: unknown, says: "provider"},
		"a pool that is not GKE's, by address":     {member: "serviceAccount:clusters[prod/app]", want: unknown, says: "clusters"},
		"an attribute of its pool":                 {member: set + "/attribute.namespace/prod", want: unknown, says: "attribute"},
		"its Google service account":               {member: "serviceAccount:" + staging, want: no},
		"a person":                                 {member: "user:alice@example.com", want: no},
		"a group":                                  {member: "group:apps@example.com", want: unknown, says: "apps@example.com"},
		"a domain":                                 {member: "domain:example.com", want: unknown, says: "example.com"},
		"who may view a project":                   {member: "projectViewer:prod-data", want: unknown, says: "roles/viewer on the project prod-data"},
		"who owns a project":                       {member: "projectOwner:prod-data", want: unknown, says: "roles/owner"},
		"something deleted":                        {member: "deleted:serviceAccount:" + staging + "?uid=1", want: no, says: "deleted"},
		"a deleted principal of no known form":     {member: "deleted:principal://x", want: no, says: "deleted"},
		"something of no known form":               {member: "principalSet://goog/public:all", want: unknown, says: "public:all"},
		"a UID that is not known":                  {member: one + "/kubernetes.serviceaccount.uid/x", edit: forget(func(w *identity.Workload) { w.UID = "" }), want: unknown, says: "UID"},
		"a cluster that is not known":              {member: set + "/kubernetes.cluster/" + shop, edit: forget(func(w *identity.Workload) { w.Cluster = "" }), want: unknown, says: "cluster"},
		"a number that is not known":               {member: one + "/subject/ns/staging/sa/app", edit: forget(func(w *identity.Workload) { w.Pool.ProjectNumber = 0 }), want: unknown, says: "number"},
		"a number that is not needed":              {member: "serviceAccount:my-project.svc.id.goog[staging/app]", edit: forget(func(w *identity.Workload) { w.Pool.ProjectNumber = 0 }), want: yes},
		"the zero workload and its pool":           {member: set + "/*", edit: func(w *identity.Workload) { *w = identity.Workload{} }, want: unknown, says: "pool"},
		"the zero workload and an account":         {member: "serviceAccount:my-project.svc.id.goog[staging/app]", edit: func(w *identity.Workload) { *w = identity.Workload{} }, want: unknown, says: "account"},
		"an unknown number and another namespace":  {member: set + "/namespace/prod", edit: forget(func(w *identity.Workload) { w.Pool.ProjectNumber = 0 }), want: no},
		"an old domain's pool, whatever its order": {member: "serviceAccount:my-project.example.com.svc.id.goog[staging/app]", edit: func(w *identity.Workload) { w.Pool.ProjectID = "example.com:my-project" }, want: yes},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := whole()
			if tt.edit != nil {
				tt.edit(&w)
			}
			got := w.Matches(identity.ParseMember(tt.member))
			if got.Answer != tt.want {
				t.Errorf("%s: %v (%s %q), want %v", tt.member, got.Answer, got.Why, got.Missing, tt.want)
			}
			if (got.Answer == unknown) != (len(got.Missing) > 0) || (got.Answer == unknown) != (got.Why == "") {
				t.Errorf("answer %v, why %q, missing %q", got.Answer, got.Why, got.Missing)
			}
			if all := got.Why + strings.Join(got.Missing, " "); !strings.Contains(all, tt.says) {
				t.Errorf("%q says nothing of %q", all, tt.says)
			}
		})
	}
}

func TestEmailMatches(t *testing.T) {
	tests := map[string]struct {
		email  identity.Email
		member string
		want   identity.Answer
	}{
		"its address":                      {staging, "serviceAccount:" + staging, identity.Yes},
		"its address in capitals":          {staging, "serviceAccount:STAGING-SA@My-Project.iam.gserviceaccount.com", identity.Yes},
		"its address as a person's":        {staging, "user:" + staging, identity.Yes},
		"another address":                  {staging, "serviceAccount:prod-sa@my-project.iam.gserviceaccount.com", identity.No},
		"an account of that ID elsewhere":  {staging, "serviceAccount:staging-sa@other-project.iam.gserviceaccount.com", identity.No},
		"no address":                       {"", "serviceAccount:" + staging, identity.Unknown},
		"a deleted account of its address": {staging, "deleted:serviceAccount:" + staging + "?uid=1", identity.No},
		"everyone with an account":         {staging, "allAuthenticatedUsers", identity.Yes},
		"everyone":                         {staging, "allUsers", identity.Yes},
		"a group":                          {staging, "group:devs@example.com", identity.Unknown},
		"a group by its own address":       {staging, "group:" + staging, identity.Unknown},
		"a domain":                         {staging, "domain:my-project.iam.gserviceaccount.com", identity.Unknown},
		"who may edit a project":           {staging, "projectEditor:my-project", identity.Unknown},
		"a workload":                       {staging, "serviceAccount:my-project.svc.id.goog[staging/app]", identity.No},
		"a whole pool":                     {staging, "principalSet:" + poolPath + "/*", identity.No},
		"all accounts of a project":        {staging, "principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount", identity.Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.email.Matches(identity.ParseMember(tt.member)); got.Answer != tt.want {
				t.Errorf("%v (%s %q), want %v", got.Answer, got.Why, got.Missing, tt.want)
			}
		})
	}
}

// Naming more of a workload turns Unknown into an answer, and no answer into another.
func TestMoreEvidenceTakesNothingBack(t *testing.T) {
	projects := rapid.SampledFrom([]identity.Pool{pool(), {ProjectID: "my-project", ProjectNumber: 222}, {ProjectID: "other-project", ProjectNumber: 222}})
	clusters := rapid.SampledFrom([]string{shop, strings.Replace(shop, "locations", "zones", 1), strings.Replace(shop, "shop", "other", 1), "x"})
	words := rapid.SampledFrom([]string{"staging", "prod", "app"})
	rapid.Check(t, func(t *rapid.T) {
		full := identity.Workload{
			Pool: projects.Draw(t, "pool"), Namespace: words.Draw(t, "namespace"), Account: words.Draw(t, "account"),
			UID: words.Draw(t, "uid"), Cluster: clusters.Draw(t, "cluster"),
		}
		member := rapid.OneOf(
			rapid.Map(memberTexts(), identity.ParseMember),
			rapid.Custom(func(t *rapid.T) identity.Member {
				p := projects.Draw(t, "pool of the member")
				m := identity.Workload{Pool: p, Namespace: words.Draw(t, "its namespace"), Account: words.Draw(t, "its account")}.Principal()
				m.Kind = identity.MemberKind(rapid.IntRange(int(identity.WorkloadMember), int(identity.PoolMember)).Draw(t, "kind"))
				m.UID, m.Cluster = words.Draw(t, "its uid"), clusters.Draw(t, "its cluster")
				return identity.ParseMember(m.String())
			}),
		).Draw(t, "member")
		less := full
		for _, forget := range []func(){
			func() { less.Pool = identity.Pool{} }, func() { less.Pool.ProjectNumber = 0 }, func() { less.Namespace = "" },
			func() { less.Account = "" }, func() { less.UID = "" }, func() { less.Cluster = "" },
		} {
			if rapid.Bool().Draw(t, "forget") {
				forget()
			}
		}
		before, after := less.Matches(member), full.Matches(member)
		if before.Answer != identity.Unknown && before.Answer != after.Answer {
			t.Fatalf("%s: %v of %+v, but %v of %+v", member, before, less, after, full)
		}
	})
}
