// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// An effect is what a permission on a target leads to.
type effect int

const (
	crosses       effect = iota // the boundary
	takesOver                   // the target: its holder gives himself what he likes
	controls                    // the same for everything below a container
	becomes                     // a service account
	mayBecome                   // a service account, for services that take its ID tokens
	delegates                   // a service account makes tokens on request
	attaches                    // a service account to something that runs
	runs                        // something, in a project
	commands                    // what runs in a project
	deploys                     // as the agent of deployments of a project
	builds                      // as the account of builds of a project
	admits                      // whom he likes, to the pools of a project
	makesKeys                   // for Cloud Storage, of accounts of a project
	rewrites                    // custom roles that are kept there
	entersPods                  // of a cluster
	mayEnterPods                // of a cluster, with what its Secrets hold or its roles allow
	entersProject               // pods of its clusters, which are not all known
	connects                    // to a Cloud SQL instance, whether the question is about that or not
	liftsDenials
	liftsBoundaries
)

// An ask is a permission on a target that leads to something.
type ask struct {
	permission string
	does       effect
}

// asks is a list of them that several targets have.
type asks []ask

// A target is what a grant may give access to.
type target struct {
	on    *resource
	email string // of a service account
	asks  *asks
	// through leads from the target to what is protected, if it is not protected itself.
	through *link
}

// A link is an entry of an access list that lets whoever may use a view, a routine or
// the views of a dataset read another dataset.
type link struct {
	hop    bulkhead.Hop
	change bulkhead.Change
	next   *link
}

// A planner gives targets to the resources on which grants reach them.
type planner struct {
	*model
	protected map[*resource]bool
	asked     []string
	lists     map[string]*asks // by type
}

// plan gives every resource the targets below it.
func (m *model) plan(protected map[*resource]bool, asked []string) {
	p := planner{model: m, protected: protected, asked: asked, lists: make(map[string]*asks)}
	for _, r := range m.order {
		if protected[r] {
			p.add(&target{on: r, asks: p.protecting(r)})
			p.owners(r)
			p.views(r)
		}
		switch {
		case r.kind == accountType:
			_, email, _ := strings.Cut(r.name, "/serviceAccounts/")
			p.add(&target{on: r, email: email, asks: p.list(accountType, becoming)})
		case rank(r.kind) < 3:
			p.add(&target{on: r, asks: p.list(r.kind, func() asks { return containing(r.kind) })})
			if r.kind == projectType && !r.isWhole() {
				p.add(&target{on: r, asks: p.list("clusters of a project", func() asks { return all(slices.Concat(inCluster(), nearCluster()), entersProject) })})
			}
		case r.kind == clusterType:
			p.add(&target{on: r, asks: p.list(clusterType, func() asks { return append(all(inCluster(), entersPods), all(nearCluster(), mayEnterPods)...) })})
		}
	}
}

func (p *planner) add(t *target) {
	if len(*t.asks) == 0 {
		return
	}
	for _, r := range t.on.up {
		r.targets = append(r.targets, t)
	}
}

func (p *planner) list(key string, of func() asks) *asks {
	if p.lists[key] == nil {
		list := of()
		p.lists[key] = &list
	}
	return p.lists[key]
}

func all(permissions []string, does effect) asks {
	out := make(asks, 0, len(permissions))
	for _, permission := range permissions {
		out = append(out, ask{permission, does})
	}
	return out
}

// protecting returns what crosses the boundary on a protected resource.
func (p *planner) protecting(r *resource) *asks {
	shared := r.instance != nil && r.instance.Shared
	key := "protected " + r.kind
	if shared {
		key += ", shared"
	}
	return p.list(key, func() asks {
		var out asks
		for _, permission := range p.asked {
			byRight := shared && slices.Contains(sharedPermissions(), permission)
			if applies(permission, r.kind) && !byRight {
				out = append(out, ask{permission, crosses})
			}
		}
		if len(out) > 0 && rank(r.kind) == 3 {
			out = append(out, all(ownPolicy(r.kind), takesOver)...)
		}
		if r.kind == instanceType {
			out = append(out, ask{connect, connects})
		}
		return out
	})
}

func becoming() asks {
	return slices.Concat(all(impersonating(), becomes), asks{
		{getOpenIDToken, mayBecome}, {implicitDelegation, delegates}, {actAs, attaches},
	})
}

