// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"slices"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// control follows that somebody may give himself everything below a container.
func (w *walk) control(container *resource, path *trail) {
	if w.controlled[container] {
		return
	}
	w.controlled[container] = true
	crossed := false
	for _, t := range container.targets {
		if t.on.kind == projectType && (*t.asks)[0].does == controls {
			w.deploy(t.on, path)
			w.build(t.on, path)
			w.admit(t.on, path)
		}
		switch {
		case t.email != "" && t.asks != nil && (*t.asks)[0].does == becomes:
			w.become(becomes, t, account(t.email), path)
		case t.on.kind == clusterType && (*t.asks)[0].does == entersPods:
			w.enter(t.on, path)
		case slices.ContainsFunc(*t.asks, func(a ask) bool { return a.does == crosses }):
			w.connects[t.on] = true
			if !crossed || path.unsure {
				crossed = true
				w.cross(path.then(), t)
			}
		case rank(t.on.kind) < 3 && (t.on.top || len(t.on.up) == 1):
			w.denialLifts = append(w.denialLifts, lift{t.on, path})
			w.boundaryLifts = append(w.boundaryLifts, lift{t.on, path})
		}
	}
}

// makeKeys follows that somebody makes keys for Cloud Storage of any account of a
// project.
func (w *walk) makeKeys(project *resource, path *trail) {
	if w.keyed[project] {
		return
	}
	w.keyed[project] = true
	for _, email := range w.emails {
		if w.accounts[email].isBelow(project) {
			w.reach(who{part: hmacKeys, email: email}, path)
		}
	}
}

// rewrite follows that somebody may give custom roles whatever permissions he likes.
func (w *walk) rewrite(home *resource, path *trail) {
	if w.reworked[home] {
		return
	}
	w.reworked[home] = !path.unsure
	for _, name := range sortedKeys(w.roles) {
		r := w.roles[name]
		if r.home == "" || w.rewritten[name] != nil || w.find(r.home) != home {
			continue
		}
		w.rewritten[name] = path
		for _, h := range slices.Clone(w.holders[name]) {
			h.through(h.g, w.anyRole, h.lacks, way{rewriting: path})
			h.combine()
		}
	}
}

// enter follows that somebody runs commands in any pod of a cluster, or makes pods.
func (w *walk) enter(cluster *resource, path *trail) {
	if w.entered[cluster] {
		return
	}
	w.entered[cluster] = true
	details := cluster.cluster
	if details == nil {
		w.gain(path.then().unless([]string{"the workload identity pool and the node pools of " + cluster.name}), func(path *trail) {
			w.enterAny(w.find(parentOf(cluster.name)), nil, path)
		})
		return
	}
	if details.Pool != "" {
		like, ok := w.poolOf(details.Pool)
		like.Cluster = addressOf(cluster.name)
		if !ok {
			path = path.then().unless([]string{"the number of the project of the pool " + details.Pool})
		}
		w.gain(path, func(path *trail) { w.everyWorkload(like, path) })
	}
	w.nodes(cluster, identity.Yes, nil, path)
}

// enterAny follows that somebody runs commands in pods of a cluster of a project about
// which nothing is known. It has one of the pools that are not spoken for, and nodes
// with accounts of its project.
func (w *walk) enterAny(project *resource, spokenFor []string, path *trail) {
	for _, pool := range w.poolsNamed() {
		if !slices.Contains(spokenFor, pool.Pool.Name()) {
			w.everyWorkload(pool, path)
		}
	}
	w.everyAccountOf(project, path)
}

// everyAccountOf reaches every service account of a project.
func (w *walk) everyAccountOf(project *resource, path *trail) {
	for _, email := range w.emails {
		if w.accounts[email].isBelow(project) {
			w.reach(account(email), path)
		}
	}
}

// poolOf returns the pool of a name: that of a subject, or of a project of the
// evidence.
func (w *walk) poolOf(name string) (identity.Workload, bool) {
	for _, s := range w.subjects {
		if s.Email == "" && s.Workload.Pool.Name() == name {
			return identity.Workload{Pool: s.Workload.Pool}, true
		}
	}
	project := strings.TrimSuffix(name, poolSuffix)
	if rest, prefix, ok := strings.Cut(project, "."); ok {
		project = prefix + ":" + rest
	}
	pool := identity.Pool{ProjectID: project}
	if r := w.find(projectName(project)); r != nil {
		pool.ProjectNumber = r.number
	}
	return identity.Workload{Pool: pool}, pool.ProjectNumber != 0
}

// poolsNamed returns the pools that grants name.
func (w *walk) poolsNamed() []identity.Workload {
	names := make(map[string]bool)
	for _, g := range w.grants {
		if g.member.Pool != "" {
			names[g.member.Pool] = true
		}
	}
	var out []identity.Workload
	for _, name := range sortedKeys(names) {
		like, _ := w.poolOf(name)
		out = append(out, like)
	}
	return out
}

// everyAccount reaches every service account.
func (w *walk) everyAccount(path *trail) {
	for _, email := range w.emails {
		w.reach(account(email), path)
	}
}

