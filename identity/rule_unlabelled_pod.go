// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// UnlabelledPod is a workload whose account names an Azure identity and whose pods
// lack the label without which they do not get it.
const UnlabelledPod = "identity/unlabelled-pod"

func unlabelledPod(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	if n.mutators {
		return // which may add the label
	}
	for _, home := range n.homes {
		for _, w := range home.workloads {
			account := home.accounts[accountNameOf(w.Spec)]
			if w.Owned || account == nil || account.Name == defaultAccount || account.Annotations[AzureClientAnnotation] == "" ||
				w.Labels[AzureUseLabel] == "true" {
				continue
			}
			p.Reportf(w.Object, podLabels(w), "label the pods "+AzureUseLabel+`: "true"`,
				"the pods lack the label %s: \"true\", so they get no token for the Azure identity that %s names", AzureUseLabel, account.Name)
		}
	}
}

// podLabels returns where a workload has the labels of its pods.
func podLabels(w workload.Workload) *field.Path {
	if template, ok := strings.CutSuffix(w.Path.String(), ".spec"); ok {
		return field.NewPath(template).Child("metadata", "labels")
	}
	return field.NewPath("metadata", "labels")
}
