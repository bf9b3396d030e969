// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"
	"strings"

	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Guard holds the admission policies of one namespace, each with its binding. Nil
// stands where no restriction speaks of such objects.
type Guard struct {
	Pods            *Admission // also when they are resized, and given containers for debugging
	Templates       *Admission // pod templates of workloads
	Services        *Admission
	ServiceAccounts *Admission
	Keepers         *Admission // who may change what guards the namespace

	namespace    string
	restrictions []Restriction
}

// Objects returns the objects in the order in which they are applied.
func (g *Guard) Objects() []bulkhead.Object {
	return slices.Concat(g.Pods.Objects(), g.Templates.Objects(), g.Services.Objects(), g.ServiceAccounts.Objects(), g.Keepers.Objects())
}

// Enforce returns the admission policies that refuse in a namespace what the
// restrictions refuse. The rules of the Guard find the same in manifests.
//
// The policies are named after the namespace: staging.pods, staging.templates,
// staging.services, staging.service-accounts, staging.keepers. They select it by the
// label kubernetes.io/metadata.name, which nobody can change, and refuse what they
// fail to judge.
//
// No restriction, one that is given twice, and what is wrong with the arguments of
// each is an error: all of it, in one [*bulkhead.InvalidError].
func Enforce(namespace string, restrictions ...Restriction) (*Guard, error) {
	errs := invalidNamespace(namespace)
	at := field.NewPath("restrictions")
	if len(restrictions) == 0 {
		errs = append(errs, field.Required(at, "nothing would be refused"))
	}
	seen := make(map[string]bool)
	for i, r := range restrictions {
		switch at := at.Index(i); {
		case r.about == nothing:
			errs = append(errs, field.Required(at, "the zero Restriction refuses nothing"))
		case seen[r.id]:
			errs = append(errs, field.Duplicate(at, strings.TrimPrefix(r.id, "guard/")))
		}
		seen[r.id] = true
		for _, err := range r.errs {
			wrapped := *err
			wrapped.Field = at.Index(i).String() + "." + err.Field
			errs = append(errs, &wrapped)
		}
		for j, keeper := range r.keepers {
			if tenant(keeper, namespace) {
				errs = append(errs, field.Invalid(at.Index(i).Child("keepers").Index(j), keeper.Name, "every pod of the namespace may run as this one"))
			}
		}
	}
	if len(errs) > 0 {
		return nil, &bulkhead.InvalidError{Object: refTo("ValidatingAdmissionPolicy", namespace), Errs: errs}
	}
	about := func(s subject) []Restriction {
		return slices.DeleteFunc(slices.Clone(restrictions), func(r Restriction) bool { return r.about != s })
	}
	return &Guard{
		Pods:            podPolicy(namespace, about(pods)),
		Templates:       templatePolicy(namespace, about(pods)),
		Services:        objectPolicy(namespace, "services", "services", fields("spec"), about(services)),
		ServiceAccounts: objectPolicy(namespace, "service-accounts", "serviceaccounts", fields("metadata", "annotations"), about(serviceAccounts)),
		Keepers:         keeperPolicy(namespace, about(guards)),
		namespace:       namespace,
		restrictions:    slices.Clone(restrictions),
	}, nil
}

// invalidNamespace refuses what is no name of a namespace, and the namespaces of
// Kubernetes itself, whose pods need what a guard refuses.
func invalidNamespace(namespace string) field.ErrorList {
	at := field.NewPath("namespace")
	var errs field.ErrorList
	for _, msg := range apivalidation.ValidateNamespaceName(namespace, false) {
		errs = append(errs, field.Invalid(at, namespace, msg))
	}
	if strings.HasPrefix(namespace, "kube-") {
		errs = append(errs, field.Invalid(at, namespace, "names that begin with kube- are Kubernetes' own"))
	}
	return errs
}
