// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"github.com/watertight-go/watertight/bulkhead"
)

// SubresourceGap is a policy on pods that does not see them resized, or given an
// ephemeral container, although what it judges changes by that.
const SubresourceGap = "guard/subresource-gap"

func subresourceGap(p *bulkhead.Pass) {
	for _, policy := range boundOf(p.Objects) {
		if policy.mutates {
			continue
		}
		var expressions []expression // read where they are needed
		reported := make(map[string]bool)
		for _, m := range policy.matchers() {
			if !m.covers(podRequest()) {
				continue
			}
			resize, ephemeral := podRequest().of("resize", update), podRequest().of("ephemeralcontainers", update)
			if m.covers(resize) && m.covers(ephemeral) {
				continue
			}
			if expressions == nil {
				expressions = policy.deciding()
			}
			object, at := m.at(policy.policy)
			if !reported["resize"] && !m.covers(resize) && judgesResources(expressions) {
				reported["resize"] = true
				p.Reportf(object, at, "match UPDATE of pods/resize",
					"a pod that was let in can be resized to any resources: the policy does not see pods/resize")
			}
			if word, ok := judgesContainers(expressions); ok && !reported["ephemeral"] && !m.covers(ephemeral) {
				reported["ephemeral"] = true
				p.Reportf(object, at, "match UPDATE of pods/ephemeralcontainers",
					"a running pod can be given a container of any %s: the policy does not see pods/ephemeralcontainers", word)
			}
		}
	}
}

// judgesResources reports whether expressions look at the resources of pods or of
// their containers.
func judgesResources(expressions []expression) bool {
	for _, e := range expressions {
		for _, value := range e.Reads {
			for _, path := range value {
				if below, ok := path.Under("object", "spec", "resources"); ok && below != nil {
					return true
				}
			}
		}
	}
	for _, list := range []string{"containers", "initContainers"} {
		fields, _ := containerFields(expressions, list)
		if _, ok := anyIn([]string{"resources"}, fields); ok || mention(expressions, list) && len(fields) == 0 && mention(expressions, "resources") {
			return true
		}
	}
	return false
}

// judgesContainers returns a field that expressions look at in containers and that
// ephemeral containers have too.
func judgesContainers(expressions []expression) (string, bool) {
	for _, list := range containerLists() {
		fields, _ := containerFields(expressions, list)
		if word, ok := anyIn(ofEveryContainer(), fields); ok {
			return word, true
		}
		if len(fields) > 0 || !mention(expressions, list) {
			continue
		}
		for _, word := range ofEveryContainer() {
			if mention(expressions, word) {
				return word, true
			}
		}
	}
	return "", false
}
