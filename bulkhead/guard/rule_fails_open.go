// SPDX-License-Identifier: Apache-2.0

package guard

import (
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// FailsOpen is a guard that lets a request in when it cannot judge it.
const FailsOpen = "guard/fails-open"

func failsOpen(p *bulkhead.Pass) {
	for _, policy := range policiesOf(p.Objects) {
		if policy.failure != admissionregistrationv1.Ignore {
			continue
		}
		message := "a request on which an expression fails is let in"
		if policy.mutates {
			message = "an object on which a mutation fails is let in as it is"
		}
		p.Reportf(policy.object, field.NewPath("spec", "failurePolicy"), "set it to Fail", "%s", message)
	}
	for _, hook := range guardingWebhooks(p.Objects) {
		if failurePolicy(hook.FailurePolicy) == admissionregistrationv1.Ignore {
			p.Reportf(hook.object, hook.at.Child("failurePolicy"), "set it to Fail",
				"a request for %s is let in while the webhook does not answer", hook.about)
		}
	}
}
