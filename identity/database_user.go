// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// longestIdentifier is what PostgreSQL cuts names to, in bytes (NAMEDATALEN - 1).
const longestIdentifier = 63

// PostgreSQLUser returns the user of a Cloud SQL for PostgreSQL instance that a
// Google service account logs in as: its address without .gserviceaccount.com, of at
// most 63 bytes (Cloud SQL documentation, "Manage users with IAM database
// authentication").
//
// Cloud SQL knows users, groups and service accounts, and no workloads (Cloud SQL
// Admin API v1, User.type): who uses [Direct] has no user in a database.
func PostgreSQLUser(email string) (string, error) {
	errs := judgeDatabaseUser(email, field.NewPath("email"))
	user := strings.TrimSuffix(email, googleSuffix)
	if len(errs) == 0 && len(user) > longestIdentifier {
		errs = append(errs, field.Invalid(field.NewPath("email"), email,
			"makes a user of "+strconv.Itoa(len(user))+" bytes, and PostgreSQL has names of at most "+strconv.Itoa(longestIdentifier)))
	}
	if err := refuse(bulkhead.Ref{Group: sqlHost, Kind: "User", Name: user}, errs); err != nil {
		return "", err
	}
	return user, nil
}

// MySQLUsers returns the users of one Cloud SQL for MySQL instance that Google service
// accounts log in as, in the order of their addresses: what stands before the @ (Cloud
// SQL Go Connector, README, "Automatic IAM Database Authentication").
//
// The users of app@staging-project and app@production-project would be the same, so
// name all accounts of an instance in one call: two that share a user are refused.
func MySQLUsers(emails ...string) ([]string, error) {
	var errs field.ErrorList
	at := field.NewPath("emails")
	if len(emails) == 0 {
		errs = append(errs, field.Required(at, "no account"))
	}
	owner := make(map[string]string, len(emails))
	var users []string
	for i, email := range emails {
		if wrong := judgeDatabaseUser(email, at.Index(i)); len(wrong) > 0 {
			errs = append(errs, wrong...)
			continue
		}
		user, _, _ := strings.Cut(email, "@")
		if other, taken := owner[user]; taken {
			errs = append(errs, field.Invalid(at.Index(i), email, "would log in as "+user+", as "+other+" does"))
		}
		owner[user] = email
		users = append(users, user)
	}
	if err := refuse(bulkhead.Ref{Group: sqlHost, Kind: "User"}, errs); err != nil {
		return nil, err
	}
	return users, nil
}

const sqlHost = "sqladmin.googleapis.com"

func judgeDatabaseUser(email string, at *field.Path) field.ErrorList {
	if ParseMember(email).Pool != "" {
		return field.ErrorList{field.Invalid(at, email, "Cloud SQL has users for people, groups and service accounts, not for workloads; let the workload act as a service account")}
	}
	if wrong := Email(email).judge(); wrong != "" {
		return field.ErrorList{field.Invalid(at, email, wrong)}
	}
	return nil
}
