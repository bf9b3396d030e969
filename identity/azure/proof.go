// SPDX-License-Identifier: Apache-2.0

package azure

import (
	"cmp"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/crossing"
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
	var missing []string
	for _, name := range b.Away {
		if !slices.ContainsFunc(identities, func(i Identity) bool { return i.Name == name }) {
			missing = append(missing, "the federated credentials of "+name)
		}
	}
	return crossing.Prove(b.From, b.Away, func(namespace string) crossing.Search {
		edges := edgesFrom(b.Issuer, namespace, identities)
		return crossing.Search{Direct: edges[""], Next: func(at string, _, _ bool) []crossing.Edge { return edges[at] }}
	}, missing...), nil
}
