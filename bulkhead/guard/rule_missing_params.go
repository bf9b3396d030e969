// SPDX-License-Identifier: Apache-2.0

package guard

import (
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// MissingParams is a binding that lets everything in once its parameters are gone, or
// that gives a policy none although it reads them.
const MissingParams = "guard/missing-params"

func missingParams(p *bulkhead.Pass) {
	at := field.NewPath("spec", "paramRef")
	ignored := make(map[bindingKey]bool)
	for _, policy := range boundOf(p.Objects) {
		for _, b := range policy.bindings {
			if policy.paramKind == nil {
				ignored[bindingKey{b.mutates, b.object.GetName()}] = true
				continue
			}
			if b.paramRef == nil && policy.readsParams() {
				what := "refused"
				if policy.failure == admissionregistrationv1.Ignore {
					what = "let in"
				}
				p.Reportf(b.object, at, "name the parameters", "every request is %s: %s reads params, and the binding gives it none", what, b.policy)
			}
		}
	}
	for _, b := range bindingsOf(p.Objects) {
		if ref := b.paramRef; ref != nil && ref.ParameterNotFoundAction != nil && *ref.ParameterNotFoundAction == admissionregistrationv1.AllowAction &&
			!ignored[bindingKey{b.mutates, b.object.GetName()}] {
			p.Reportf(b.object, at.Child("parameterNotFoundAction"), "set it to Deny", "without its parameters the guard lets everything in")
		}
	}
}

// A bindingKey tells bindings apart.
type bindingKey struct {
	mutates bool
	name    string
}

// readsParams reports whether a policy looks into its parameters, and does not ask
// whether there are any.
func (p policy) readsParams() bool {
	var into bool
	for _, e := range p.all() {
		for _, value := range e.Reads {
			for _, path := range value {
				if path[0] == "params" && len(path) == 1 {
					return false
				}
				into = into || path[0] == "params"
			}
		}
	}
	return into
}