func containing(kind string) asks {
	out := all(ownPolicy(kind), controls)
	out = append(out, ask{updateRoles, rewrites})
	out = append(out, all(liftingDenials(), liftsDenials)...)
	out = append(out, all(liftingBoundaries(), liftsBoundaries)...)
	if kind == projectType {
		out = append(out, ask{createHMACKeys, makesKeys})
		out = append(out, all(running(), runs)...)
		out = append(out, all(commanding(), commands)...)
		out = append(out, ask{deploy, deploys}, ask{build, builds})
		out = append(out, all(admitting(), admits)...)
	}
	return out
}

// owners adds what a protected resource is in, where it is less than a project: who
// writes the policy of a dataset gives himself its tables.
func (p *planner) owners(r *resource) {
	if len(*p.protecting(r)) == 0 {
		return
	}
	for _, above := range r.up {
		if above != r && rank(above.kind) == 3 && !p.protected[above] {
			p.add(&target{on: above, asks: p.list("owner "+above.kind, func() asks { return all(ownPolicy(above.kind), takesOver) })})
		}
	}
}

// views adds what reads a dataset for whoever may use it, also over several datasets.
func (p *planner) views(protected *resource) {
	if protected.dataset == nil || !slices.ContainsFunc(p.asked, func(a string) bool { return strings.HasPrefix(a, "bigquery.tables.") }) {
		return
	}
	type reading struct {
		r    *resource
		next *link
	}
	seen := map[*resource]bool{protected: true}
	for queue := []reading{{protected, nil}}; len(queue) > 0; queue = queue[1:] {
		r := queue[0].r
		for i, access := range r.dataset.Access {
			name := access.authorizes()
			if name == "" {
				continue
			}
			on := p.find(name)
			l := linkTo(r, on, i, queue[0].next)
			p.add(&target{on: on, through: l, asks: p.list("view "+access.kind(), func() asks { return all(access.uses(), crosses) })})
			home := on
			if on.kind != datasetType {
				home = p.find(parentOf(on.name))
			}
			if home != nil && home.dataset != nil && !seen[home] {
				seen[home] = true
				queue = append(queue, reading{home, l})
			}
		}
	}
}

func linkTo(r, on *resource, i int, next *link) *link {
	field := fmt.Sprintf("access[%d]", i)
	return &link{
		hop:    bulkhead.Hop{Object: r.ref, Field: field, Text: "lets " + on.name + " read it, for whoever may use that"},
		change: bulkhead.Change{Object: r.ref, Field: field, Text: "take " + on.name + " out of the access list of the dataset"},
		next:   next,
	}
}

// authorizes returns the name of what an entry lets read the dataset, or nothing.
func (a DatasetAccess) authorizes() string {
	switch {
	case a.View != nil:
		return datasetName(a.View.ProjectID, a.View.DatasetID) + "/tables/" + a.View.TableID
	case a.Routine != nil:
		return datasetName(a.Routine.ProjectID, a.Routine.DatasetID) + "/routines/" + a.Routine.RoutineID
	case a.Dataset != nil:
		return datasetName(a.Dataset.Dataset.ProjectID, a.Dataset.Dataset.DatasetID)
	default:
		return ""
	}
}

func (a DatasetAccess) kind() string {
	switch {
	case a.View != nil:
		return "view"
	case a.Routine != nil:
		return "routine"
	default:
		return "dataset"
	}
}

// uses returns the permissions with which somebody reads through what an entry
// authorizes, or makes it read something else.
func (a DatasetAccess) uses() []string {
	switch {
	case a.View != nil:
		return []string{"bigquery.tables.getData", "bigquery.tables.update", "bigquery.tables.setIamPolicy", "bigquery.datasets.update"}
	case a.Routine != nil:
		return []string{"bigquery.routines.get", "bigquery.routines.update", "bigquery.datasets.update"}
	default:
		return []string{"bigquery.tables.getData", "bigquery.tables.create", "bigquery.tables.update", "bigquery.datasets.update"}
	}
}

// may reports whether a part of an identity may use a permission.
func (id who) may(a ask) bool {
	switch id.part {
	case delegator:
		return a.does == delegates || a.does == mayBecome || a.does == becomes &&
			a.permission != "iam.serviceAccountKeys.create" && a.permission != "iam.serviceAccounts.setIamPolicy"
	case hmacKeys:
		return strings.HasPrefix(a.permission, "storage.")
	default:
		return true
	}
}

// inPool gives a workload, as it is named somewhere, the pool and cluster of another.
func inPool(named, like identity.Workload) identity.Workload {
	named.Pool, named.Cluster, named.UID = like.Pool, like.Cluster, ""
	return named
}
