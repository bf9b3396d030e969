// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// Capacity judges [WithinNodes] for processor time and for memory: are the requests
// that the quotas of all these namespaces allow together at most what the nodes have
// allocatable? Only a quota without scopes caps a namespace. Without one the namespace
// may take everything.
//
// A namespace that is not in the boundary can be named too. No names, and one that is
// empty, leave both undetermined.
func (c *Cluster) Capacity(namespaces ...string) []Judgement {
	namespaces = slices.Compact(slices.Sorted(slices.Values(namespaces)))
	var out []Judgement
	for _, name := range capped() {
		out = append(out, c.fits(name, namespaces))
	}
	return out
}

func (c *Cluster) fits(name corev1.ResourceName, namespaces []string) Judgement {
	there, missing := c.allocatable(name)
	j := Judgement{Statement: WithinNodes, Field: field.NewPath("status", "allocatable").Key(string(name)).String(), Object: bulkhead.Ref{Kind: "Node"}}
	var sum resource.Quantity
	largest, uncapped := (*limit)(nil), ""
	var doubts []string
	for _, namespace := range namespaces {
		h := c.homes[namespace]
		capOf, known := h.cap(name)
		if !known {
			uncapped = namespace
			doubts = append(doubts, "a quota of "+string(name)+" without scopes in namespace "+namespace)
			continue
		}
		if h != nil {
			doubts = append(doubts, h.doubts...)
		}
		sum.Add(capOf.amount)
		if largest == nil || capOf.amount.Cmp(largest.amount) > 0 {
			largest = &capOf
		}
	}
	if largest != nil {
		j.Object, j.Field = largest.quota, largest.field
	}
	j.Message = "the quotas of " + listed(namespaces) + " allow requests of " + sum.String() + " " + string(name) + ", and the nodes have " + there.String()
	switch {
	case len(namespaces) == 0:
		return j.undetermined("the namespaces to add up")
	case uncapped != "":
		j.Verdict = bulkhead.Breached
		j.Object, j.Field = namespaceRef(uncapped), "metadata.name"
		j.Message = "no quota without scopes caps the " + string(name) + " that namespace " + uncapped + " requests"
		if c.whole && len(c.homes[uncapped].doubtsOf()) == 0 && !c.homes[uncapped].scoped(name) {
			return j
		}
		return j.undetermined(doubts...)
	case sum.Cmp(there) <= 0:
		j.Verdict = bulkhead.Sealed
		return j
	default:
		j.Verdict = bulkhead.Breached
		return j.undetermined(slices.Concat(missing, doubts, c.elsewhere("the other nodes, and the other quotas of "+listed(namespaces)))...)
	}
}

// allocatable adds up what the nodes have, and names those that do not say.
func (c *Cluster) allocatable(name corev1.ResourceName) (resource.Quantity, []string) {
	var sum resource.Quantity
	var missing []string
	if len(c.nodes) == 0 {
		missing = append(missing, "the nodes of the cluster")
	}
	seen := make(map[string]bool)
	for _, node := range c.nodes {
		amount, there := node.Status.Allocatable[name]
		switch {
		case seen[node.Name]:
		case !there:
			missing = append(missing, "status.allocatable of "+bulkhead.RefTo(node).String())
		case amount.Sign() > 0:
			sum.Add(amount)
		}
		seen[node.Name] = true
	}
	return sum, missing
}

// A limit is the cap of a namespace with its place.
type limit struct {
	amount resource.Quantity
	quota  bulkhead.Ref
	field  string
}

// cap returns the least amount that a quota allows the pods of a namespace to request.
// The keys cpu and requests.cpu mean the same.
func (h *home) cap(name corev1.ResourceName) (limit, bool) {
	var least limit
	found := false
	if h == nil {
		return least, false
	}
	for _, q := range h.quotas {
		if len(counted.Requirements(q)) > 0 {
			continue
		}
		for _, key := range []corev1.ResourceName{name, "requests." + name} {
			if amount, there := q.Spec.Hard[key]; there && (!found || amount.Cmp(least.amount) < 0) {
				least = limit{amount, bulkhead.RefTo(q), field.NewPath("spec", "hard").Key(string(key)).String()}
				found = true
			}
		}
	}
	return least, found
}

// scoped reports whether quotas with scopes cap a namespace in part.
func (h *home) scoped(name corev1.ResourceName) bool {
	return h != nil && slices.ContainsFunc(h.quotas, func(q *corev1.ResourceQuota) bool {
		_, short := q.Spec.Hard[name]
		_, long := q.Spec.Hard["requests."+name]
		return len(counted.Requirements(q)) > 0 && (short || long)
	})
}

func (h *home) doubtsOf() []string {
	if h == nil {
		return nil
	}
	return h.doubts
}
