// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// TenantParams is a guard whose parameters are in the namespace that it guards, where
// those whom it binds may edit them.
const TenantParams = "guard/tenant-params"

func tenantParams(p *bulkhead.Pass) {
	for _, policy := range boundOf(p.Objects) {
		kind := policy.paramKind
		if kind == nil || kind.APIVersion != "v1" || kind.Kind != "ConfigMap" && kind.Kind != "Secret" {
			continue // whose objects the role edit does not cover
		}
		for _, b := range policy.bindings {
			if b.paramRef == nil || policy.mutates {
				continue
			}
			at := field.NewPath("spec", "paramRef", "namespace")
			asked, ok := namesAskedFor(policy.policy, b)
			switch {
			case b.paramRef.Namespace == "":
				p.Reportf(b.object, at, "name a namespace that only administrators write to",
					"whoever may edit a %s in a namespace decides what is judged there: the parameters are those of the request's own namespace", kind.Kind)
			case ok && asked[b.paramRef.Namespace]:
				p.Reportf(b.object, at, "keep the parameters in another namespace",
					"whoever may edit a %s in %s decides what is judged there: the parameters are in the namespace itself", kind.Kind, b.paramRef.Namespace)
			}
		}
	}
}
