// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"github.com/watertight-go/watertight/bulkhead"
)

// OtherContainers is a policy that judges the containers of pods and not their init
// containers, or not the ephemeral ones that it matches.
const OtherContainers = "guard/other-containers"

func otherContainers(p *bulkhead.Pass) {
	policies := policiesOf(p.Objects)
	elsewhere := make(map[string]int) // how many policies name a list
	for _, policy := range policies {
		for _, list := range containerLists() {
			if !policy.mutates && mention(policy.deciding(), list) {
				elsewhere[list]++
			}
		}
	}
	for _, policy := range policies {
		if policy.mutates {
			continue
		}
		fields, first := containerFields(policy.deciding(), "containers")
		shared := ofEveryContainer()
		word, ok := anyIn(append(shared, "resources"), fields)
		if ok && elsewhere["initContainers"] == 0 {
			p.Reportf(policy.object, first.at, "judge initContainers as well",
				"the %s of init containers is not judged, and they run before the others with the same rights", word)
		}
		ephemeral := covers(policy.match, podRequest().of("ephemeralcontainers", update))
		if word, ok = anyIn(shared, fields); ok && ephemeral && elsewhere["ephemeralContainers"] == 0 {
			p.Reportf(policy.object, first.at, "judge ephemeralContainers as well",
				"the %s of a container that is added to a running pod is not judged, although the policy sees the request", word)
		}
	}
}
