// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// compile returns nil for a selector that kube-apiserver would refuse; the rule
// Invalid reports it.
func compile(selector *metav1.LabelSelector) labels.Selector {
	out, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return nil
	}
	return out
}

// contradictory reports whether no labels at all match a selector, which the rule
// ContradictorySelector reports.
func contradictory(selector *metav1.LabelSelector) bool {
	asked, _ := space.LabelsOf(selector)
	_, found := asked.Contradiction()
	return found
}

// everyPod reports whether a selector selects every pod.
func everyPod(selector *metav1.LabelSelector) bool {
	return len(selector.MatchLabels) == 0 && len(selector.MatchExpressions) == 0
}
