// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"
	"strings"

	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// OtherClass is a pod of a priority class that [Classes] does not list.
const OtherClass = "guard/other-class"

// Classes refuses pods whose priority class is none of these, and pods without one.
// What counts is the class that a pod ends up with: one that names none gets the
// global default of the cluster, or what [DefaultClass] sets.
//
// No name, and one that no class can have, is an error of [Enforce].
func Classes(names ...string) Restriction {
	at := field.NewPath("classes")
	r := Restriction{id: OtherClass, about: pods}
	if len(names) == 0 {
		r.errs = append(r.errs, field.Required(at, "without a class no pod could run"))
	}
	for i, name := range names {
		for _, msg := range apivalidation.NameIsDNSSubdomain(name, false) {
			r.errs = append(r.errs, field.Invalid(at.Index(i), name, msg))
		}
	}
	r.statements = []statement{{
		demand:  has{path: fields("priorityClassName"), test: oneOf(slices.Clone(names)), filled: true},
		problem: "the priority class must be one of " + strings.Join(names, ", "),
		fix:     "set spec.priorityClassName",
	}}
	return r
}
