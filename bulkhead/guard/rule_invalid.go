// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/created"
)

// Invalid is what kube-apiserver 1.37 refuses in a new admission policy or binding,
// apart from expressions that do not compile.
const Invalid = "guard/invalid"

func invalid(p *bulkhead.Pass) {
	for policy := range bulkhead.Each[*admissionregistrationv1.ValidatingAdmissionPolicy](p.Objects) {
		p.ReportInvalid(policy, refused(policy.ObjectMeta, invalidValidating(policy)))
	}
	for policy := range bulkhead.Each[*admissionregistrationv1.MutatingAdmissionPolicy](p.Objects) {
		p.ReportInvalid(policy, refused(policy.ObjectMeta, invalidMutating(policy)))
	}
	for binding := range bulkhead.Each[*admissionregistrationv1.ValidatingAdmissionPolicyBinding](p.Objects) {
		p.ReportInvalid(binding, refused(binding.ObjectMeta, invalidValidatingBinding(binding)))
	}
	for binding := range bulkhead.Each[*admissionregistrationv1.MutatingAdmissionPolicyBinding](p.Objects) {
		p.ReportInvalid(binding, refused(binding.ObjectMeta, invalidMutatingBinding(binding)))
	}
}

// refused returns what the API server refuses in the metadata and, as the caller has
// judged it, in the specification. Unlike other groups, this one takes finalizers
// without a domain (pkg/apis/admissionregistration/validation/validation.go), and
// keeps a suffix of names for policies that the server reads from files
// (static_suffix.go; the feature gate ManifestBasedAdmissionControlConfig is on).
func refused(meta metav1.ObjectMeta, spec field.ErrorList) field.ErrorList {
	const ofFiles = ".static.k8s.io"
	at := field.NewPath("metadata")
	meta = created.Metadata(meta)
	meta.Namespace, meta.Generation = "", 1
	errs := apivalidation.ValidateObjectMeta(&meta, false, apivalidation.NameIsDNSSubdomain, at)
	if strings.HasSuffix(meta.Name, ofFiles) {
		errs = append(errs, field.Invalid(at.Child("name"), meta.Name, "names that end in "+ofFiles+" are those of policies in the server's own files"))
	}
	if errs = append(errs, spec...); len(errs) > 0 {
		return errs
	}
	return apivalidation.ValidateObjectMeta(&meta, false, created.PathSegment, at)
}
