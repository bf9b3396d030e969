// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// NoAssumption proves that no pod of some namespaces can have any of the protected
// roles: not with the tokens of the cluster (IAM roles for service accounts), not
// through EKS Pod Identity, and not through other roles that it can have.
//
// It is Breached with a path for each namespace and role, and what to remove to close
// it; Undetermined where the evidence does not tell, such as a trust policy that is not
// there or trusts a whole account; and Sealed otherwise. Any account of a namespace
// counts, also one that is yet to be made, and any audience that a token may have.
//
// It takes pods for what they are through the cluster. What the node of a pod is to
// AWS, keys in Secrets, and who may change roles and associations are other questions.
//
// A mistake in the question, such as an empty side, is a [*bulkhead.InvalidError].
func NoAssumption(e Evidence, b Boundary) (bulkhead.Proof, error) {
	if err := b.judge(e); err != nil {
		return bulkhead.Proof{}, err
	}
	v := viewOf(e.sorted(), b.Cluster)
	namespaces, roles := slices.Compact(slices.Sorted(slices.Values(b.From))), slices.Compact(slices.Sorted(slices.Values(b.Away)))
	var breaches []bulkhead.Breach
	var missing []string
	for _, role := range roles {
		if _, ok := v.byARN[role]; !ok {
			missing = append(missing, trustOf(role))
		}
	}
	for _, namespace := range namespaces {
		direct := v.edgesOf(namespace)
		certain := v.reached(direct, nil)
		possible := v.reached(direct, certain)
		for _, role := range roles {
			if paths := certain[role]; len(paths) > 0 {
				breaches = append(breaches, paths[0].breach())
				continue
			}
			for _, path := range possible[role] {
				missing = append(missing, path.lacks()...)
			}
		}
	}
	return bulkhead.NewProof(breaches, slices.Compact(slices.Sorted(slices.Values(missing)))), nil
}

// A path is a way from a namespace to a role.
type path struct {
	before *path
	edge
}

// reached returns the paths to roles: the shortest to each first, and beside it those
// by its other last edges. It follows certain edges alone, or, if it is told what these
// reach, all.
func (v view) reached(direct []edge, certain map[string][]*path) map[string][]*path {
	out := make(map[string][]*path)
	var queue []string
	step := func(before *path, edges []edge) {
		for _, e := range edges {
			if certain == nil && len(e.missing) > 0 {
				continue
			}
			if len(out[e.to]) == 0 {
				queue = append(queue, e.to)
			}
			out[e.to] = append(out[e.to], &path{before, e})
		}
	}
	wide := make(map[string]bool) // accounts of which it was asked who trusts them as a whole
	for step(nil, direct); len(queue) > 0; queue = queue[1:] {
		from := out[queue[0]][0]
		step(from, v.chained(from.to))
		if account := parseARN(from.to).account; len(certain[from.to]) > 0 && !wide[account] {
			wide[account] = true
			step(from, v.trusting(from.to, trusted{account: account}))
		}
	}
	return out
}

func (p *path) breach() bulkhead.Breach {
	out := bulkhead.Breach{Rule: p.rule, Change: p.change}
	for ; p != nil; p = p.before {
		out.Path = append(slices.Clone(p.hops), out.Path...)
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
