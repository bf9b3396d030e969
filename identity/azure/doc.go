// SPDX-License-Identifier: Apache-2.0

// Package azure says which managed identities and applications of Azure the pods of a
// namespace can be, from what the Azure command line exports.
//
// An identity has federated credentials, of which each admits the tokens of one issuer
// for one subject. [NoAccess] proves that no pod of staging can be an identity of
// production, or returns the credential that lets it, and what to remove:
//
//	prod, err := azure.ReadIdentity("prod.json", "prod-identity", file) // az identity federated-credential list ...
//	proof, err := azure.NoAccess([]azure.Identity{prod}, azure.Boundary{
//		Issuer: "https://westeurope.oic.prod-aks.azure.com/TENANT/CLUSTER/",
//		From:   []string{"staging"},
//		Away:   []string{"prod-identity"},
//	})
//
// What the evidence does not tell makes the proof Undetermined and is named: a flexible
// credential admits what an expression says, and one that clusters share through an
// identity binding does not say which accounts may use it.
//
// The package talks to nobody.
package azure
