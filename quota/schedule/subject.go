// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

// A subject is a workload of one side, with what admission makes of its pods.
type subject struct {
	workload.Workload

	ref      bulkhead.Ref
	priority priority.Priority
	memory   memory
}

// field returns the place in the object that the priority comes from.
func (s subject) field() string { return s.Path.Child(s.priority.Field).String() }

// perhapsRefused returns what is missing to say that the pods run at all: a class that
// is not known may turn out not to exist. A pod that names none always gets one.
func (s subject) perhapsRefused() string {
	if s.priority.State != priority.Unknown || s.Spec.PriorityClassName == "" && s.Spec.Priority == nil && s.Spec.PreemptionPolicy == nil {
		return ""
	}
	return s.priority.Missing
}

// subjects returns the workloads of some namespaces in the order of their names. A
// ReplicaSet or a Job repeats what its owner in the set says; a stored pod keeps its
// own priority whatever its owner says by now.
func (c *Cluster) subjects(objs []bulkhead.Object, namespaces []string) []subject {
	var out []subject
	resolved, inside := make(map[asked]priority.Priority), make(map[string]bool)
	for _, name := range namespaces {
		inside[name] = true
	}
	for _, w := range workload.All(objs) {
		if !inside[w.Object.GetNamespace()] || w.Owned && !priority.Stored(w.Object) {
			continue
		}
		s := subject{Workload: w, ref: bulkhead.RefTo(w.Object), memory: c.memoryOf(w)}
		key, same := c.askedBy(w)
		p, known := resolved[key]
		if !known || !same {
			p = c.resolve(w)
			resolved[key] = p
		}
		s.priority = p
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b subject) int { return a.ref.Compare(b.ref) })
	return out
}

// asked is what a pod template asks for of its priority.
type asked struct{ namespace, class string }

// askedBy returns what decides the priority of new pods, and whether it is all that
// does.
func (c *Cluster) askedBy(w workload.Workload) (asked, bool) {
	plain := !priority.Stored(w.Object) && w.Spec.Priority == nil && w.Spec.PreemptionPolicy == nil
	if !plain {
		return asked{}, false
	}
	return asked{w.Object.GetNamespace(), w.Spec.PriorityClassName}, true
}

// refusedSubjects reports the workloads that are judged no further, since their pods
// never run.
func (c *Cluster) refusedSubjects() bulkhead.Findings {
	var out bulkhead.Findings
	for _, s := range slices.Concat(c.production, c.staging) {
		if s.priority.State == priority.Refused {
			out = append(out, bulkhead.Finding{
				Rule: PriorityRefused, Severity: bulkhead.Warning, Object: s.ref, Field: s.field(),
				Message: "the pods are refused: " + s.priority.Why,
			})
		}
	}
	return out
}
