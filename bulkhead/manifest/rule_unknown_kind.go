// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// unknownKind reports kinds that a group of Kubernetes does not have. They are
// read as custom resources, which other rules pass over. It needs no text.
func unknownKind(p *bulkhead.Pass) {
	for _, obj := range p.Objects {
		u, ok := obj.(*unstructured.Unstructured)
		if !ok {
			continue
		}
		apiVersion, kind := u.GetAPIVersion(), u.GetKind()
		kinds := servedKinds(apiVersion)
		switch {
		case slices.Contains(kinds, kind):
		case kinds != nil:
			fix := "correct the kind or the apiVersion"
			if near := nearest(kinds, kind); near != "" {
				fix = "write " + near
			} else if version := versionOf(kind); version != "" {
				fix = "write apiVersion: " + version
			}
			p.Reportf(obj, field.NewPath("kind"), fix, "%s has no kind %s", apiVersion, kind)
		case isRemoved(apiVersion):
			fix := "use a version that is served"
			if version := versionOf(kind); version != "" {
				fix = "write " + version
			}
			p.Reportf(obj, field.NewPath("apiVersion"), fix, "Kubernetes 1.37 does not serve %s", apiVersion)
		}
	}
}
