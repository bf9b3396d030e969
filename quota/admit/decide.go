// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// decide returns the rung of a namespace, and what keeps it from the next.
func decide(loads []load, totals []total) (Rung, []Decision) {
	for _, step := range []struct {
		rung Rung
		find func([]load, []total) []Decision
	}{
		{NeverFits, refusals}, {SteadyExceeds, steadyExcess}, {WedgesOnRollout, wedges}, {SlowRollout, surgeExcess}, {FitsSurge, peakExcess},
	} {
		if found := step.find(loads, totals); len(found) > 0 {
			return step.rung, found
		}
	}
	return FitsPeak, tightest(totals)
}

// refusals are the objects that are refused, whatever else there is.
func refusals(loads []load, totals []total) []Decision {
	var out []Decision
	for i := range loads {
		l := &loads[i]
		if l.Result.Verdict != Refused || l.Peak == 0 && !l.Unbounded && l.pace.unknown == "" {
			continue
		}
		r := l.Result.Reasons[0]
		d := Decision{Object: l.Object, Field: inTemplateOf(l, r.Field), Message: l.Result.Message}
		if r.By.Kind == "ResourceQuota" {
			d.Quota = r.By.Name
		}
		switch l.Result.Stage {
		case ResourceQuota:
			switch {
			case d.Quota == "":
				d.Change = "add a ResourceQuota that covers it"
			case strings.Contains(r.Message, "must specify"):
				d.Change = "name the amounts in " + strings.Join(r.Containers, ", ") + ", or give them a default in a LimitRange"
			default:
				d.Change = shut(totals, d.Quota)
			}
		case LimitRanger:
			d.Change = "keep within " + r.By.String() + ", or change its bounds"
		case PodSecurity:
			d.Change = "keep to the level that " + r.By.String() + " enforces"
		default:
			d.Change = "correct " + d.Field
		}
		out = append(out, d)
	}
	return out
}

// shut returns what lets a pod past a quota. One that allows no pods in its scopes is
// there to keep them out: it is not to be raised.
func shut(totals []total, name string) string {
	at := slices.IndexFunc(totals, func(t total) bool { return t.quota.object.Name == name })
	if at < 0 {
		return "ask for less, or raise what ResourceQuota " + name + " caps"
	}
	q := totals[at].quota
	pods, capped := q.hard[corev1.ResourcePods]
	if len(q.scopes) == 0 || !capped || !pods.IsZero() {
		return "ask for less, or raise what ResourceQuota " + name + " caps"
	}
	for _, s := range q.scopes {
		if s.ScopeName == corev1.ResourceQuotaScopePriorityClass && s.Operator == corev1.ScopeSelectorOpNotIn {
			return "name the priority class " + strings.Join(s.Values, " or ") + ": ResourceQuota " + name + " keeps out pods of all others, and of none"
		}
	}
	return "leave the scopes of ResourceQuota " + name + ", which keeps out all pods in them"
}

// inTemplateOf writes a field of a refused pod as one of the workload.
func inTemplateOf(l *load, of string) string {
	if l.Pod && strings.HasPrefix(of, "spec") {
		return l.Field + strings.TrimPrefix(of, "spec")
	}
	return l.Field
}

// excess returns what a total takes beyond what is capped.
func excess(totals []total, of func(*total) resource.Quantity, describe func(*total, *Decision)) []Decision {
	type lack struct {
		Decision
		lacks float64 // of what is needed, that is not there
	}
	var found []lack
	for i := range totals {
		t := &totals[i]
		need := of(t)
		if need.Cmp(t.hard) <= 0 {
			continue
		}
		d := Decision{Quota: t.quota.object.Name, Resource: t.name, Need: need, Hard: t.hard}
		describe(t, &d)
		found = append(found, lack{d, 1 - t.hard.AsApproximateFloat64()/need.AsApproximateFloat64()})
	}
	slices.SortStableFunc(found, func(a, b lack) int {
		switch {
		case a.lacks > b.lacks:
			return -1
		case a.lacks < b.lacks:
			return 1
		default:
			return 0
		}
	})
	var out []Decision
	for _, f := range found {
		out = append(out, f.Decision)
	}
	return out
}

func steadyExcess(_ []load, totals []total) []Decision {
	return excess(totals, func(t *total) resource.Quantity { return t.steady }, func(t *total, d *Decision) {
		d.Change = raise(d)
		if most := t.most[0]; most.load != nil {
			d.Object, d.Field = most.load.Object, most.load.Field
			over := d.Need.DeepCopy()
			over.Sub(d.Hard)
			if fewer := enough(most.load.charges[t.at][t.name], most.load.Steady, over); fewer > 0 && most.load.Pod && most.load.pace.replicated && most.load.Steady > 1 {
				d.Change += fmt.Sprintf(", or run %d of %s less", fewer, most.load.Object)
				if most.load.pace.scaler != "" {
					d.Change += ", which " + most.load.pace.scaler + " scales to " + strconv.FormatInt(most.load.Steady, 10)
				}
			}
		}
		d.Message = fmt.Sprintf("all workloads together need %s of %s, and ResourceQuota %s caps it at %s; %s takes most, %s of it",
			d.Need.String(), d.Resource, d.Quota, d.Hard.String(), d.Object, t.most[0].amount.String())
	})
}

