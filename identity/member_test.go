// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/identity"
)

const poolPath = "//iam.googleapis.com/projects/111122223333/locations/global/workloadIdentityPools/my-project.svc.id.goog"

func TestParseMember(t *testing.T) {
	inPool := func(kind identity.MemberKind, edit func(*identity.Member)) identity.Member {
		m := identity.Member{Kind: kind, ProjectNumber: "111122223333", Pool: "my-project.svc.id.goog"}
		edit(&m)
		return m
	}
	const shop = "https://container.googleapis.com/v1/projects/my-project/locations/europe-west1/clusters/shop"
	tests := map[string]identity.Member{
		"user:alice@example.com":        {Kind: identity.UserMember, Name: "alice@example.com"},
		"group:Devs@example.com":        {Kind: identity.GroupMember, Name: "Devs@example.com"},
		"domain:example.com":            {Kind: identity.DomainMember, Name: "example.com"},
		"serviceAccount:" + staging:     {Kind: identity.ServiceAccountMember, Name: staging},
		"allUsers":                      {Kind: identity.AllUsersMember},
		"allAuthenticatedUsers":         {Kind: identity.AllAuthenticatedMember},
		"projectOwner:my-project":       {Kind: identity.ProjectOwnerMember, Name: "my-project"},
		"projectEditor:example.com:web": {Kind: identity.ProjectEditorMember, Name: "example.com:web"},
		"projectViewer:my-project":      {Kind: identity.ProjectViewerMember, Name: "my-project"},
		"serviceAccount:my-project.svc.id.goog[staging/backend]": {
			Kind: identity.WorkloadMember, Pool: "my-project.svc.id.goog", Namespace: "staging", Account: "backend",
		},
		"principal:" + poolPath + "/subject/ns/staging/sa/backend":         inPool(identity.SubjectMember, func(m *identity.Member) { m.Namespace, m.Account = "staging", "backend" }),
		"principal:" + poolPath + "/kubernetes.serviceaccount.uid/abc-def": inPool(identity.UIDMember, func(m *identity.Member) { m.UID = "abc-def" }),
		"principalSet:" + poolPath + "/namespace/staging":                  inPool(identity.NamespaceMember, func(m *identity.Member) { m.Namespace = "staging" }),
		"principalSet:" + poolPath + "/kubernetes.cluster/" + shop:         inPool(identity.ClusterMember, func(m *identity.Member) { m.Cluster = shop }),
		"principalSet:" + poolPath + "/*":                                  inPool(identity.PoolMember, func(*identity.Member) {}),
		"deleted:serviceAccount:" + staging + "?uid=1234":                  {Kind: identity.ServiceAccountMember, Name: staging, Deleted: true, DeletedUID: "1234"},
		"deleted:user:alice@example.com?uid=1":                             {Kind: identity.UserMember, Name: "alice@example.com", Deleted: true, DeletedUID: "1"},
		"deleted:principal://iam.googleapis.com/locations/global/workforcePools/p/subject/s": {
			Deleted: true, Text: "deleted:principal://iam.googleapis.com/locations/global/workforcePools/p/subject/s",
		},
		"deleted:":                               {Deleted: true, Text: "deleted:"},
		"deleted:user:alice@example.com":         {Kind: identity.UserMember, Name: "alice@example.com", Deleted: true},
		"deleted:user:alice@example.com?uid=":    {Deleted: true, Text: "deleted:user:alice@example.com?uid="},
		"deleted:deleted:user:alice@example.com": {Deleted: true, Text: "deleted:deleted:user:alice@example.com"},
	}
	for _, unknown := range []string{
		"", " ", "alice@example.com", "User:alice@example.com", "ALLUSERS", "user:", "user:alice", "user:a@b@c", "user:a b@c", "group:@example.com",
		"serviceAccount:my-project.svc.id.goog", "serviceAccount:my-project.svc.id.goog[staging]", "serviceAccount:my-project.svc.id.goog[staging/]",
		"serviceAccount:my-project.svc.id.goog[a/b/c]", "serviceAccount:[a/b]", "serviceAccount:my-project.svc.id.goog[a/b] ",
		"principal:" + poolPath, "principal:" + poolPath + "/subject/staging", "principal:" + poolPath + "/subject/ns/staging/sa/",
		"principal:" + poolPath + "/subject/ns/a/sa/b/c", "principal:" + poolPath + "/namespace/staging", "principalSet:" + poolPath + "/subject/ns/a/sa/b",
		"principalSet:" + poolPath + "/**", "principalSet:" + poolPath + "/namespace/", "principalSet:" + poolPath + "/kubernetes.cluster/",
		"principalSet:" + poolPath + "/group/devs", "principalSet:" + poolPath + "/attribute.sub/x",
		"principal://iam.googleapis.com/projects/my-project/locations/global/workloadIdentityPools/my-project.svc.id.goog/subject/ns/a/sa/b",
		"principal://iam.googleapis.com/projects/1/locations/europe-west1/workloadIdentityPools/my-project.svc.id.goog/subject/ns/a/sa/b",
		"principal://example.com/projects/1/locations/global/workloadIdentityPools/p/subject/ns/a/sa/b",
		"principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount", "principalSet://goog/public:all",
	} {
		tests[unknown] = identity.Member{Text: unknown}
	}
	for text, want := range tests {
		got := identity.ParseMember(text)
		if got != want {
			t.Errorf("%q reads as\n%#v, want\n%#v", text, got, want)
		}
		if got.String() != text {
			t.Errorf("%q is written as %q", text, got)
		}
	}
}

// memberTexts draws texts that are members, nearly so, and not at all.
func memberTexts() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"user:", "group:", "domain:", "serviceAccount:", "deleted:", "?uid=", "allUsers", "allAuthenticatedUsers", "projectOwner:", "principal:", "principalSet:",
		"//iam.googleapis.com/projects/", "1", "111122223333", "/locations/global/workloadIdentityPools/", "my-project.svc.id.goog", "/subject/ns/", "staging", "/sa/",
		"/namespace/", "/kubernetes.cluster/", "/kubernetes.serviceaccount.uid/", "/*", "[", "]", "/", "@", "example.com", " ", "\x00", "é", poolPath,
	})
	return rapid.OneOf(rapid.String(), rapid.Custom(func(t *rapid.T) string {
		var text string
		for _, p := range rapid.SliceOfN(piece, 0, 9).Draw(t, "pieces") {
			text += p
		}
		return text
	}))
}

func TestEveryTextIsWrittenAsItWasRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := memberTexts().Draw(t, "text")
		member := identity.ParseMember(text)
		if member.String() != text {
			t.Fatalf("%q is written as %q", text, member)
		}
		if again := identity.ParseMember(member.String()); again != member {
			t.Fatalf("%q reads as %#v, then as %#v", text, member, again)
		}
	})
}

func TestMembersInJSON(t *testing.T) {
	const text = `["allUsers","deleted:user:a@example.com?uid=1","what is this"]`
	var members []identity.Member
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(members)
	if err != nil || string(out) != text {
		t.Errorf("written as %s, error %v", out, err)
	}
}
