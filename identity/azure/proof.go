// SPDX-License-Identifier: Apache-2.0

package azure

import (
	"cmp"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// FederatedCredential is what a breach is by: a credential that admits an account of
// staging, or an identity that such an account can be.
const FederatedCredential = "azure/federated-credential"

// NoAccess proves that no pod of some namespaces can be any of the protected identities
// by a federated credential, nor through managed identities that applications trust.
//
// It is Breached with a path for each namespace and identity, and what to remove to
// close it; Undetermined where the evidence does not tell; and Sealed otherwise. Any
// account of a namespace counts, also one that is yet to be made, and any audience that
// a token may have. Secrets and certificates of applications, and the identities of
// nodes, are other questions.
//
// A mistake in the question, such as an empty side, is a [*bulkhead.InvalidError].
func NoAccess(identities []Identity, b Boundary) (bulkhead.Proof, error) {
	if err := b.judge(identities); err != nil {
		return bulkhead.Proof{}, err
	}
	identities = slices.Clone(identities)
	slices.SortFunc(identities, func(a, b Identity) int { return cmp.Compare(a.Name, b.Name) })
	namespaces, away := slices.Compact(slices.Sorted(slices.Values(b.From))), slices.Compact(slices.Sorted(slices.Values(b.Away)))
	var breaches []bulkhead.Breach
	var missing []string
	for _, name := range away {
		if !slices.ContainsFunc(identities, func(i Identity) bool { return i.Name == name }) {
			missing = append(missing, "the federated credentials of "+name)
		}
	}
	for _, namespace := range namespaces {
		edges := edgesFrom(b.Issuer, namespace, identities)
		certain, possible := reached(edges, true), reached(edges, false)
		for _, name := range away {
			if paths := certain[name]; len(paths) > 0 {
				breaches = append(breaches, paths[0].breach())
				continue
			}
			for _, path := range possible[name] {
				missing = append(missing, path.lacks()...)
			}
		}
	}
	return bulkhead.NewProof(breaches, slices.Compact(slices.Sorted(slices.Values(missing)))), nil
}

// An edge leads to an identity: from the namespace, or from a managed identity that an
// application trusts.
type edge struct {
	from, to string
	hop      bulkhead.Hop
	change   bulkhead.Change
	missing  []string // empty if the edge is certain
}

// A path is a way from the namespace to an identity.
type path struct {
	before *path
	edge
}

// reached returns the paths to identities, on certain edges or on all: the shortest to
// each first, and beside it those by its other last edges.
func reached(edges map[string][]edge, certain bool) map[string][]*path {
	out := make(map[string][]*path)
	queue := []*path{nil}
	for ; len(queue) > 0; queue = queue[1:] {
		at := ""
		if queue[0] != nil {
			at = queue[0].to
		}
		for _, e := range edges[at] {
			if certain && len(e.missing) > 0 {
				continue
			}
			next := &path{queue[0], e}
			if out[e.to] = append(out[e.to], next); len(out[e.to]) == 1 {
				queue = append(queue, next)
			}
		}
	}
	return out
}

func (p *path) breach() bulkhead.Breach {
	out := bulkhead.Breach{Rule: FederatedCredential, Change: p.change}
	for ; p != nil; p = p.before {
		out.Path = append([]bulkhead.Hop{p.hop}, out.Path...)
	}
	return out
}

func (p *path) lacks() []string {
	var out []string
	for ; p != nil; p = p.before {
		out = append(out, p.missing...)
	}
	return out
}
