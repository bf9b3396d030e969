// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"cmp"
	"maps"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// A walk follows what grants lead to, nearest first, so that the first path to
// anything is the shortest. What is certain is followed to its end before anything
// that lacks evidence.
type walk struct {
	*model
	subjects []Subject
	queue    []reached
	known    map[who]bool
	later    []gain // what lacks evidence
	second   bool   // it is followed now
	noted    map[noted]bool

	controlled map[*resource]bool
	keyed      map[*resource]bool // projects in which somebody makes keys for Cloud Storage
	connects   map[*resource]bool // instances that somebody may perhaps connect to
	entered    map[*resource]bool
	rewritten  map[string]*trail // custom roles by name
	holders    map[string][]holding
	reworked   map[*resource]bool // homes of roles that are rewritten

	// classes are what grants give to everybody of a standing, and unseen what those may
	// give that nobody has seen.
	classes   map[classKey]*class
	unseen    map[int]*class
	standings map[string]int
	numbers   map[*class]int
	combined  map[string]bool // halves that were
	anyRole   *role
	idles     []idle
	obscure   []*target // targets about whose grants something is missing

	denialLifts   []lift
	boundaryLifts []lift
	crossings     []*trail // that are certain
	breaches      []bulkhead.Breach
	missing       map[string]bool
	matched       map[roleAsks][]matched
}

// A reached is an identity that the side has.
type reached struct {
	id   who
	path *trail
}

// A gain is what a path leads to.
type gain struct {
	path *trail
	do   func(path *trail)
}

// A noted is what is followed only once while it lacks evidence.
type noted struct {
	does effect
	on   *resource
	part part
}

// A holding is a grant of a custom role to somebody who was reached.
type holding struct {
	*visit
	g     *grant
	lacks []string
}

// A lift is a way to take away the policies that are attached below a resource.
type lift struct {
	on   *resource
	path *trail
}

func newWalk(m *model, subjects []Subject) *walk {
	w := &walk{
		model: m, subjects: subjects, known: make(map[who]bool), noted: make(map[noted]bool),
		controlled: make(map[*resource]bool), connects: make(map[*resource]bool), keyed: make(map[*resource]bool), entered: make(map[*resource]bool), rewritten: make(map[string]*trail),
		holders: make(map[string][]holding), reworked: make(map[*resource]bool), classes: make(map[classKey]*class),
		unseen: make(map[int]*class), standings: make(map[string]int), numbers: make(map[*class]int), combined: make(map[string]bool), anyRole: everything(), missing: make(map[string]bool), matched: make(map[roleAsks][]matched),
	}
	for _, r := range m.order {
		for _, t := range r.targets {
			if t.on == r && len(r.missing) > 0 {
				w.obscure = append(w.obscure, t)
			}
		}
	}
	return w
}

// glance follows what the first subject has, and no further. Whoever may have anything
// by policies that nobody has seen takes away what hinders; to know that early saves a
// whole walk.
func (w *walk) glance() {
	w.start()
	if len(w.queue) > 0 {
		w.visit(w.queue[0])
	}
}

// follow begins at the subjects, and follows everything.
func (w *walk) follow() {
	w.start()
	w.visitAll()
	w.second = true
	for len(w.later) > 0 {
		next := w.later[0]
		w.later = w.later[1:]
		next.do(next.path)
		w.visitAll()
	}
}

// start reaches the subjects.
func (w *walk) start() {
	for _, subject := range w.subjects {
		for _, id := range w.begin(subject) {
			w.reach(id, nil)
		}
		w.fleet(subject)
	}
	for _, subject := range w.subjects {
		if subject.Email == "" {
			w.ownNodes(subject)
			w.sharing(subject)
		}
	}
}

func (w *walk) visitAll() {
	for len(w.queue) > 0 {
		next := w.queue[0]
		w.queue = w.queue[1:]
		w.visit(next)
	}
}

// gain follows what a path leads to, or puts it off if it lacks evidence.
func (w *walk) gain(path *trail, do func(path *trail)) {
	if path.unsure && !w.second {
		w.later = append(w.later, gain{path, do})
		return
	}
	do(path)
}

