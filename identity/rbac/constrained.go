// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"maps"
	"slices"
	"strings"
)

// Constrained impersonation is on since v1.36, and was there in v1.35: whoever has the
// verb impersonate:MODE on somebody may send, in his name, requests for whose verb it
// has impersonate-on:MODE:VERB, if he may send them (k8s.io/apiserver v0.37,
// pkg/endpoints/filters/impersonation and pkg/features/kube_features.go).
const constrainedSince = 35

// modes are the kinds of users that it tells apart, with the resource that stands for
// them in API group authentication.k8s.io.
func modes() map[string]string {
	return map[string]string{
		"associated-node": "nodes", "arbitrary-node": "nodes", "serviceaccount": "serviceaccounts", "user-info": "users",
	}
}

func actsAs(mode string) string  { return "impersonate:" + mode }
func sendsAs(mode string) string { return "impersonate-on:" + mode }

func constrainedEdges() []edge {
	var out []edge
	for _, mode := range slices.Sorted(maps.Keys(modes())) {
		resource := modes()[mode]
		out = append(out, edge{
			id: actsAs(mode), group: "authentication.k8s.io", resource: resource, verbs: []string{actsAs(mode)}, gain: part, cluster: resource != "serviceaccounts",
			since: constrainedSince,
		})
	}
	return out
}

// onBehalf returns for which modes a rule names requests. One with all verbs has them
// too, but then what is sent in the name of others may be sent without it.
func (a *atlas) onBehalf(r rule) []*match {
	var out []*match
	for _, verb := range r.Verbs {
		rest, ok := strings.CutPrefix(verb, "impersonate-on:")
		mode, _, _ := strings.Cut(rest, ":")
		if e := a.constrained[mode]; ok && e != nil && len(r.Resources)+len(r.NonResourceURLs) > 0 {
			out = append(out, &match{edge: e, rule: r, verb: verb})
		}
	}
	return out
}
