// SPDX-License-Identifier: Apache-2.0

// Package aws says which roles of AWS the pods of a namespace can have, from what the
// AWS command line exports.
//
// A role has a trust policy, which admits the tokens of a cluster (IAM roles for service
// accounts), EKS on behalf of pods (EKS Pod Identity), or other roles. [NoAssumption]
// proves that no pod of staging can have a role of production in any of these ways, or
// returns the path that it found and what to remove to close it:
//
//	roles, err := aws.ReadRoles("roles.json", file) // aws iam get-account-authorization-details --filter Role
//	proof, err := aws.NoAssumption(aws.Evidence{Roles: roles}, aws.Boundary{
//		Cluster: aws.Cluster{Issuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"},
//		From:    []string{"staging"},
//		Away:    []string{"arn:aws:iam::111122223333:role/prod-backend"},
//	})
//
// Conditions are evaluated as IAM evaluates them, for every account that a namespace
// could have: patterns, sets, keys that are not there. What the evidence does not tell
// makes the proof Undetermined and is named.
//
// [Lint] finds in trust policies what reaches further than it seems to, where no
// boundary is known.
//
// The package talks to nobody.
package aws
