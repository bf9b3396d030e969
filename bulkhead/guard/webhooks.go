// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A webhook is one that judges objects of Kubernetes itself. One that judges the
// custom resources of its own project guards no boundary, and mutations are none.
type webhook struct {
	*admissionregistrationv1.ValidatingWebhook

	object bulkhead.Object
	at     *field.Path
	about  string // a resource that it judges
}

func guardingWebhooks(objs []bulkhead.Object) []webhook {
	known := builtIn()
	var out []webhook
	for configuration := range bulkhead.Each[*admissionregistrationv1.ValidatingWebhookConfiguration](objs) {
		for i := range configuration.Webhooks {
			hook := &configuration.Webhooks[i]
			if r := slices.IndexFunc(known, func(r served) bool { return judges(hook, r) }); r >= 0 {
				out = append(out, webhook{hook, configuration, field.NewPath("webhooks").Index(i), known[r].plural})
			}
		}
	}
	return out
}

// judges reports whether a webhook looks at new objects of a resource, or at changes.
func judges(hook *admissionregistrationv1.ValidatingWebhook, r served) bool {
	return slices.ContainsFunc(hook.Rules, func(rule admissionregistrationv1.RuleWithOperations) bool {
		return r.request(create).isMatchedBy(rule) || r.request(update).isMatchedBy(rule)
	})
}