// ownNodes follows that pods have the tokens of the nodes that they are on.
func (w *walk) ownNodes(s Subject) {
	var cluster *resource
	if s.Workload.Cluster != "" {
		cluster = w.find(s.Workload.Cluster)
	}
	if cluster != nil && cluster.cluster != nil {
		w.nodes(cluster, s.HostNetwork, s.NodePools, nil)
		return
	}
	name := "the cluster of namespace " + s.Workload.Namespace
	if s.Workload.Cluster != "" {
		name = canonical(s.Workload.Cluster)
	}
	w.gain((*trail)(nil).then().unless([]string{"the node pools of " + name}), w.everyAccount)
}

// nodes follows that pods of a cluster may have the tokens of their nodes: on those
// without the metadata server of GKE all pods do, and elsewhere those on the host's
// network (GKE documentation, "About Workload Identity Federation for GKE").
func (w *walk) nodes(cluster *resource, hostNetwork identity.Answer, only []string, path *trail) {
	details := cluster.cluster
	if details.Autopilot {
		return
	}
	for _, name := range only {
		if !slices.ContainsFunc(details.NodePools, func(p NodePool) bool { return p.Name == name }) {
			w.gain(path.then().unless([]string{"the node pool " + name + " of " + cluster.name}), w.everyAccount)
		}
	}
	for i, pool := range details.NodePools {
		if len(only) > 0 && !slices.Contains(only, pool.Name) {
			continue
		}
		field := "nodePools[" + strconv.Itoa(i) + "]"
		text, fix := "gives its pods the tokens of "+w.nodeAccount(cluster, pool), "give the node pool workloadMetadataConfig.mode GKE_METADATA, or keep the pods off it"
		var lacks []string
		if !pool.givesTokens(details) {
			if hostNetwork == identity.No {
				continue
			}
			if hostNetwork == identity.Unknown {
				lacks = []string{"whether pods may use the host network of the nodes of " + cluster.name}
			}
			text, fix = text+", if they use the host network", "forbid the host network in the namespace, or keep the pods off the node pool"
		}
		next := path.then(bulkhead.Hop{Object: cluster.ref, Field: field, Text: text}).
			closedBy(bulkhead.Change{Object: cluster.ref, Field: field, Text: fix}).as(NodeAccount).unless(lacks)
		w.asNode(cluster, pool, next)
	}
}

// asNode reaches the account of the nodes of a pool.
func (w *walk) asNode(cluster *resource, pool NodePool, path *trail) {
	if email := w.nodeAccount(cluster, pool); strings.Contains(email, "@") {
		w.gain(path, func(path *trail) { w.reach(account(email), path) })
		return
	}
	w.gain(path.unless([]string{"the number of the project of " + cluster.name}), func(path *trail) {
		for _, email := range w.emails {
			if identity.Email(email).Class() == identity.ComputeDefault {
				w.reach(account(email), path)
			}
		}
	})
}

// nodeAccount returns the address of the account of nodes, or words for it.
func (w *walk) nodeAccount(cluster *resource, pool NodePool) string {
	if pool.ServiceAccount != "" && pool.ServiceAccount != "default" {
		return strings.ToLower(pool.ServiceAccount)
	}
	project := w.find(projectName(projectIn(cluster.name)))
	if project == nil || project.number == 0 {
		return "the default account of Compute Engine"
	}
	return strconv.FormatUint(project.number, 10) + "-compute@developer.gserviceaccount.com"
}

// sharing follows that all clusters of a pool have the same identities: who may make
// namespaces in another one is whoever he likes.
func (w *walk) sharing(s Subject) {
	pool := s.Workload.Pool.Name()
	if !slices.Contains(w.Pools, pool) {
		lacks := []string{"which clusters share the pool " + pool}
		w.gain((*trail)(nil).then().unless(lacks), func(path *trail) { w.everyWorkload(s.Workload, path) })
	}
	own := canonical(s.Workload.Cluster)
	for _, cluster := range w.order {
		if cluster.cluster == nil || cluster.cluster.Pool != pool || cluster.name == own || cluster.cluster.Open == identity.No {
			continue
		}
		hop := bulkhead.Hop{Object: cluster.ref, Text: "shares the pool " + pool + ", and lets namespaces be made that are those of any workload"}
		path := (*trail)(nil).then(hop).closedBy(bulkhead.Change{Object: cluster.ref, Text: "move the cluster to a project of its own, or keep staging from making namespaces in it"}).as(SharedPool)
		if cluster.cluster.Open == identity.Unknown {
			path.unless([]string{"whether staging may make namespaces in " + cluster.name + ", which shares the pool " + pool})
		}
		like := s.Workload
		like.Cluster = addressOf(cluster.name)
		w.gain(path, func(path *trail) { w.everyWorkload(like, path) })
		w.nodes(cluster, identity.Unknown, nil, path)
	}
}

// addressOf returns the address of a cluster as principals write it.
func addressOf(name string) string {
	_, path := split(name)
	return "https://" + containerHost + "/v1/" + path
}
