// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// A Request is what authorizers know of one. With a Path it is about no resource.
type Request struct {
	Verb        string
	Group       string // API group, such as "apps"
	Resource    string // such as "pods"
	Subresource string // such as "exec"
	Namespace   string // empty for what is in none, and for all namespaces
	Name        string // empty where the request has none, as of create and list
	Path        string // such as "/metrics"
}

// allows reports whether a rule allows a request (Kubernetes v1.37,
// plugin/pkg/auth/authorizer/rbac/rbac.go, RuleAllows, and
// pkg/apis/rbac/v1/evaluation_helpers.go).
func allows(rule *rbacv1.PolicyRule, r Request) bool {
	if r.Path != "" {
		return listed(rule.Verbs, r.Verb) && allowsPath(rule.NonResourceURLs, r.Path)
	}
	return listed(rule.Verbs, r.Verb) && listed(rule.APIGroups, r.Group) &&
		allowsResource(rule.Resources, r.Resource, r.Subresource) &&
		(len(rule.ResourceNames) == 0 || slices.Contains(rule.ResourceNames, r.Name))
}

// listed reports whether a list has a word, or the star that stands for all.
func listed(list []string, word string) bool {
	for _, entry := range list {
		if entry == rbacv1.VerbAll || entry == word {
			return true
		}
	}
	return false
}

func allowsResource(list []string, resource, subresource string) bool {
	combined := resource
	if subresource != "" {
		combined += "/" + subresource
	}
	for _, entry := range list {
		if entry == rbacv1.ResourceAll || entry == combined || subresource != "" && entry == "*/"+subresource {
			return true
		}
	}
	return false
}

func allowsPath(list []string, path string) bool {
	for _, entry := range list {
		if entry == rbacv1.NonResourceAll || entry == path ||
			strings.HasSuffix(entry, "*") && strings.HasPrefix(path, strings.TrimRight(entry, "*")) {
			return true
		}
	}
	return false
}
