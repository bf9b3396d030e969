// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Proof is whether the subjects can act on what is protected.
type Proof struct {
	bulkhead.Proof
	// Because names what holds where IAM is not asked: for each Cloud SQL instance what
	// stops somebody who has a password.
	Because []bulkhead.Hop
}

// String gives a line for each part of the proof, as that of [bulkhead.Proof] does, and
// what holds.
func (p Proof) String() string {
	lines := []string{p.Proof.String()}
	for _, hop := range p.Because {
		lines = append(lines, "because: "+hop.String())
	}
	return strings.Join(lines, "\n")
}

// NoAccess proves that no subject has any of the permissions on any of the protected
// resources or on what the evidence has below them, neither itself nor through what it
// can become; or it shows the paths by which one does.
//
// A path is a certain one, the shortest to the grant that it ends in; if all paths have
// more than 100,000 steps together, the longest are left out, and counted in Missing. What it first
// takes from outside of the subjects is what its change takes away, so name the service
// accounts that staging acts as among the subjects. Where a path is possible and
// something is missing to be certain, that is in Missing, and the verdict is no better
// than Undetermined.
//
// It assumes that deny policies and boundaries that are given are in force, that
// service agents of Google do not act for the subjects, and that no key or token of an
// account was handed to them.
//
// An error is a [*bulkhead.InvalidError]: a side is empty or malformed, both overlap, a
// protected resource is one on which none of the permissions is ever asked for, or a
// resource or a deny policy of the evidence has a name that is none.
func (e Evidence) NoAccess(subjects []Subject, protected []string, permissions ...string) (Proof, error) {
	if errs := append(judgeQuestion(subjects, protected, permissions), e.judge()...); len(errs) > 0 {
		return Proof{}, &bulkhead.InvalidError{Object: bulkhead.Ref{Group: iamHost, Kind: "Proof"}, Errs: errs}
	}
	subjects = sortedSubjects(subjects)
	m := newModel(e.about(subjects, protected))
	across := m.protect(protected)
	if errs := m.judgeSides(subjects, protected, permissions); len(errs) > 0 {
		return Proof{}, &bulkhead.InvalidError{Object: bulkhead.Ref{Group: iamHost, Kind: "Proof"}, Errs: errs}
	}
	asked := slices.Compact(slices.Sorted(slices.Values(permissions)))
	m.plan(across, asked)
	w := newWalk(m, subjects)
	if len(w.obscure) > 0 {
		w.glance()
		m.lift(w)
		w = newWalk(m, subjects)
	}
	for w.follow(); m.lift(w); w.follow() {
		w = newWalk(m, subjects)
	}
	proof := Proof{Because: w.passwords(across)}
	proof.Proof = w.proof(across, asked)
	return proof, nil
}

// about adds what a question names to the evidence.
func (e Evidence) about(subjects []Subject, protected []string) Evidence {
	e.Resources = slices.Clone(e.Resources)
	for _, name := range protected {
		e.Resources = append(e.Resources, Resource{Name: name})
	}
	for _, s := range subjects {
		if s.Email == "" {
			e.Resources = append(e.Resources, Resource{Name: projectName(s.Workload.Pool.ProjectID)})
		}
	}
	return e
}

func sortedSubjects(subjects []Subject) []Subject {
	return slices.SortedStableFunc(slices.Values(subjects), compareSubjects)
}

// protect returns the protected resources and everything below them, and notes what
// is not known of what is below.
func (m *model) protect(protected []string) map[*resource]bool {
	across := make(map[*resource]bool)
	for _, name := range protected {
		r := m.find(name)
		if r.isContainer() && !r.isWhole() {
			r.missing = append(r.missing, "the resources below "+r.name+" that have policies of their own")
		}
		for _, below := range m.order {
			if below.isBelow(r) && (below == r || below.kind != accountType) {
				across[below] = true
			}
		}
	}
	return across
}

// lift takes over how policies that hinder are taken away, and reports whether that
// is news.
func (m *model) lift(w *walk) bool {
	news := false
	for _, d := range m.denials {
		for _, l := range w.denialLifts {
			if d.on.isBelow(l.on) && (d.lifted == nil || d.lifted.unsure && !l.path.unsure) {
				d.lifted, news = l.path, true
			}
		}
	}
	for _, l := range w.boundaryLifts {
		if len(m.BoundaryBindings) > 0 && (m.boundariesLifted == nil || m.boundariesLifted.unsure && !l.path.unsure) {
			m.boundariesLifted, news = l.path, true
		}
	}
	return news
}

