// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// TemplatesOnly is a policy on the pod templates of workloads, in a set in which
// nothing judges pods.
const TemplatesOnly = "guard/templates-only"

func templatesOnly(p *bulkhead.Pass) {
	policies := policiesOf(p.Objects)
	onPods := func(policy policy) bool { return !policy.mutates && policy.covers(podRequest()) }
	if slices.ContainsFunc(policies, onPods) {
		return
	}
	for _, hook := range guardingWebhooks(p.Objects) {
		if judges(hook.ValidatingWebhook, served{version: "v1", plural: "pods"}) {
			return
		}
	}
	for _, policy := range policies {
		if policy.mutates || !isOnWorkloads(policy) {
			continue
		}
		if e, ok := readsTemplate(policy.deciding()); ok {
			p.Reportf(policy.object, e.at, "judge pods as well",
				"the same pod is let in by itself, or under another kind of workload: nothing here judges pods")
		}
	}
}

// readsTemplate returns the first expression that looks at a pod template.
func readsTemplate(expressions []expression) (expression, bool) {
	for _, e := range expressions {
		for _, value := range e.Reads {
			for _, path := range value {
				_, template := path.Under("object", "spec", "template", "spec")
				_, job := path.Under("object", "spec", "jobTemplate", "spec", "template", "spec")
				if template || job {
					return e, true
				}
			}
		}
	}
	return expression{}, false
}

func isOnWorkloads(policy policy) bool {
	return slices.ContainsFunc(builtIn(), func(r served) bool {
		return (r.group == "apps" || r.group == "batch") && policy.covers(r.request(create))
	})
}
