// SPDX-License-Identifier: Apache-2.0

// Package crossing finds the ways from a namespace to identities of a cloud, for the
// proofs that there is none: what leads where is for the packages of the clouds to say.
package crossing

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// An Edge leads to an identity, from a namespace or from another identity.
type Edge struct {
	Rule    string
	To      string
	Hops    []bulkhead.Hop
	Change  bulkhead.Change
	Missing []string // empty if the edge is certain
}

// A Search gives the edges that lead on from one namespace. Next is asked once about each
// identity of which staging certainly is one, and once more, with all as true, about each
// of which it may be one; certain says of which kind the identity is.
type Search struct {
	Direct []Edge
	Next   func(at string, all, certain bool) []Edge
}

// JudgeFrom returns what is wrong with the namespaces of staging. None is a mistake:
// nothing crosses from nothing.
func JudgeFrom(namespaces []string) field.ErrorList {
	var errs field.ErrorList
	at := field.NewPath("from")
	if len(namespaces) == 0 {
		errs = append(errs, field.Required(at, "no namespace"))
	}
	for i, namespace := range namespaces {
		for _, wrong := range content.IsDNS1123Label(namespace) {
			errs = append(errs, field.Invalid(at.Index(i), namespace, wrong))
		}
	}
	return errs
}

// Prove proves that no namespace leads to any of the identities that are away. It is
// Breached with a shortest path for each pair that a certain one joins, and Undetermined
// if something is missing: what the caller says, and what the other paths lack.
func Prove(from, away []string, search func(namespace string) Search, missing ...string) bulkhead.Proof {
	var breaches []bulkhead.Breach
	for _, namespace := range sorted(from) {
		s := search(namespace)
		certain := s.reached(nil)
		possible := s.reached(certain)
		for _, identity := range sorted(away) {
			if paths := certain[identity]; len(paths) > 0 {
				breaches = append(breaches, paths[0].breach())
				continue
			}
			for _, path := range possible[identity] {
				missing = append(missing, path.lacks()...)
			}
		}
	}
	return bulkhead.NewProof(breaches, sorted(missing))
}

func sorted(texts []string) []string { return slices.Compact(slices.Sorted(slices.Values(texts))) }

// A path is a way from the namespace to an identity.
type path struct {
	before *path
	Edge
}

// reached returns the paths to identities: the shortest to each first, and beside it those
// by its other last edges. It follows certain edges alone, or, if it is told what these
// reach, all.
func (s Search) reached(certain map[string][]*path) map[string][]*path {
	out := make(map[string][]*path)
	var queue []string
	step := func(before *path, edges []Edge) {
		for _, e := range edges {
			if certain == nil && len(e.Missing) > 0 {
				continue
			}
			if len(out[e.To]) == 0 {
				queue = append(queue, e.To)
			}
			out[e.To] = append(out[e.To], &path{before, e})
		}
	}
	for step(nil, s.Direct); len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		step(out[at][0], s.Next(at, certain != nil, certain == nil || len(certain[at]) > 0))
	}
	return out
}

func (p *path) breach() bulkhead.Breach {
	out := bulkhead.Breach{Rule: p.Rule, Change: p.Change}
	for ; p != nil; p = p.before {
		out.Path = append(slices.Clone(p.Hops), out.Path...)
	}
	return out
}

func (p *path) lacks() []string {
	var out []string
	for ; p != nil; p = p.before {
		out = append(out, p.Missing...)
	}
	return out
}
