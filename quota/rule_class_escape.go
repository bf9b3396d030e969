// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// ClassEscape is a quota that refuses priority classes by name, and so lets all
// others through.
const ClassEscape = "quota/class-escape"

func classEscape(p *bulkhead.Pass) {
	for _, home := range neighboursOf(p.Objects).homes {
		if slices.ContainsFunc(home.quotas, func(q *corev1.ResourceQuota) bool { return len(confinedTo(q)) > 0 }) {
			continue
		}
		for _, quota := range home.quotas {
			scopes := counted.Requirements(quota)
			if !refusesPods(quota) || len(scopes) != 1 || scopes[0].ScopeName != corev1.ResourceQuotaScopePriorityClass ||
				scopes[0].Operator != corev1.ScopeSelectorOpIn {
				continue
			}
			p.Reportf(quota, field.NewPath("spec", "scopeSelector", "matchExpressions").Index(0).Child("operator"),
				"write NotIn with the classes that the namespace may use",
				"pods of %s are refused, and those of every other class get through, system-node-critical included", strings.Join(scopes[0].Values, ", "))
		}
	}
}
