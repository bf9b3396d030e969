// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// A question that proves nothing is refused: the case 57.
func TestNoAccessRefuses(t *testing.T) {
	for name, edit := range map[string]func(*world){
		"no subject":                    func(w *world) { w.subjects = nil },
		"an empty subject":              func(w *world) { w.subjects = []gcp.Subject{{}} },
		"a subject that is two":         func(w *world) { w.subjects[0].Email = stgSA },
		"a namespace without a pool":    func(w *world) { w.subjects[0].Workload.Pool = identity.Pool{} },
		"a pool without a number":       func(w *world) { w.subjects[0].Workload.Pool.ProjectNumber = 0 },
		"a pool without a namespace":    func(w *world) { w.subjects[0].Workload.Namespace = "" },
		"a subject that is no address":  func(w *world) { w.subjects = []gcp.Subject{{Email: "staging"}} },
		"nothing protected":             func(w *world) { w.protected = nil },
		"a protected name that is none": func(w *world) { w.protected = []string{"prod-db"} },
		"no permission":                 func(w *world) { w.permissions = nil },
		"a permission with a star":      func(w *world) { w.permissions = []string{"cloudsql.instances.*"} },
		"a permission that is never asked for on what is protected": func(w *world) { w.permissions = []string{"storage.objects.get"} },
		"a resource without a name":                                 func(w *world) { w.Resources[0].Name = "" },
		"two projects of one number":                                func(w *world) { w.at(shared).Number = 222 },
		"an ancestor that is a number":                              func(w *world) { w.at(shared).Ancestors = []string{"2"} },
		"a deny policy without a name":                              func(w *world) { w.Deny = []gcp.DenyPolicy{{}} },
		"a subject that is protected": func(w *world) {
			w.subjects = append(w.subjects, gcp.Subject{Email: prodSA})
			w.protected, w.permissions = []string{prodName}, []string{"iam.serviceAccounts.getAccessToken"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := sealed()
			edit(w)
			proof, err := w.NoAccess(w.subjects, w.protected, w.permissions...)
			if _, ok := errors.AsType[*bulkhead.InvalidError](err); !ok {
				t.Fatalf("got %v and %v, want an InvalidError", proof.Verdict, err)
			}
			if proof.Verdict == bulkhead.Sealed {
				t.Error("the proof beside the error is Sealed")
			}
		})
	}
}

// What is asked is not changed.
func TestNoAccessKeepsItsArguments(t *testing.T) {
	w := sealed()
	resources, protected := slices.Clone(w.Resources), slices.Clone(w.protected)
	w.prove(t)
	if len(w.Resources) != len(resources) || !slices.Equal(protected, w.protected) {
		t.Error("the arguments were changed")
	}
}
