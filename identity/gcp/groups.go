// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity"
)

// groups answers who is in a group. Groups may hold groups, also in a circle.
type groups struct {
	members map[string][]identity.Member // direct, by address in lower case
	parents map[string][]string          // of groups, the groups they are in
	of      map[string][]string          // the groups that a member that is no group is in, by its text in lower case
	// unclear has the groups of which some members are not known, and what is not.
	unclear map[string]string
	inside  map[who]map[string]bool // answers
}

func groupsOf(evidence map[string][]identity.Member) *groups {
	g := &groups{
		members: make(map[string][]identity.Member), parents: make(map[string][]string), of: make(map[string][]string),
		unclear: make(map[string]string), inside: make(map[who]map[string]bool),
	}
	for address, members := range evidence {
		name := strings.ToLower(address)
		g.members[name] = append(g.members[name], members...)
	}
	blurs := make(map[string]string)
	blur := func(name, missing string) {
		if kept, ok := blurs[name]; !ok || missing < kept {
			blurs[name] = missing
		}
	}
	for _, name := range slices.Sorted(maps.Keys(g.members)) {
		for _, member := range g.members[name] {
			switch member.Kind {
			case identity.GroupMember:
				if !member.Deleted {
					child := strings.ToLower(member.Name)
					g.parents[child] = append(g.parents[child], name)
				}
			case identity.UserMember, identity.ServiceAccountMember:
				if !member.Deleted {
					g.of[strings.ToLower(member.Name)] = append(g.of[strings.ToLower(member.Name)], name)
				}
			default:
				blur(name, "whether the member "+member.String()+" of group "+name+" is somebody of staging")
			}
		}
	}
	for child := range g.parents {
		if _, known := g.members[child]; !known {
			blur(child, "who is in the group "+child)
		}
	}
	g.spread(blurs)
	return g
}

// spread notes that where not all members of a group are known, neither are those of
// the groups that it is in.
func (g *groups) spread(blurs map[string]string) {
	first := slices.SortedFunc(maps.Keys(blurs), func(a, b string) int { return cmp.Or(strings.Compare(blurs[a], blurs[b]), strings.Compare(a, b)) })
	for _, name := range first {
		for queue := []string{name}; len(queue) > 0; queue = queue[1:] {
			if _, done := g.unclear[queue[0]]; !done {
				g.unclear[queue[0]] = blurs[name]
				queue = append(queue, g.parents[queue[0]]...)
			}
		}
	}
}

// isUnclear reports whether not all members of a group are known.
func (g *groups) isUnclear(name string) bool {
	_, known := g.members[name]
	_, unclear := g.unclear[name]
	return !known || unclear
}

// contains says whether an identity is in a group.
func (g *groups) contains(address string, id who) identity.Match {
	name := strings.ToLower(address)
	if g.all(id)[name] {
		return identity.Match{Answer: identity.Yes, Why: "it is in the group " + name}
	}
	if _, known := g.members[name]; !known {
		return identity.Match{Missing: []string{"who is in the group " + name}}
	}
	if missing, unclear := g.unclear[name]; unclear {
		return identity.Match{Missing: []string{missing}}
	}
	return identity.Match{Answer: identity.No, Why: "it is not in the group " + name}
}

// all returns the groups that an identity is certainly in. A workload has no address
// by which it could be a member.
func (g *groups) all(id who) map[string]bool {
	if id.email == "" {
		return nil
	}
	if in, ok := g.inside[id]; ok {
		return in
	}
	in := make(map[string]bool)
	queue := slices.Clone(g.of[id.email])
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		if !in[next] {
			in[next] = true
			queue = append(queue, g.parents[next]...)
		}
	}
	g.inside[id] = in
	return in
}