// fleet follows that the cluster of a subject has another pool than the one that the
// subject is given with, as clusters of a fleet may: its pods have an identity in each.
func (w *walk) fleet(s Subject) {
	cluster := w.find(s.Workload.Cluster)
	if cluster == nil || cluster.cluster == nil || cluster.cluster.Pool == "" || cluster.cluster.Pool == s.Workload.Pool.Name() {
		return
	}
	other, known := w.poolOf(cluster.cluster.Pool)
	s.Workload.Pool = other.Pool
	path := (*trail)(nil).then(bulkhead.Hop{Object: cluster.ref, Field: "workloadIdentityConfig.workloadPool", Text: "gives its pods an identity in another pool, too"})
	if !known {
		path.unless([]string{"the number of the project of the pool " + cluster.cluster.Pool})
	}
	w.gain(path, func(path *trail) {
		for _, id := range w.begin(s) {
			w.reach(id, path)
		}
	})
}

// begin returns the identities of a subject: for a namespace each account that is
// named anywhere, and one that stands for all others.
func (w *walk) begin(s Subject) []who {
	if s.Email != "" {
		return []who{account(string(s.Email))}
	}
	if s.Workload.Account != "" {
		return []who{{workload: s.Workload}}
	}
	rest := s.Workload
	rest.Account = anyOther
	out := []who{{workload: rest}}
	for _, named := range w.workloads {
		if named.Namespace == s.Workload.Namespace && named.Account != anyOther {
			out = append(out, who{workload: inPool(named, s.Workload)})
		}
	}
	return out
}

// reach notes that the side has an identity.
func (w *walk) reach(id who, path *trail) {
	if !w.known[id] {
		w.known[id] = true
		w.queue = append(w.queue, reached{id, path})
	}
}

// everyWorkload reaches all workloads of a pool.
func (w *walk) everyWorkload(like identity.Workload, path *trail) {
	spaces := map[string]bool{}
	for _, named := range w.workloads {
		if !spaces[named.Namespace] {
			spaces[named.Namespace] = true
			w.reach(who{workload: inPool(identity.Workload{Namespace: named.Namespace, Account: anyOther}, like)}, path)
		}
		w.reach(who{workload: inPool(named, like)}, path)
	}
	w.reach(who{workload: inPool(identity.Workload{Namespace: anyOther, Account: anyOther}, like)}, path)
}

// grantsOf returns the grants that an identity certainly has, as itself.
func (w *walk) grantsOf(id who) []*grant {
	grants := slices.Clone(w.everyone)
	if id.pools != "" {
		return append(grants, w.byPools[id.pools]...)
	}
	if !id.isWorkload() {
		grants = append(grants, w.byEmail[id.email]...)
		for _, group := range sortedKeys(w.groups.all(id)) {
			grants = append(grants, w.byGroup[group]...)
		}
		return grants
	}
	candidates := [][]*grant{
		w.byAccount[[2]string{id.workload.Namespace, id.workload.Account}], w.bySpace[id.workload.Namespace], w.toMany,
	}
	for _, list := range candidates {
		for _, g := range list {
			if id.matches(g.member).Answer == identity.Yes {
				grants = append(grants, g)
			}
		}
	}
	return grants
}

// perhapsOf returns the grants that an identity may have, with what would tell.
func (w *walk) perhapsOf(id who, yield func(*grant, identity.Match)) {
	for _, g := range w.unclear {
		if match := id.matches(g.member); match.Answer == identity.Unknown {
			yield(g, match)
		}
	}
	for _, group := range w.blurred {
		if match := w.groups.contains(group, id); match.Answer == identity.Unknown {
			for _, g := range w.byGroup[group] {
				yield(g, match)
			}
		}
	}
	if !id.isWorkload() {
		return
	}
	for _, list := range [][]*grant{
		w.byAccount[[2]string{id.workload.Namespace, id.workload.Account}], w.bySpace[id.workload.Namespace], w.toMany,
	} {
		for _, g := range list {
			if match := id.matches(g.member); match.Answer == identity.Unknown {
				yield(g, match)
			}
		}
	}
}

// lack notes what a path needs to be certain. It stops where that was noted before.
func (w *walk) lack(path *trail) {
	for ; path != nil && !path.told; path = path.before {
		path.told = true
		for _, text := range path.lacks {
			w.missing[text] = true
		}
	}
}

// lackAlso notes what is missing at the end of a path, and what the path needs itself.
func (w *walk) lackAlso(path *trail, missing []string) {
	if len(missing) == 0 {
		return
	}
	for _, text := range missing {
		w.missing[text] = true
	}
	w.lack(path)
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