// wedges are the workloads that need room for one pod or one revision more to be rolled
// out, and the resources of which there is too little.
func wedges(loads []load, totals []total) []Decision {
	var out []Decision
	for i := range loads {
		l := &loads[i]
		adds := l.pace.rolls && !l.pace.unavailable || l.starts()
		if l.charges == nil || !adds && l.kept == 0 {
			continue
		}
		out = append(out, excess(totals, func(t *total) resource.Quantity {
			each, charged := l.charges[t.at][t.name]
			if !charged {
				return resource.Quantity{}
			}
			need := t.steady.DeepCopy()
			need.Add(t.kept)
			need.Add(each)
			return need
		}, func(t *total, d *Decision) {
			d.Object, d.Field = l.Object, l.Field
			l.wedged(t, d)
		})...)
	}
	return out
}

// starts reports whether a load is pods of runs that begin beside all else, such as
// those of a CronJob.
func (l *load) starts() bool { return l.Pod && !l.pace.rolls && l.Steady == 0 && l.Surge > 0 }

// wedged says why a load is not rolled out, and what would change it.
func (l *load) wedged(t *total, d *Decision) {
	each := l.charges[t.at][t.name]
	d.Change = raise(d)
	if l.kept > 0 {
		d.Message = fmt.Sprintf("a rollout adds a revision before an old one goes, of which %d are kept; with it %s of %s are needed, and ResourceQuota %s caps it at %s",
			l.kept, d.Need.String(), d.Resource, d.Quota, d.Hard.String())
		d.Change += ", or keep less in spec.revisionHistoryLimit"
		return
	}
	if l.starts() {
		d.Message = fmt.Sprintf("a run takes %s of %s beside all that runs already, with which %s are needed, and ResourceQuota %s caps it at %s: it never starts",
			each.String(), d.Resource, d.Need.String(), d.Quota, d.Hard.String())
		return
	}
	d.Message = fmt.Sprintf("a rollout adds a pod before it takes one away; the pod takes %s of %s, with which all workloads need %s, and ResourceQuota %s caps it at %s",
		each.String(), d.Resource, d.Need.String(), d.Quota, d.Hard.String())
	if l.Object.Kind == "Deployment" {
		d.Change += ", or set spec.strategy.rollingUpdate.maxUnavailable to 1"
		if l.Steady == 1 {
			d.Change += ", so that none runs for a while"
		}
	} else {
		d.Change += ", or set spec.updateStrategy.rollingUpdate.maxSurge to 0 and maxUnavailable to 1"
	}
}

func surgeExcess(_ []load, totals []total) []Decision {
	return excess(totals, func(t *total) resource.Quantity { return t.surge }, func(t *total, d *Decision) {
		d.blame(t.most[1])
		d.Message = fmt.Sprintf("with the pods that rollouts and scheduled jobs add, all workloads need %s of %s, and ResourceQuota %s caps it at %s; %s adds most, %s",
			d.Need.String(), d.Resource, d.Quota, d.Hard.String(), d.Object, t.most[1].amount.String())
		d.Change = raise(d)
	})
}

func peakExcess(_ []load, totals []total) []Decision {
	out := excess(totals, func(t *total) resource.Quantity { return t.peak }, func(t *total, d *Decision) {
		d.blame(t.most[2])
		d.Message = fmt.Sprintf("while replaced pods terminate, all workloads are charged %s of %s, and ResourceQuota %s caps it at %s; %s adds most, %s",
			d.Need.String(), d.Resource, d.Quota, d.Hard.String(), d.Object, t.most[2].amount.String())
		d.Change = raise(d)
	})
	for i := range totals {
		t := &totals[i]
		for _, ref := range t.unbounded {
			out = append(out, Decision{
				Object: ref, Field: "spec.concurrencyPolicy", Quota: t.quota.object.Name, Resource: t.name, Hard: t.hard,
				Message: fmt.Sprintf("runs pile up without bound, of which ResourceQuota %s counts %s", t.quota.object.Name, t.name),
				Change:  "set concurrencyPolicy to Forbid or Replace, or give its Jobs an activeDeadlineSeconds",
			})
		}
	}
	return out
}

func (d *Decision) blame(most part) {
	if most.load != nil {
		d.Object, d.Field = most.load.Object, most.load.Field
	}
}

// tightest is the resource of which the peak leaves least.
func tightest(totals []total) []Decision {
	var found *total
	var left float64
	for i := range totals {
		t := &totals[i]
		if t.hard.Sign() <= 0 || t.peak.Sign() <= 0 {
			continue
		}
		if l := 1 - t.peak.AsApproximateFloat64()/t.hard.AsApproximateFloat64(); found == nil || l < left {
			found, left = t, l
		}
	}
	if found == nil {
		return nil
	}
	d := Decision{Quota: found.quota.object.Name, Resource: found.name, Need: found.peak, Hard: found.hard}
	d.blame(found.most[0])
	d.Message = fmt.Sprintf("at the peak, all workloads are charged %s of %s, and ResourceQuota %s caps it at %s",
		d.Need.String(), d.Resource, d.Quota, d.Hard.String())
	return []Decision{d}
}

func raise(d *Decision) string {
	return fmt.Sprintf("raise %s of ResourceQuota %s from %s to %s", d.Resource, d.Quota, d.Hard.String(), d.Need.String())
}

// enough returns how many of something take at least an amount, or zero if even all
// of them take less.
func enough(each resource.Quantity, have int64, amount resource.Quantity) int64 {
	n := sort.Search(int(have)+1, func(n int) bool {
		sum := mul(each, int64(n))
		return sum.Cmp(amount) >= 0
	})
	if int64(n) > have {
		return 0
	}
	return int64(n)
}
