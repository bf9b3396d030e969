// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// A quotaState is a quota as the plugin ResourceQuota knows it: by what its status
// says it caps and has used.
type quotaState struct {
	object     *corev1.ResourceQuota
	hard, used corev1.ResourceList
	unused     bool // used is not known, and taken for nothing
	names      []corev1.ResourceName
	required   []corev1.ResourceName // that containers must name
	ofPods     bool                  // some of names are charged to pods
	scopes     []corev1.ScopedResourceSelectorRequirement
}

// newQuotaState reads a quota. One without a status is not enforced, which lasts for
// milliseconds: unless the objects are a cluster as it stands, it counts as enforced.
func newQuotaState(object *corev1.ResourceQuota, options Options) *quotaState {
	if len(object.Status.Hard) == 0 && !options.Whole {
		return unusedQuota(object, options)
	}
	q := &quotaState{object: object, hard: object.Status.Hard, used: object.Status.Used}
	q.complete()
	return q
}

// unusedQuota reads a quota as one that is enforced and of which nothing is used,
// whatever its status says.
func unusedQuota(object *corev1.ResourceQuota, _ Options) *quotaState {
	q := &quotaState{object: object, hard: object.Spec.Hard, unused: true}
	q.complete()
	return q
}

func (q *quotaState) complete() {
	q.hard, q.used, q.scopes = counted.Rounded(q.hard), counted.Rounded(q.used), counted.Requirements(q.object)
	q.names = sortedKeys(q.hard)
	q.ofPods = slices.ContainsFunc(q.names, countsPods)
	for _, name := range q.names {
		if slices.Contains(counted.PodComputeNames(), name) {
			q.required = append(q.required, name)
		}
	}
}

// An item is an object as quotas look at it.
type item interface {
	// resource names the objects of its kind.
	resource() (group, plural string)
	// counts reports whether objects of its kind are charged for a resource.
	counts(corev1.ResourceName) bool
	// in reports whether it is in a scope.
	in(corev1.ScopedResourceSelectorRequirement) bool
	// lacking returns what must be named in it and is not.
	lacking(*quotaState) *Reason
}

// governs reports whether a quota counts an object: it is in all scopes, and one of
// its resources is capped (apiserver pkg/quota/v1/generic/evaluator.go, Matches).
func (q *quotaState) governs(i item) bool {
	if _, pod := i.(podItem); pod && !q.ofPods || !pod && !slices.ContainsFunc(q.names, i.counts) {
		return false
	}
	return !slices.ContainsFunc(q.scopes, func(s corev1.ScopedResourceSelectorRequirement) bool { return !i.in(s) })
}

// checkQuotas holds a new object, or one that is changed from before, against the
// quotas of its namespace, and returns what each is charged (Kubernetes v1.37,
// apiserver pkg/admission/plugin/resourcequota/controller.go, CheckRequest).
func (c *Cluster) checkQuotas(h *home, i item, usage corev1.ResourceList, before func(*quotaState) corev1.ResourceList) (*Result, []Charge) {
	var governing []*quotaState
	var reasons []Reason
	for _, q := range h.quotas {
		if !q.governs(i) {
			continue
		}
		governing = append(governing, q)
		if reason := i.lacking(q); reason != nil {
			reasons = append(reasons, *reason)
		} else if reason := q.unknown(i); reason != nil {
			reasons = append(reasons, *reason)
		}
	}
	if len(reasons) > 0 {
		return refuse(ResourceQuota, reasons...), nil
	}
	charges := make([]Charge, 0, len(governing))
	takes := before == nil
	for _, q := range governing {
		delta := usage
		if before != nil {
			delta = before(q)
		}
		charge := Charge{Quota: q.object.Name, Amount: q.masked(delta)}
		takes = takes || slices.ContainsFunc(sortedKeys(delta), func(n corev1.ResourceName) bool { a := delta[n]; return !a.IsZero() })
		charges = append(charges, charge)
		if reason := q.exceeded(charge.Amount); reason != nil {
			reasons = append(reasons, *reason)
		}
	}
	if takes {
		if r := c.uncovered(h, i, governing, usage); r != nil {
			return r, nil
		}
	}
	if len(reasons) > 0 {
		return refuse(ResourceQuota, reasons...), nil
	}
	return nil, charges
}

// chargesFor returns what each quota of a namespace is charged for an object, however
// much it has left. It is nil where none is charged.
func (h *home) chargesFor(i item, usage corev1.ResourceList) []corev1.ResourceList {
	var out []corev1.ResourceList
	for at, q := range h.quotas {
		if !q.governs(i) {
			continue
		}
		if charge := q.masked(usage); len(charge) > 0 {
			if out == nil {
				out = make([]corev1.ResourceList, len(h.quotas))
			}
			out[at] = charge
		}
	}
	return out
}