// proof returns what was found, in order.
func (w *walk) proof(across map[*resource]bool, asked []string) bulkhead.Proof {
	if slices.ContainsFunc(asked, func(p string) bool { return strings.HasPrefix(p, "storage.objects.") }) {
		for r := range across {
			if r.kind == bucketType && (r.bucket == nil || !r.bucket.UniformAccess) {
				w.missing["the access control lists of "+r.name+" and its objects, which count unless uniform bucket-level access is on"] = true
			}
		}
	}
	w.list()
	slices.SortFunc(w.breaches, func(a, b bulkhead.Breach) int {
		return cmp.Or(cmp.Compare(len(a.Path), len(b.Path)), slices.CompareFunc(a.Path, b.Path, compareHops), strings.Compare(a.Rule, b.Rule))
	})
	w.breaches = slices.CompactFunc(w.breaches, func(a, b bulkhead.Breach) bool {
		return a.Rule == b.Rule && a.Change == b.Change && slices.Equal(places(a.Path), places(b.Path))
	})
	return bulkhead.NewProof(w.breaches, sortedKeys(w.missing))
}

// mostHops is how many steps the breaches of a proof have together, so that accounts
// which become each other in a long chain, each with a way across, do not fill the memory.
const mostHops = 100_000

// list makes breaches of paths, the shortest first, and says how many it leaves out.
func (w *walk) list() {
	slices.SortStableFunc(w.crossings, func(a, b *trail) int { return cmp.Compare(a.size, b.size) })
	hops := 0
	for i, path := range w.crossings {
		if hops += path.size; hops > mostHops && i > 0 {
			w.missing[fmt.Sprintf("%d more paths across, which are longer than those that are listed", len(w.crossings)-i)] = true
			return
		}
		w.breaches = append(w.breaches, bulkhead.Breach{Rule: path.rule, Path: path.path(), Change: path.change})
	}
}

func compareSubjects(a, b Subject) int {
	return cmp.Or(
		strings.Compare(string(a.Email), string(b.Email)), strings.Compare(a.Workload.Principal().String(), b.Workload.Principal().String()),
		strings.Compare(a.Workload.Cluster, b.Workload.Cluster), cmp.Compare(a.HostNetwork, b.HostNetwork),
	)
}

func compareHops(a, b bulkhead.Hop) int {
	return cmp.Or(a.Object.Compare(b.Object), strings.Compare(a.Field, b.Field), strings.Compare(a.Text, b.Text))
}

// places returns a path without its texts: accounts of a namespace that go the same
// way are one breach.
func places(path []bulkhead.Hop) []bulkhead.Hop {
	out := slices.Clone(path)
	for i := range out {
		out[i].Text = ""
	}
	return out
}

func judgeQuestion(subjects []Subject, protected, permissions []string) field.ErrorList {
	var errs field.ErrorList
	if len(subjects) == 0 {
		errs = append(errs, field.Required(field.NewPath("subjects"), "no subject; nothing would be proved"))
	}
	errs = append(errs, judgeSubjects(subjects)...)
	if len(protected) == 0 {
		errs = append(errs, field.Required(field.NewPath("protected"), "no resource; nothing would be proved"))
	}
	for i, name := range protected {
		if canonical(name) == "" {
			errs = append(errs, field.Invalid(field.NewPath("protected").Index(i), name, "no full resource name, such as //storage.googleapis.com/BUCKET"))
		}
	}
	if len(permissions) == 0 {
		errs = append(errs, field.Required(field.NewPath("permissions"), "no permission; DataPermissions returns those that give data"))
	}
	for i, permission := range permissions {
		if strings.Count(permission, ".") < 2 || strings.ContainsAny(permission, "/* \t\r\n") {
			errs = append(errs, field.Invalid(field.NewPath("permissions").Index(i), permission, "no permission: SERVICE.RESOURCE.VERB"))
		}
	}
	return errs
}

// judgeSides returns what is wrong with the sides of a question together.
func (m *model) judgeSides(subjects []Subject, protected, permissions []string) field.ErrorList {
	var errs field.ErrorList
	for i, s := range subjects {
		if r := m.find(projectName(s.Workload.Pool.ProjectID)); s.Email == "" && r.number != 0 && r.number != s.Workload.Pool.ProjectNumber {
			errs = append(errs, field.Invalid(field.NewPath("subjects").Index(i).Child("workload", "pool", "projectNumber"), s.Workload.Pool.ProjectNumber,
				fmt.Sprintf("the evidence has %d as the number of %s", r.number, r.name)))
		}
	}
	for i, name := range protected {
		at := field.NewPath("protected").Index(i)
		r := m.find(name)
		if !slices.ContainsFunc(permissions, func(p string) bool { return applies(p, r.kind) }) {
			errs = append(errs, field.Invalid(at, name, "none of the permissions is ever asked for on it"))
		}
		for _, s := range subjects {
			if s.Email != "" && m.accounts[strings.ToLower(string(s.Email))] == r {
				errs = append(errs, field.Invalid(at, name, "is a subject too"))
			}
		}
	}
	return errs
}
