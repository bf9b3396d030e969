// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"github.com/watertight-go/watertight/bulkhead"
)

// OtherContainers is a policy that judges the containers of pods and not their init
// containers, or not the ephemeral ones that it matches.
const OtherContainers = "guard/other-containers"

func otherContainers(p *bulkhead.Pass) {
	var policies []policy
	var read [][]expression            // of each policy
	elsewhere := make(map[string]bool) // the lists that some policy names
	for _, policy := range policiesOf(p.Objects) {
		if policy.mutates {
			continue
		}
		expressions := policy.deciding()
		policies, read = append(policies, policy), append(read, expressions)
		for _, list := range containerLists() {
			elsewhere[list] = elsewhere[list] || mention(expressions, list)
		}
	}
	for i, policy := range policies {
		fields, first := containerFields(read[i], "containers")
		shared := ofEveryContainer()
		word, ok := anyIn(append(shared, "resources"), fields)
		if ok && !elsewhere["initContainers"] {
			p.Reportf(policy.object, first.at, "judge initContainers as well",
				"the %s of init containers is not judged, and they run before the others with the same rights", word)
		}
		ephemeral := policy.covers(podRequest().of("ephemeralcontainers", update))
		if word, ok = anyIn(shared, fields); ok && ephemeral && !elsewhere["ephemeralContainers"] {
			p.Reportf(policy.object, first.at, "judge ephemeralContainers as well",
				"the %s of a container that is added to a running pod is not judged, although the policy sees the request", word)
		}
	}
}
