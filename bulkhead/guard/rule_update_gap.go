// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/celtext"
)

// UpdateGap is a policy that judges objects when they are created and not when they
// are changed, although what it judges can change.
const UpdateGap = "guard/update-gap"

func updateGap(p *bulkhead.Pass) {
	known := builtIn()
	for _, policy := range boundOf(p.Objects) {
		if policy.mutates {
			continue
		}
		var expressions []expression // read where they are needed
		for _, m := range policy.matchers() {
			for _, r := range known {
				if !m.covers(r.request(create)) || m.covers(r.request(update)) {
					continue
				}
				if expressions == nil {
					expressions = policy.deciding()
				}
				if path, ok := changeable(r, expressions); ok {
					object, at := m.at(policy.policy)
					p.Reportf(object, at, "match UPDATE as well",
						"%s of %s that were let in can be changed to anything: updates are not judged", path, r.plural)
					break
				}
			}
		}
	}
}

// changeable returns a field of a resource that expressions look at and that an
// update may change.
func changeable(r served, expressions []expression) (string, bool) {
	for _, e := range expressions {
		for _, value := range e.Reads {
			for _, path := range value {
				below, ok := path.Under("object")
				if ok && len(below) > 1 && walk(r.object, below).missing == "" && isMutable(r, below) {
					return path.String(), true
				}
			}
		}
	}
	return "", false
}

// isMutable reports whether the API server lets an update change a field (Kubernetes
// v1.37, the update validation of each kind in pkg/apis). Of pods it is what other
// requests than resize may change.
func isMutable(r served, path celtext.Path) bool {
	text := path.String() + "."
	under := func(prefixes ...string) bool {
		for _, prefix := range prefixes {
			if strings.HasPrefix(text, prefix+".") || strings.HasPrefix(text, prefix+celtext.Element) {
				return true
			}
		}
		return false
	}
	if path[0] == "metadata" {
		return under("metadata.labels", "metadata.annotations", "metadata.finalizers", "metadata.ownerReferences")
	}
	switch r.plural {
	case "pods":
		return under("spec.containers[].image", "spec.initContainers[].image", "spec.tolerations", "spec.activeDeadlineSeconds")
	case "persistentvolumeclaims":
		return under("spec.resources", "spec.volumeAttributesClassName")
	case "configmaps", "secrets":
		return !under("type")
	case "rolebindings", "clusterrolebindings":
		return !under("roleRef")
	case "priorityclasses":
		return !under("value", "preemptionPolicy")
	case "jobs":
		return under("spec.parallelism", "spec.suspend", "spec.activeDeadlineSeconds", "spec.ttlSecondsAfterFinished")
	case "statefulsets":
		return !under("spec.selector", "spec.serviceName", "spec.volumeClaimTemplates", "spec.podManagementPolicy")
	case "deployments", "daemonsets", "replicasets":
		return !under("spec.selector")
	case "persistentvolumes", "events", "bindings", "ipaddresses", "servicecidrs", "ingressclasses", "controllerrevisions":
		return false
	default:
		return path[0] != "status"
	}
}
