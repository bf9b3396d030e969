// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
)

// A total is what is taken of one resource of one quota.
type total struct {
	quota               *quotaState
	at                  int // of the quota, among those of its namespace
	name                corev1.ResourceName
	hard                resource.Quantity
	steady, surge, peak resource.Quantity
	kept                resource.Quantity   // by old revisions, after some rollouts
	surges, peaks       []resource.Quantity // beyond what is steady, of loads that roll
	most                [3]part             // who takes most: steadily, and beyond that in surge and at peak
	unbounded           []bulkhead.Ref
}

// A part is what one load takes of a total.
type part struct {
	load   *load
	amount resource.Quantity
}

// fitness puts a namespace on its rung. Where nothing runs and nothing is capped,
// there is nothing to say.
func (f *fitting) fitness(h *home, loads []load) (Fitness, bool) {
	out := Fitness{Namespace: h.name, Missing: slices.Concat(f.missing[h.name], f.everywhere)}
	slices.SortStableFunc(loads, func(a, b load) int { return cmp.Or(a.Object.Compare(b.Object), cmp.Compare(a.Field, b.Field)) })
	for i := range loads {
		l := &loads[i]
		if !l.hidden {
			out.Loads = append(out.Loads, l.Load)
			out.Missing = append(out.Missing, l.Result.Missing...)
		}
	}
	if len(out.Loads) == 0 && len(h.quotas) == 0 {
		return out, false
	}
	if h.name == "" {
		for _, l := range out.Loads {
			out.Missing = append(out.Missing, Problem{Object: l.Object, Field: "metadata.namespace", Message: "its namespace is not written, so that it is not known under which quotas it is"})
		}
	}
	if h.object == nil {
		out.Assumed = append(out.Assumed, "no Namespace "+h.name+" is among the objects, and no Pod Security level is enforced in it")
	}
	switch {
	case len(h.quotas) == 0 && !f.cluster.options.Whole:
		out.Assumed = append(out.Assumed, "no ResourceQuota of "+h.name+" is among the objects, and none caps it")
	case len(out.Loads) == 0:
		out.Assumed = append(out.Assumed, "no workload of "+h.name+" is among the objects")
	}
	if h.givesClass() && !f.cluster.options.Whole && f.cluster.globalDefault == nil {
		out.Assumed = append(out.Assumed, "no PriorityClass of the cluster is its global default, which pods would get before the one that an admission policy gives them")
	}
	if text := h.unjudged(); text != "" {
		out.Assumed = append(out.Assumed, text)
	}
	totals := f.totals(h, loads)
	out.Quotas = uses(h, totals)
	out.Verdict, out.Deciding = decide(loads, totals)
	slices.SortFunc(out.Missing, compareProblems)
	out.Missing = slices.Compact(out.Missing)
	if len(out.Missing) > 0 && out.Verdict >= SlowRollout {
		if out.Verdict == FitsPeak {
			out.Deciding = nil // nothing lacks
		}
		out.Verdict = Unknown // it is that at best
	}
	return out, true
}

// totals adds up what all loads of a namespace take of each resource that a quota
// caps.
func (f *fitting) totals(h *home, loads []load) []total {
	var out []total
	first := make([]int, len(h.quotas)) // of each quota
	for at, q := range h.quotas {
		first[at] = len(out)
		for _, name := range q.names {
			out = append(out, total{quota: q, at: at, name: name, hard: q.hard[name]})
		}
	}
	for i := range loads {
		for at, charges := range loads[i].charges {
			for n, name := range h.quotas[at].names {
				if each, ok := charges[name]; ok {
					out[first[at]+n].take(&loads[i], each)
				}
			}
		}
	}
	for i := range out {
		out[i].sum(f.cluster.options.ConcurrentRollouts)
	}
	return out
}

// take adds what a load takes, so much for each of its objects.
func (t *total) take(l *load, each resource.Quantity) {
	steady, surge, peak := mul(each, l.Steady), mul(each, l.Surge-l.Steady), mul(each, l.Peak-l.Steady)
	t.steady.Add(steady)
	t.kept.Add(mul(each, l.kept))
	for stage, amount := range []resource.Quantity{steady, surge, peak} {
		if most := &t.most[stage]; most.load == nil || amount.Cmp(most.amount) > 0 {
			*most = part{l, amount}
		}
	}
	if l.pace.rolls {
		t.surges, t.peaks = append(t.surges, surge), append(t.peaks, peak)
	} else {
		t.surge.Add(surge)
		t.peak.Add(peak)
	}
	if l.Unbounded {
		t.unbounded = append(t.unbounded, l.Object)
	}
}

// sum ends the sums, with so many rollouts at a time.
func (t *total) sum(rollouts int) {
	t.surge.Add(t.steady)
	t.peak.Add(t.steady)
	addMost(&t.surge, t.surges, rollouts)
	addMost(&t.peak, t.peaks, rollouts)
}

// addMost adds the largest amounts, so many of them; zero is all.
func addMost(sum *resource.Quantity, amounts []resource.Quantity, n int) {
	if n > 0 && n < len(amounts) {
		slices.SortFunc(amounts, func(a, b resource.Quantity) int { return b.Cmp(a) })
		amounts = amounts[:n]
	}
	for _, amount := range amounts {
		sum.Add(amount)
	}
}

func mul(amount resource.Quantity, n int64) resource.Quantity {
	if n == 0 {
		return resource.Quantity{Format: amount.Format}
	}
	out := amount.DeepCopy()
	out.Mul(n)
	return out
}

// uses lists totals by quota.
func uses(h *home, totals []total) []Use {
	out := make([]Use, len(h.quotas))
	for i, q := range h.quotas {
		out[i] = Use{
			Quota: q.object.Name, Scoped: len(q.scopes) > 0, Hard: q.hard,
			Steady: make(corev1.ResourceList), Surge: make(corev1.ResourceList), Peak: make(corev1.ResourceList),
		}
	}
	for _, t := range totals {
		u := &out[t.at]
		u.Steady[t.name], u.Surge[t.name], u.Peak[t.name] = t.steady, t.surge, t.peak
		u.Unbounded = append(u.Unbounded, t.unbounded...)
	}
	for i := range out {
		slices.SortFunc(out[i].Unbounded, bulkhead.Ref.Compare)
		out[i].Unbounded = slices.Compact(out[i].Unbounded)
	}
	return out
}
