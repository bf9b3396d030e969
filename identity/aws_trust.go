// SPDX-License-Identifier: Apache-2.0

package identity

// A TrustStatement is a statement of the trust policy of an AWS role, in the JSON of
// IAM (AWS documentation, "IAM JSON policy element reference").
type TrustStatement struct {
	Effect    string         `json:"Effect"`
	Principal TrustPrincipal `json:"Principal"`
	Action    []string       `json:"Action"`
	Condition TrustCondition `json:"Condition"`
}

// A TrustPrincipal is who may assume a role: a provider of identities, or a service
// of AWS.
type TrustPrincipal struct {
	Federated string `json:"Federated,omitempty"`
	Service   string `json:"Service,omitempty"`
}

// A TrustCondition narrows a statement. It has exact comparisons only, of which all
// must hold: patterns admit what they were not meant for, as
// system:serviceaccount:prod*:app admits the namespace prod-staging.
type TrustCondition struct {
	StringEquals map[string]string `json:"StringEquals"`
}

const allow = "Allow"
