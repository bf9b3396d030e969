// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"slices"
	"strconv"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

// Ranks judges [Outranks] and [Preempts] for every workload of production, and
// [Counted] for every workload of both sides.
//
// The scheduler evicts pods of a strictly lower priority only, of any namespace, and
// for a pod of the policy Never none (Kubernetes v1.37, pkg/scheduler/framework/
// plugins/defaultpreemption/default_preemption.go). What pods of staging could claim
// but do not is the question of [Cluster.Claims].
func (c *Cluster) Ranks() []Judgement {
	highest, doubt := rivals(c.staging)
	var out []Judgement
	for _, p := range c.production {
		if p.priority.State == priority.Refused {
			continue
		}
		rank := c.rank(p, highest, doubt)
		out = append(out, rank, preempts(p, rank))
	}
	for _, s := range slices.Concat(c.production, c.staging) {
		if s.priority.State != priority.Refused {
			out = append(out, c.counted(s))
		}
	}
	out = append(out, c.without(Outranks, Preempts)...)
	return arranged(out)
}

// rivals returns the workload of the highest priority, and the first of which the
// priority is not known.
func rivals(subjects []subject) (highest, doubt *subject) {
	for i, s := range subjects {
		switch {
		case s.priority.State == priority.Known && (highest == nil || s.priority.Value > highest.priority.Value):
			highest = &subjects[i]
		case s.priority.State == priority.Unknown && doubt == nil:
			doubt = &subjects[i]
		}
	}
	return highest, doubt
}

func (c *Cluster) rank(p subject, highest, doubt *subject) Judgement {
	j := Judgement{Statement: Outranks, Object: p.ref, Field: p.field()}
	if p.priority.State == priority.Unknown {
		j.Message = "the priority of its pods is not known"
		return j.undetermined(p.priority.Missing)
	}
	j.Message = p.priority.Why
	if highest != nil && highest.priority.Value >= p.priority.Value {
		j.Verdict = bulkhead.Breached
		j.Message += ", and of " + highest.ref.String() + ", which " + standing(p, *highest) + ", " + highest.priority.Why
		return j
	}
	if doubt != nil {
		j.Message += "; the priority of " + doubt.ref.String() + " is not known"
		return j.undetermined(doubt.priority.Missing)
	}
	if highest == nil {
		j.Message += "; no pods of staging are known"
		return j.undetermined("the workloads of staging")
	}
	j.Verdict = bulkhead.Sealed
	j.Message += ", and of " + highest.ref.String() + ", the highest of staging, " + highest.priority.Why
	return j
}

// standing says how pods of staging stand to those of production that they do not
// give way to.
func standing(p, s subject) string {
	switch {
	case s.priority.Value == p.priority.Value:
		return "gives no way to it"
	case s.priority.Never:
		return "is scheduled before it"
	default:
		return "evicts it"
	}
}

// preempts judges whether the pods of a workload make room for themselves, from how
// they rank.
func preempts(p subject, rank Judgement) Judgement {
	rank.Statement = Preempts
	if p.priority.State == priority.Known && p.priority.Never {
		rank.Verdict, rank.Missing = bulkhead.Breached, nil
		rank.Message = "its pods preempt nobody (preemptionPolicy Never)"
	}
	return rank
}

// counted judges by the cutoff of the cluster autoscaler, which a pod stored without a
// priority is never below (kubernetes/autoscaler, cluster-autoscaler/core/utils/
// expendable.go, IsExpendablePod).
func (c *Cluster) counted(s subject) Judgement {
	j := Judgement{Statement: Counted, Object: s.ref, Field: s.field(), Message: s.priority.Why}
	cutoff := strconv.Itoa(int(c.cutoff()))
	switch {
	case s.priority.State == priority.Unknown:
		j.Message = "the priority of its pods is not known"
		return j.undetermined(s.priority.Missing)
	case s.priority.Absent:
		j.Verdict, j.Message = bulkhead.Sealed, "it is stored without a priority, and so never expendable"
	case s.priority.Value < c.cutoff():
		j.Verdict = bulkhead.Breached
		j.Message += ", below the cutoff " + cutoff + ": the cluster autoscaler adds no node for its pods, and removes nodes under them"
	default:
		j.Verdict = bulkhead.Sealed
		j.Message += ", not below the cutoff " + cutoff
	}
	return j
}

// without returns an open judgement for each statement about the pods of production
// where none are known: nothing is proved by no evidence.
func (c *Cluster) without(statements ...Statement) []Judgement {
	if slices.ContainsFunc(c.production, func(s subject) bool { return s.priority.State != priority.Refused }) {
		return nil
	}
	var out []Judgement
	for _, name := range c.boundary.Production {
		for _, statement := range statements {
			j := Judgement{Statement: statement, Object: namespaceRef(name), Field: "metadata.name", Message: "no pods of it are known"}
			out = append(out, j.undetermined("the workloads of namespace "+name))
		}
	}
	return out
}

func namespaceRef(name string) bulkhead.Ref { return bulkhead.Ref{Kind: "Namespace", Name: name} }
