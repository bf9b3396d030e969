// SPDX-License-Identifier: Apache-2.0

package gcp

// An Instance is a Cloud SQL instance and its users, as gcloud sql instances describe
// and gcloud sql users list print them (Cloud SQL Admin API v1), and what was found out
// about it elsewhere.
type Instance struct {
	DatabaseVersion string           `json:"databaseVersion,omitempty"`
	Settings        InstanceSettings `json:"settings"`
	// Users are all users. If there are none, they are not known.
	Users []DatabaseUser `json:"-"`

	// Shared says that both sides have databases on the instance, so that staging may
	// connect to it and log in. IAM does not see databases.
	Shared bool `json:"-"`
	// OwnUsers are the users of a shared instance that staging logs in as.
	OwnUsers []string `json:"-"`
	// GrantsSealed says that a proof about the grants inside the databases shows that
	// the own users do not reach production's.
	GrantsSealed bool `json:"-"`
	// Unreachable says that a proof about the network shows no path from staging's pods
	// to an address of the instance.
	Unreachable bool `json:"-"`
	// PasswordKnown says that a password of the instance's users was found in staging.
	PasswordKnown bool `json:"-"`
}

// InstanceSettings is the part of an instance's settings that decides.
type InstanceSettings struct {
	// ConnectorEnforcement is REQUIRED if direct connections are refused, so that IAM
	// is asked about every one.
	ConnectorEnforcement string `json:"connectorEnforcement,omitempty"`
}

// A DatabaseUser is a user of an instance.
type DatabaseUser struct {
	Name string `json:"name"`
	// Type is BUILT_IN, or empty, for a user with a password, and that of an identity
	// of Google otherwise.
	Type          string   `json:"type,omitempty"`
	DatabaseRoles []string `json:"databaseRoles,omitempty"`
}
