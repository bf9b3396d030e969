// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// NextPodOpen is a namespace in which policies isolate all pods that there are, and
// not the next one, if it has other labels.
const NextPodOpen = "reach/next-pod-open"

func nextPodOpen(p *bulkhead.Pass, s *state) {
	for ns := range s.namespaces {
		for _, d := range []direction{ingress, egress} {
			if len(s.foreign[ns])+len(s.foreignCluster) > 0 || !s.allIsolated(int32(ns), d) {
				continue
			}
			first, subjects := s.isolating(int32(ns), d)
			if labels, _ := escape(subjects); labels != nil {
				p.Reportf(first, field.NewPath("spec", "podSelector"), "add a policy that denies by default: one with an empty podSelector",
					"policies isolate every pod of %s for %s, and a new pod %s %s", s.namespaces[ns].name, d.field(), labelWords(labels), openWords(d))
			}
		}
	}
}

// allIsolated reports whether there are workloads in a namespace, and policies surely
// isolate their pods.
func (s *state) allIsolated(ns int32, d direction) bool {
	found := false
	for _, u := range s.units {
		if u.ns != ns {
			continue
		}
		found = true
		if s.isolates(u.kinds, d) != surely {
			return false
		}
	}
	return found
}

// isolating returns the NetworkPolicies of a namespace that isolate in a direction: the
// first by name, and the selectors of all.
func (s *state) isolating(ns int32, d direction) (*networkingv1.NetworkPolicy, []selector) {
	var first *networkingv1.NetworkPolicy
	var subjects []selector
	for _, p := range s.policies[ns] {
		np, ok := p.obj.(*networkingv1.NetworkPolicy)
		if !ok || !p.governs[d] {
			continue
		}
		if first == nil || cmp.Compare(np.Name, first.Name) < 0 {
			first = np
		}
		subjects = append(subjects, selectorOf(&np.Spec.PodSelector))
	}
	return first, subjects
}

// openWords says what a pod can do that is not isolated.
func openWords(d direction) string {
	if d == egress {
		return "could connect to everything that lets it in"
	}
	return "could be reached by everybody"
}

// labelWords says "without labels" or "labelled app=web".
func labelWords(labels map[string]string) string {
	if len(labels) == 0 {
		return "without labels"
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		parts = append(parts, fmt.Sprintf("%s=%s", key, labels[key]))
	}
	return "labelled " + strings.Join(parts, ",")
}
