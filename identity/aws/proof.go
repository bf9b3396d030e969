// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/crossing"
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
	var missing []string
	for _, role := range b.Away {
		if _, ok := v.byARN[role]; !ok {
			missing = append(missing, trustOf(role))
		}
	}
	return crossing.Prove(b.From, b.Away, v.search, missing...), nil
}

// search asks about pods of a namespace. Who trusts a whole account is asked once for each
// of which staging certainly has a role: it is all one for the others of the account.
func (v view) search(namespace string) crossing.Search {
	wide := make(map[string]bool) // accounts
	return crossing.Search{Direct: v.edgesOf(namespace), Next: func(at string, all, certain bool) []crossing.Edge {
		out := v.chained(at)
		if account := parseARN(at).account; all && certain && !wide[account] {
			wide[account] = true
			out = append(out, v.trusting(at, trusted{account: account})...)
		}
		return out
	}}
}