// presence is chargesFor of what is only counted, which most quotas do not do.
func (h *home) presence(i countedItem) []corev1.ResourceList {
	counting := h.counting[i.name()]
	if i.aliased() {
		counting = append(slices.Clone(counting), h.counting[corev1.ResourceName(i.plural)]...)
	}
	var out []corev1.ResourceList
	for _, at := range counting {
		q := h.quotas[at]
		if out == nil && q.governs(i) {
			out = make([]corev1.ResourceList, len(h.quotas))
		}
		if q.governs(i) {
			out[at] = q.masked(i.usage())
		}
	}
	return out
}

// index notes which quotas count which resources.
func (h *home) index() {
	h.counting = make(map[corev1.ResourceName][]int)
	for at, q := range h.quotas {
		for _, name := range q.names {
			h.counting[name] = append(h.counting[name], at)
		}
	}
}

// byQuota returns charges, which are in the order of the quotas, by quota.
func (h *home) byQuota(charges []Charge) []corev1.ResourceList {
	out := make([]corev1.ResourceList, len(h.quotas))
	for at, q := range h.quotas {
		if len(charges) > 0 && charges[0].Quota == q.object.Name {
			out[at], charges = charges[0].Amount, charges[1:]
		}
	}
	return out
}

// masked returns the part of a usage that a quota caps, without what is zero.
func (q *quotaState) masked(usage corev1.ResourceList) corev1.ResourceList {
	out := make(corev1.ResourceList, min(len(q.names), len(usage)))
	for _, name := range q.names {
		if amount, ok := usage[name]; ok && !amount.IsZero() {
			out[name] = amount
		}
	}
	return out
}

// unknown refuses what a quota has not counted yet.
func (q *quotaState) unknown(i item) *Reason {
	if q.unused {
		return nil
	}
	var names []string
	known := true
	for _, name := range q.names {
		if !i.counts(name) {
			continue
		}
		names = append(names, string(name))
		if _, ok := q.used[name]; !ok {
			known = false
		}
	}
	if known {
		return nil
	}
	return &Reason{By: bulkhead.RefTo(q.object), Message: fmt.Sprintf(
		"status unknown for quota: %s, resources: %s", q.object.Name, strings.Join(names, ","))}
}

// exceeded refuses what a quota has no room for.
func (q *quotaState) exceeded(charge corev1.ResourceList) *Reason {
	var over []corev1.ResourceName
	for _, name := range q.names {
		amount, ok := charge[name]
		if !ok {
			continue
		}
		sum := q.used[name].DeepCopy()
		sum.Add(amount)
		if sum.Cmp(q.hard[name]) > 0 {
			over = append(over, name)
		}
	}
	if len(over) == 0 {
		return nil
	}
	return &Reason{By: bulkhead.RefTo(q.object), Field: "spec", Message: fmt.Sprintf(
		"exceeded quota: %s, requested: %s, used: %s, limited: %s",
		q.object.Name, written(charge, over), written(q.used, over), written(q.hard, over))}
}

// uncovered refuses what the server's configuration limits and no quota covers. What
// takes nothing is let through.
func (c *Cluster) uncovered(h *home, i item, governing []*quotaState, usage corev1.ResourceList) *Result {
	group, plural := i.resource()
	var names []string
	var scopes []corev1.ScopedResourceSelectorRequirement
	for _, limited := range c.options.Limited {
		for _, s := range limited.MatchScopes { // of whichever kind the configuration is about
			if i.in(s) {
				scopes = append(scopes, s)
			}
		}
		if limited.APIGroup != group || limited.Resource != plural {
			continue
		}
		for _, name := range sortedKeys(usage) {
			amount := usage[name]
			matches := func(part string) bool { return strings.Contains(string(name), part) }
			covers := func(q *quotaState) bool { _, ok := q.hard[name]; return ok && i.counts(name) }
			if amount.Sign() > 0 && slices.ContainsFunc(limited.MatchContains, matches) && !slices.ContainsFunc(governing, covers) {
				names = append(names, string(name))
			}
		}
	}
	if len(names) > 0 {
		slices.Sort(names)
		return refuse(ResourceQuota, Reason{Message: "insufficient quota to consume: " + strings.Join(slices.Compact(names), ",")})
	}
	scopes = slices.DeleteFunc(scopes, func(s corev1.ScopedResourceSelectorRequirement) bool {
		return slices.ContainsFunc(h.quotas, func(q *quotaState) bool {
			return slices.ContainsFunc(q.scopes, func(t corev1.ScopedResourceSelectorRequirement) bool { return s.ScopeName == t.ScopeName && i.in(t) })
		})
	})
	if len(scopes) > 0 {
		return refuse(ResourceQuota, Reason{Message: fmt.Sprintf("insufficient quota to match these scopes: %v", scopes)})
	}
	return nil
}
