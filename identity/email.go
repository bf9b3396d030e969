// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"
)

// An Email is the address of a Google service account.
type Email string

// An EmailClass says who made a service account, by its address.
type EmailClass int

// The classes of addresses.
const (
	NotServiceAccount EmailClass = iota // no address of a service account, or of none that is known
	UserManaged                         // ID@PROJECT.iam.gserviceaccount.com
	ComputeDefault                      // NUMBER-compute@developer.gserviceaccount.com: the nodes' own, unless they name another
	AppEngineDefault                    // PROJECT@appspot.gserviceaccount.com
	ServiceAgent                        // of a Google service, such as service-NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com
)

// Parts of addresses.
const (
	googleSuffix      = ".gserviceaccount.com"
	userManagedSuffix = ".iam" + googleSuffix
)

// Class tells the class of an address. Case is of no account, as in IAM.
//
// Service agents are told by the names that Google gives them (Google Cloud
// documentation, "Service agents"): a number as ID, service-NUMBER, or a project that
// begins with gcp-sa-, which no user may choose.
func (e Email) Class() EmailClass {
	text := strings.ToLower(string(e))
	id, host, _ := strings.Cut(text, "@")
	switch {
	case host == "developer"+googleSuffix && isNumber(strings.TrimSuffix(id, "-compute")) && !isNumber(id):
		return ComputeDefault
	case host == "appspot"+googleSuffix && judgeProject(projectOf(id)) == "":
		return AppEngineDefault
	case strings.HasSuffix(host, googleSuffix) && isAgent(id, host):
		return ServiceAgent
	}
	project, ok := strings.CutSuffix(host, userManagedSuffix)
	if ok && isID(id) && judgeProject(projectOf(project)) == "" {
		return UserManaged
	}
	return NotServiceAccount
}

func isAgent(id, host string) bool {
	number := strings.TrimPrefix(id, "service-")
	for _, holder := range []string{"org-", "folder-"} {
		number = strings.TrimPrefix(number, holder)
	}
	return isNumber(number) || strings.HasPrefix(host, "gcp-sa-") || strings.HasPrefix(host, "bigquery-encryption.")
}

// project returns the ID of the project of a user-managed account.
func (e Email) project() string {
	_, host, _ := strings.Cut(string(e), "@")
	return projectOf(strings.TrimSuffix(host, userManagedSuffix))
}

// judge says why an address is not that of an account made for one workload, or
// nothing.
func (e Email) judge() string {
	switch e.Class() {
	case ComputeDefault:
		return "the account of nodes, which every workload of the project may hold"
	case AppEngineDefault:
		return "the account of App Engine, which every app and function of the project may hold"
	case ServiceAgent:
		return "the account of a Google service, which acts for the whole project"
	case UserManaged:
		if text := string(e); text != strings.ToLower(text) {
			return "addresses of service accounts are in lower case"
		}
		return ""
	default:
		if kind := ParseMember(string(e)).Kind; kind != UnknownMember {
			return "a member of IAM policies, where the address of a Google service account is needed"
		}
		return "no address of a service account: ID@PROJECT" + userManagedSuffix + ", ID of 6 to 30 lower-case letters, digits and hyphens"
	}
}
