// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"github.com/watertight-go/watertight/identity"
)

// A Policy is an allow policy, as getIamPolicy gives it and as gcloud prints it with
// --format=json (IAM API v1, Policy). Fields that it does not have, such as the
// bindingId of a binding, are not kept.
type Policy struct {
	// Version is 0, 1 or 3. Only a policy of version 3 has conditions.
	Version      int32         `json:"version,omitempty"`
	Bindings     []Binding     `json:"bindings,omitempty"`
	AuditConfigs []AuditConfig `json:"auditConfigs,omitempty"`
	// Etag is as the API gave it, in base64. Whoever writes a policy without it
	// overwrites what others wrote since.
	Etag string `json:"etag,omitempty"`
}

// A Binding gives members a role, on a condition or always.
type Binding struct {
	Role      string            `json:"role,omitempty"`
	Members   []identity.Member `json:"members,omitempty"`
	Condition *Condition        `json:"condition,omitempty"`
}

// A Condition is an expression that must hold for a binding to count.
type Condition struct {
	Expression  string `json:"expression,omitempty"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Location    string `json:"location,omitempty"`
}

// An AuditConfig says what of a service is logged.
type AuditConfig struct {
	Service         string           `json:"service,omitempty"`
	AuditLogConfigs []AuditLogConfig `json:"auditLogConfigs,omitempty"`
}

// An AuditLogConfig has a type of log, such as DATA_READ, and members whose calls are
// left out of it.
type AuditLogConfig struct {
	LogType         string            `json:"logType,omitempty"`
	ExemptedMembers []identity.Member `json:"exemptedMembers,omitempty"`
}

// Bind returns the binding of a grant, to be merged into the policy of the grant's
// resource.
func Bind(grant identity.Grant) Binding {
	return Binding{Role: grant.Role, Members: []identity.Member{grant.Member}}
}
