// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// large is a world with many bindings: accounts that make tokens of each other in a
// long chain, viewers, conditions, groups and people, over a hundred projects.
func large(bindings int) *world {
	w := sealed()
	w.Conditions = decides{"holds": always(identity.Yes), "fails": always(identity.No)}
	w.Groups = make(map[string][]identity.Member)
	entries := make(map[string]*gcp.Resource)
	entry := func(name string) *gcp.Resource {
		if entries[name] == nil {
			entries[name] = &gcp.Resource{Name: name, Policy: &gcp.Policy{Version: 3}}
		}
		return entries[name]
	}
	bind := func(name, role, member, condition string) {
		b := gcp.Binding{Role: role, Members: []identity.Member{identity.ParseMember(member)}}
		if condition != "" {
			b.Condition = &gcp.Condition{Title: "t", Expression: condition}
		}
		r := entry(name)
		r.Policy.Bindings = append(r.Policy.Bindings, b)
	}
	previous := stgSA
	for i := range bindings / 5 {
		project := fmt.Sprintf("project-%d", i%100)
		email := fmt.Sprintf("account-%d@%s.iam.gserviceaccount.com", i, project)
		name := "//cloudresourcemanager.googleapis.com/projects/" + project
		entry(name).Ancestors = []string{folder}
		bind("//iam.googleapis.com/projects/"+project+"/serviceAccounts/"+email, tokenCreator, "serviceAccount:"+previous, "")
		bind(name, "roles/viewer", "serviceAccount:"+email, "")
		bind(name, sqlClient, fmt.Sprintf("group:team-%d@example.com", i), "")
		bind(name, sqlClient, fmt.Sprintf("principal://%s/subject/ns/team-%d/sa/app", poolPath, i), "holds")
		bind(name, "roles/iam.serviceAccountUser", fmt.Sprintf("user:person-%d@example.com", i), "fails")
		w.Groups[fmt.Sprintf("team-%d@example.com", i)] = []identity.Member{identity.ParseMember("serviceAccount:" + email)}
		previous = email
	}
	for _, r := range entries {
		w.Resources = append(w.Resources, *r)
	}
	w.bind(prodData, sqlClient, "serviceAccount:"+previous)
	return w
}

func BenchmarkNoAccess(b *testing.B) {
	worlds := map[string]func(*world){
		"complete": func(*world) {},
		"without the organization's policy, with a deny policy": func(w *world) {
			w.at(org).Policy = nil
			policy, _ := gcp.DenySubjects(org, "d", []gcp.Subject{{Email: "somebody@else-where.iam.gserviceaccount.com"}}, "iam.roles.create")
			w.Deny = []gcp.DenyPolicy{policy}
		},
	}
	for _, n := range []int{1000, 10_000, 50_000} {
		for _, name := range slices.Sorted(maps.Keys(worlds)) {
			b.Run(fmt.Sprintf("%s/bindings=%d", name, n), func(b *testing.B) {
				w := large(n)
				worlds[name](w)
				b.ReportAllocs()
				for b.Loop() {
					if got := w.prove(b); got.Verdict != bulkhead.Breached || len(got.Breaches[0].Path) != n/5+2 {
						b.Fatalf("%v", got.Verdict)
					}
				}
			})
		}
	}
}
