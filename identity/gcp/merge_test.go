// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

func members(texts ...string) []identity.Member {
	var out []identity.Member
	for _, text := range texts {
		out = append(out, identity.ParseMember(text))
	}
	return out
}

func onCondition(title string) *gcp.Condition {
	return &gcp.Condition{Title: title, Expression: "true", Description: "d", Location: "l"}
}

// read is a policy with conditions as it was read.
func read() gcp.Policy {
	return gcp.Policy{
		Version: 3, Etag: "BwWWja0YfJA=",
		Bindings: []gcp.Binding{
			{Role: "roles/a", Members: members("user:alice@example.com")},
			{Role: "roles/a", Members: members("user:bob@example.com"), Condition: onCondition("office hours")},
			{Role: "roles/b", Members: members("what is this", "deleted:user:eve@example.com?uid=1")},
			{Role: "roles/a", Members: members("user:carol@example.com")},
		},
		AuditConfigs: []gcp.AuditConfig{{Service: "allServices", AuditLogConfigs: []gcp.AuditLogConfig{
			{LogType: "DATA_READ", ExemptedMembers: members("user:alice@example.com")},
		}}},
	}
}

func TestMerge(t *testing.T) {
	one := func(role, member string) gcp.Binding { return gcp.Binding{Role: role, Members: members(member)} }
	tests := map[string]struct {
		add  []gcp.Binding
		want func(*gcp.Policy)
	}{
		"a member of a role that is there": {
			add: []gcp.Binding{one("roles/a", "user:dave@example.com")},
			want: func(p *gcp.Policy) {
				p.Bindings[0].Members = append(p.Bindings[0].Members, members("user:dave@example.com")...)
			},
		},
		"a member that is there": {
			add:  []gcp.Binding{one("roles/a", "user:alice@example.com")},
			want: func(*gcp.Policy) {},
		},
		"a member that is there in capitals": {
			add:  []gcp.Binding{one("roles/a", "user:ALICE@example.com")},
			want: func(*gcp.Policy) {},
		},
		"a member that a second binding of the role has": {
			add:  []gcp.Binding{one("roles/a", "user:carol@example.com")},
			want: func(*gcp.Policy) {},
		},
		"a member that has the role on a condition": {
			add: []gcp.Binding{one("roles/a", "user:bob@example.com")},
			want: func(p *gcp.Policy) {
				p.Bindings[0].Members = append(p.Bindings[0].Members, members("user:bob@example.com")...)
			},
		},
		"a role that is not there, twice": {
			add: []gcp.Binding{one("roles/c", "user:dave@example.com"), one("roles/c", "user:dave@example.com"), one("roles/c", "allUsers")},
			want: func(p *gcp.Policy) {
				p.Bindings = append(p.Bindings, gcp.Binding{Role: "roles/c", Members: members("user:dave@example.com", "allUsers")})
			},
		},
		"a condition that is there": {
			add: []gcp.Binding{{Role: "roles/a", Members: members("user:dave@example.com"), Condition: onCondition("office hours")}},
			want: func(p *gcp.Policy) {
				p.Bindings[1].Members = append(p.Bindings[1].Members, members("user:dave@example.com")...)
			},
		},
		"another condition": {
			add: []gcp.Binding{{Role: "roles/a", Members: members("user:alice@example.com"), Condition: onCondition("nights")}},
			want: func(p *gcp.Policy) {
				p.Bindings = append(p.Bindings, gcp.Binding{Role: "roles/a", Members: members("user:alice@example.com"), Condition: onCondition("nights")})
			},
		},
		"a person who was deleted": {
			add: []gcp.Binding{one("roles/b", "user:eve@example.com")},
			want: func(p *gcp.Policy) {
				p.Bindings[2].Members = append(p.Bindings[2].Members, members("user:eve@example.com")...)
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			policy, want := read(), read()
			tt.want(&want)
			got, err := gcp.Merge(policy, tt.add...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("merged (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(read(), policy); diff != "" {
				t.Errorf("the argument was changed:\n%s", diff)
			}
			again, err := gcp.Merge(got, tt.add...)
			if diff := cmp.Diff(got, again); diff != "" || err != nil {
				t.Errorf("merged again, error %v:\n%s", err, diff)
			}
		})
	}
}

// What a caller does with the arguments afterwards must not reach the result, nor the
// other way round.
func TestMergeKeepsNoArgument(t *testing.T) {
	policy := read()
	policy.Bindings[0].Members = append(make([]identity.Member, 0, 9), policy.Bindings[0].Members...)
	nights := onCondition("nights")
	add := []gcp.Binding{
		{Role: "roles/a", Members: members("user:dave@example.com")},
		{Role: "roles/c", Members: members("user:dave@example.com", "user:erin@example.com"), Condition: nights},
	}
	merged := bulkhead.Must(gcp.Merge(policy, add...))
	want := bulkhead.Must(gcp.Merge(policy, add...))

	_ = append(policy.Bindings[0].Members, members("user:mallory@example.com")...) // where the result's would be, too
	policy.Bindings[0].Members[0] = identity.ParseMember("allUsers")
	policy.Bindings[1].Condition.Expression = "false"
	policy.AuditConfigs[0].AuditLogConfigs[0].ExemptedMembers[0] = identity.ParseMember("allUsers")
	policy.AuditConfigs[0].AuditLogConfigs[0].LogType = "DATA_WRITE"
	policy.AuditConfigs[0].Service = "other"
	add[1].Members[0], nights.Expression = identity.ParseMember("allUsers"), "false"
	if diff := cmp.Diff(want.Bindings, merged.Bindings); diff != "" {
		t.Errorf("the bindings follow the arguments:\n%s", diff)
	}
	if diff := cmp.Diff(read().AuditConfigs, merged.AuditConfigs); diff != "" {
		t.Errorf("the audit configuration follows the argument:\n%s", diff)
	}
	if got := merged.Bindings[0].Members; len(got) != 2 || got[0] != members("user:alice@example.com")[0] || got[1] != members("user:dave@example.com")[0] {
		t.Errorf("the first binding has %v", got)
	}
	if merged.Bindings[1].Condition.Expression != "true" || merged.Bindings[4].Condition.Expression != "true" {
		t.Errorf("conditions follow the arguments: %+v", merged.Bindings)
	}
}

func TestMergeVersions(t *testing.T) {
	for _, version := range []int32{0, 1, 3} {
		policy := gcp.Policy{Version: version, Etag: "ACAB"}
		plain, err := gcp.Merge(policy, gcp.Binding{Role: "roles/a", Members: members("user:a@example.com")})
		if err != nil || plain.Version != version {
			t.Errorf("version %d became %d, error %v", version, plain.Version, err)
		}
		withCondition, err := gcp.Merge(policy, gcp.Binding{Role: "roles/a", Members: members("user:a@example.com"), Condition: onCondition("c")})
		if err != nil || withCondition.Version != 3 {
			t.Errorf("version %d became %d with a condition, error %v", version, withCondition.Version, err)
		}
	}
}

func TestMergeRefuses(t *testing.T) {
	nothing := func(*gcp.Policy, *gcp.Binding) {}
	crowd := func(n int, format string) []identity.Member {
		var out []identity.Member
		for i := range n {
			out = append(out, identity.ParseMember(fmt.Sprintf(format, i)))
		}
		return out
	}
	tests := map[string]struct {
		edit func(*gcp.Policy, *gcp.Binding)
		want []string
	}{
		"nothing": {edit: nothing},
		"the zero policy and the zero binding": {
			edit: func(p *gcp.Policy, b *gcp.Binding) { *p, *b = gcp.Policy{}, gcp.Binding{} },
			want: []string{"add[0].members", "add[0].role", "etag"},
		},
		"a version that is none": {edit: func(p *gcp.Policy, _ *gcp.Binding) { p.Version = 2 }, want: []string{"bindings[1].condition", "version"}},
		"a later version":        {edit: func(p *gcp.Policy, _ *gcp.Binding) { p.Version = 4 }, want: []string{"version"}},
		"hidden conditions": {
			edit: func(p *gcp.Policy, _ *gcp.Binding) {
				*p = gcp.Policy{Etag: "ACAB", Version: 1, Bindings: []gcp.Binding{{Role: "roles/a"}, {Role: "roles/a_withcond_0123456789abcdef0123"}}}
			},
			want: []string{"bindings[1].role"},
		},
		"a role of one's own that looks so": {edit: func(p *gcp.Policy, _ *gcp.Binding) { p.Bindings[0].Role = "projects/my-project/roles/a_withcond_b" }},
		"no role":                           {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Role = "cloudsql.client" }, want: []string{"add[0].role"}},
		"a role in a folder":                {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Role = "folders/1/roles/x" }, want: []string{"add[0].role"}},
		"a custom role":                     {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Role = "projects/my-project/roles/staging_Reader.2" }},
		"a hidden condition to be":          {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Role = "roles/a_withcond_0123" }, want: []string{"add[0].role"}},
		"members of no known form":          {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Members = members("alice@example.com", "allUsers", "") }, want: []string{"add[0].members[0]", "add[0].members[2]"}},
		"a member made by hand":             {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Members = []identity.Member{{Kind: identity.UserMember}} }, want: []string{"add[0].members[0]"}},
		"a deleted member":                  {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Members = members("deleted:user:a@example.com?uid=1") }, want: []string{"add[0].members[0]"}},
		"an empty condition":                {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Condition = &gcp.Condition{} }, want: []string{"add[0].condition.expression", "add[0].condition.title"}},
		"a condition on a basic role":       {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Role, b.Condition = "roles/viewer", onCondition("c") }, want: []string{"add[0].condition"}},
		"a condition for everyone":          {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Members, b.Condition = members("allUsers"), onCondition("c") }, want: []string{"add[0].condition"}},
		"1,500 members":                     {edit: func(p *gcp.Policy, _ *gcp.Binding) { p.Bindings[0].Members = crowd(1495, "user:u%d@example.com") }},
		"1,501 members":                     {edit: func(p *gcp.Policy, _ *gcp.Binding) { p.Bindings[0].Members = crowd(1496, "user:u%d@example.com") }, want: []string{"bindings"}},
		"too many, but none added": {edit: func(p *gcp.Policy, b *gcp.Binding) {
			p.Bindings[0].Members = crowd(2000, "user:u%d@example.com")
			b.Members = p.Bindings[0].Members[:1]
		}},
		"250 groups": {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Members = crowd(250, "group:g%d@example.com") }},
		"251 groups": {edit: func(_ *gcp.Policy, b *gcp.Binding) { b.Members = crowd(251, "group:g%d@example.com") }, want: []string{"bindings"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			policy, binding := read(), gcp.Binding{Role: "roles/a", Members: members("user:dave@example.com")}
			tt.edit(&policy, &binding)
			_, err := gcp.Merge(policy, binding)
			if diff := cmp.Diff(tt.want, fields(t, err)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := gcp.Merge(read()); fields(t, err)[0] != "add" {
		t.Errorf("nothing to add: %v", err)
	}
}

// Whatever is merged into whatever, nothing is lost, nothing moves, and what was
// asked for is there.
func TestMergeOnlyAdds(t *testing.T) {
	known := []string{"user:a@example.com", "user:A@example.com", "group:b@example.com"}
	bindings := bindingsOf(rapid.SampledFrom(append(known, "allUsers", "x")))
	additions := bindingsOf(rapid.SampledFrom(known))
	rapid.Check(t, func(t *rapid.T) {
		policy := gcp.Policy{Version: 3, Etag: "ACAB", Bindings: rapid.SliceOfN(bindings, 0, 5).Draw(t, "bindings")}
		add := rapid.SliceOfN(additions, 1, 4).Draw(t, "add")
		merged, err := gcp.Merge(policy, add...)
		if err != nil {
			t.Fatal(err)
		}
		for i, binding := range policy.Bindings {
			got := merged.Bindings[i]
			got.Members = got.Members[:len(binding.Members)]
			if diff := cmp.Diff(binding, got); diff != "" {
				t.Fatalf("binding %d (-before +after):\n%s", i, diff)
			}
		}
		for _, wanted := range add {
			for _, m := range wanted.Members {
				if !slices.ContainsFunc(merged.Bindings, func(b gcp.Binding) bool {
					return b.Role == wanted.Role && cmp.Equal(b.Condition, wanted.Condition) && slices.ContainsFunc(b.Members, func(has identity.Member) bool {
						return has.Kind == m.Kind && strings.EqualFold(has.String(), m.String())
					})
				}) {
					t.Fatalf("%s has no %s on %v", m, wanted.Role, wanted.Condition)
				}
			}
		}
	})
}

func bindingsOf(texts *rapid.Generator[string]) *rapid.Generator[gcp.Binding] {
	return rapid.Custom(func(t *rapid.T) gcp.Binding {
		out := gcp.Binding{
			Role:    rapid.SampledFrom([]string{"roles/a", "roles/b"}).Draw(t, "role"),
			Members: members(rapid.SliceOfN(texts, 1, 3).Draw(t, "members")...),
		}
		if title := rapid.SampledFrom([]string{"", "c", "d"}).Draw(t, "title"); title != "" {
			out.Condition = onCondition(title)
		}
		return out
	})
}

func fields(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*bulkhead.InvalidError](err)
	if !ok {
		t.Fatalf("%T is no *bulkhead.InvalidError: %v", err, err)
	}
	var out []string
	for _, e := range invalid.Errs {
		out = append(out, e.Field)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
