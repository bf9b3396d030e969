// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// An Access is what a [Role] allows on resources of one API group. Verbs and resources
// are named one by one; there is no word for all of them.
type Access struct {
	// Group is the API group, such as "apps"; that of pods and Secrets is empty.
	Group string
	// Resources are named in the plural and in lower case, with the subresource
	// behind a slash: "pods", "pods/log".
	Resources []string
	// Verbs are get, list, watch, create, update, patch, delete, deletecollection.
	Verbs []string
	// Names are those of the objects, if it is not every object of the namespace. A
	// list or watch needs the name in its field selector then.
	Names []string
}

// verbs are those that the API server itself asks about for resources in a namespace
// (k8s.io/apiserver v0.37, pkg/endpoints/request/requestinfo.go).
func verbs() []string {
	return []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"}
}

// judge returns what is wrong with an access.
func (a Access) judge(at *field.Path) field.ErrorList {
	errs := a.judgeGroup(at.Child("group"))
	resources := at.Child("resources")
	if len(a.Resources) == 0 {
		errs = append(errs, field.Required(resources, "no resource"))
	}
	for i, resource := range a.Resources {
		errs = append(errs, judgeResource(resource, resources.Index(i))...)
	}
	if len(a.Verbs) == 0 {
		errs = append(errs, field.Required(at.Child("verbs"), "no verb"))
	}
	for i, verb := range a.Verbs {
		errs = append(errs, a.judgeVerb(verb, at.Child("verbs").Index(i))...)
	}
	for i, name := range a.Names {
		switch name {
		case "":
			errs = append(errs, field.Required(at.Child("names").Index(i), "no name; leave the list out to mean every object"))
		case "*":
			errs = append(errs, field.Invalid(at.Child("names").Index(i), name, "a star is a name like any other; leave the list out to mean every object"))
		}
	}
	return errs
}

func (a Access) judgeGroup(at *field.Path) field.ErrorList {
	switch {
	case a.Group == "":
		return nil
	case strings.Contains(a.Group, "*"):
		return field.ErrorList{field.Invalid(at, a.Group, "a wildcard; name the group")}
	case len(validation.IsDNS1123Subdomain(a.Group)) > 0:
		return field.ErrorList{field.Invalid(at, a.Group, "no API group; write it without the version, and that of pods and Secrets as nothing")}
	default:
		return nil
	}
}

func judgeResource(resource string, at *field.Path) field.ErrorList {
	switch {
	case strings.Contains(resource, "*"):
		return field.ErrorList{field.Invalid(at, resource, "a wildcard; name the resources")}
	case !whole(`[a-z]([-a-z0-9]*[a-z0-9])?(/[a-z]([-a-z0-9]*[a-z0-9])?)?`).MatchString(resource):
		return field.ErrorList{field.Invalid(at, resource, "no resource; they are in the plural and in lower case, such as pods or pods/log")}
	default:
		return nil
	}
}

func (a Access) judgeVerb(verb string, at *field.Path) field.ErrorList {
	switch {
	case strings.Contains(verb, "*"):
		return field.ErrorList{field.Invalid(at, verb, "a wildcard; name the verbs")}
	case verb == "escalate", verb == "bind":
		return field.ErrorList{field.Forbidden(at, verb+" lets its holder give out more than it has")}
	case verb == "impersonate", strings.HasPrefix(verb, "impersonate:"), strings.HasPrefix(verb, "impersonate-on:"):
		return field.ErrorList{field.Forbidden(at, verb+" lets its holder be someone else")}
	case !slices.Contains(verbs(), verb):
		return field.ErrorList{field.NotSupported(at, verb, verbs())}
	case len(a.Names) == 0:
		return nil
	case verb == "deletecollection":
		return field.ErrorList{field.Invalid(at, verb, "is asked for all objects, never for one by its name; with names it grants nothing")}
	case verb == "create" && slices.ContainsFunc(a.Resources, isWhole):
		return field.ErrorList{field.Invalid(at, verb, "is asked before the object has a name; with names it grants nothing")}
	default:
		return nil
	}
}

// isWhole reports whether a resource is no subresource. The object of a subresource
// exists, so that a create of serviceaccounts/token has its name.
func isWhole(resource string) bool { return !strings.Contains(resource, "/") }

// rule returns the access as RBAC has it.
func (a Access) rule() rbacv1.PolicyRule {
	return rbacv1.PolicyRule{
		APIGroups:     []string{a.Group},
		Resources:     slices.Clone(a.Resources),
		Verbs:         slices.Clone(a.Verbs),
		ResourceNames: slices.Clone(a.Names),
	}
}
