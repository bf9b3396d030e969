// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// judgeProject says what is wrong with a project ID, or nothing.
//
// A project ID has 6 to 30 lower-case letters, digits and hyphens, and begins with a
// letter (Google Cloud documentation, "Creating and managing projects"). Projects of
// old domains, and those of sovereign clouds, have a prefix before it:
// "example.com:my-project", "eu0:my-project".
func judgeProject(id string) string {
	prefix, rest, prefixed := strings.Cut(id, ":")
	if !prefixed {
		prefix, rest = "", id
	}
	switch {
	case prefixed && len(validation.IsDNS1123Subdomain(prefix)) > 0:
		return "what stands before the colon is no domain"
	case !isID(rest):
		return "no project ID: 6 to 30 lower-case letters, digits and hyphens, beginning with a letter"
	default:
		return ""
	}
}

// hostOf returns a project ID as it stands in addresses, where the prefix follows:
// "my-project.example.com".
func hostOf(project string) string {
	if prefix, rest, ok := strings.Cut(project, ":"); ok {
		return rest + "." + prefix
	}
	return project
}

// projectOf is the inverse of hostOf.
func projectOf(host string) string {
	if rest, prefix, ok := strings.Cut(host, "."); ok {
		return prefix + ":" + rest
	}
	return host
}

// universeOf returns the prefix that all projects of a sovereign cloud have, such as
// "eu0", or nothing. Domains have a dot.
func universeOf(project string) string {
	if prefix, _, ok := strings.Cut(project, ":"); ok && !strings.Contains(prefix, ".") {
		return prefix
	}
	return ""
}

// isID reports whether a text may be the ID of a project, without a prefix, or of a
// Google service account, which has the same form (google/iam/admin/v1/iam.proto,
// CreateServiceAccountRequest.account_id).
func isID(text string) bool {
	if len(text) < 6 || len(text) > 30 || !strings.Contains(lowerLetters, text[:1]) || strings.HasSuffix(text, "-") {
		return false
	}
	return strings.Trim(text, lowerLetters+digits+"-") == ""
}

const (
	lowerLetters = "abcdefghijklmnopqrstuvwxyz"
	digits       = "0123456789"
)

func isNumber(text string) bool { return text != "" && strings.Trim(text, digits) == "" }
