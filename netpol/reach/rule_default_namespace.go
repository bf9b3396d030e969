// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// defaultNamespace is DefaultNamespace where other objects do name theirs.
func defaultNamespace(p *bulkhead.Pass) {
	var unnamed []bulkhead.Object
	named := false
	for _, it := range itemsOf(p.Objects) {
		switch {
		case it.ref.Namespace == "":
		case it.obj.GetNamespace() == "":
			unnamed = append(unnamed, it.obj)
		default:
			named = true
		}
	}
	if named && len(unnamed) > 0 {
		p.Reportf(unnamed[0], field.NewPath("metadata", "namespace"), "name the namespace", "%s, while others name theirs", unnamedWords(len(unnamed)))
	}
}
