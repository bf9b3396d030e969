// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"cmp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

// Evictions judges [EvictedLast] for every workload of production: when a node they
// share runs short of memory, do all pods of staging go first?
//
// The kubelet evicts first what uses more memory than it requests, then by priority,
// then by how much more it uses; a pod of a priority from 2000000000 on, and a static
// one, never (Kubernetes v1.37, pkg/kubelet/eviction/helpers.go, rankMemoryPressure, and
// eviction_manager.go, evictPod). The QoS class plays no part of its own: a Guaranteed
// pod cannot use more than it requests, a BestEffort one always does. So a pod of
// staging that keeps to its requests outlives one of production that does not,
// whatever their priorities. Under a shortage of process IDs the priority alone
// decides, as in [Cluster.Ranks].
func (c *Cluster) Evictions() []Judgement {
	groups := alike(c.staging)
	var out []Judgement
	for _, p := range c.production {
		if p.priority.State == priority.Refused {
			continue
		}
		out = append(out, eviction(p, groups))
	}
	out = append(out, c.without(EvictedLast)...)
	return arranged(out)
}

// alike returns one subject for each kind of those that the kubelet ranks alike.
func alike(subjects []subject) []subject {
	type key struct {
		state          priority.State
		value          int32
		exceeds, keeps bool
		static, any    bool
		usage          string
	}
	seen := make(map[key]bool)
	var out []subject
	for _, s := range subjects {
		k := key{s.priority.State, s.priority.Value, s.memory.exceeds, s.memory.keeps, s.static(), s.priority.Any, ""}
		if s.memory.usage != nil {
			over := s.memory.over()
			k.usage = over.String()
		}
		if s.priority.State != priority.Refused && !seen[k] {
			seen[k] = true
			out = append(out, s)
		}
	}
	return out
}

func eviction(p subject, staging []subject) Judgement {
	j := Judgement{Statement: EvictedLast, Verdict: bulkhead.Sealed, Object: p.ref, Field: p.Path.Child("containers").String()}
	if len(staging) == 0 {
		j.Message = "no pods of staging are known"
		return j.undetermined("the workloads of staging")
	}
	j.Message = "pods of staging are evicted before it" + p.memory.words()
	for _, s := range staging {
		switch first, missing := goesFirst(s, p); {
		case first == stays:
			j.Verdict, j.Missing = bulkhead.Breached, nil
			j.Message = "it is evicted before " + s.ref.String() + s.memory.words() + why(s, p)
			return j
		case first == depends && j.Verdict == bulkhead.Sealed:
			j.Message = "it may be evicted before " + s.ref.String() + s.memory.words()
			j = j.undetermined(missing...)
		}
	}
	return j
}

// An order says which of two pods the kubelet evicts first: that of staging goes, it
// stays, or it depends.
type order int

const (
	depends order = iota
	goes
	stays
)

// goesFirst works out the order for all that the usage of both may be, and what is
// missing if it depends.
func goesFirst(s, p subject) (order, []string) {
	unknown := unresolved(s, p)
	first, missing := compared(s, p)
	if first == stays && s.perhapsRefused()+p.perhapsRefused() != "" {
		first = depends
	}
	return first, append(missing, unknown...)
}

// unresolved returns what is missing to know the priorities.
func unresolved(subjects ...subject) []string {
	var out []string
	for _, one := range subjects {
		if one.priority.State == priority.Unknown {
			out = append(out, one.priority.Missing)
		}
	}
	return out
}

// compared is the order as far as it is known, if all the pods run.
func compared(s, p subject) (order, []string) {
	switch {
	case critical(p):
		return goes, nil
	case critical(s) && p.priority.Any:
		return depends, nil // neither goes, if both are critical
	case critical(s):
		return stays, nil
	}
	answer, asked := depends, false
	for _, sExceeds := range s.memory.possible() {
		for _, pExceeds := range p.memory.possible() {
			one := ranked(s, p, sExceeds, pExceeds)
			if asked && one != answer {
				return depends, []string{s.memory.missing, p.memory.missing}
			}
			answer, asked = one, true
		}
	}
	if answer == goes && s.priority.Any || answer == stays && p.priority.Any {
		return depends, nil // it may be critical
	}
	if answer == goes || answer == stays || len(unresolved(s, p)) > 0 {
		return answer, nil
	}
	missing := []string{s.memory.missing, p.memory.missing}
	for _, one := range []subject{s, p} {
		if one.memory.usage == nil {
			missing = append(missing, "the memory that a pod of "+one.ref.String()+" uses")
		}
	}
	if s.memory.usage != nil && p.memory.usage != nil {
		missing = append(missing, "which of two equal pods the kubelet takes")
	}
	return answer, missing
}

// ranked is the order of the kubelet, once it is known who uses more than it requests.
func ranked(s, p subject, sExceeds, pExceeds bool) order {
	switch {
	case sExceeds != pExceeds && sExceeds:
		return goes
	case sExceeds != pExceeds:
		return stays
	case s.priority.State == priority.Unknown || p.priority.State == priority.Unknown:
		return depends
	case s.priority.Value != p.priority.Value:
		return by(cmp.Compare(p.priority.Value, s.priority.Value))
	case s.memory.usage != nil && p.memory.usage != nil:
		more, less := s.memory.over(), p.memory.over()
		return by(more.Cmp(less))
	default:
		return depends
	}
}

// by turns how far the pod of staging is ahead into an order. Of two that are equal
// in all the kubelet takes either.
func by(ahead int) order {
	switch {
	case ahead > 0:
		return goes
	case ahead < 0:
		return stays
	default:
		return depends
	}
}

// critical reports whether the kubelet never evicts a pod (pkg/kubelet/types/
// pod_update.go, IsCriticalPod).
func critical(s subject) bool {
	return s.static() || s.priority.State == priority.Known && s.priority.Value >= priority.ClusterCriticalValue
}

// static reports whether a pod stands for a static one, of which the kubelet keeps a
// mirror in the API. The other annotation of static pods does not count here: whatever
// a pod of the API says of its source, the kubelet writes that it is the API
// (pkg/kubelet/config/config.go).
func (s subject) static() bool {
	if _, pod := s.Object.(*corev1.Pod); !pod {
		return false
	}
	_, mirror := s.Object.GetAnnotations()[corev1.MirrorPodAnnotationKey]
	return mirror
}

func why(s, p subject) string {
	switch {
	case critical(s):
		return ", which is never evicted"
	case s.memory.keeps && p.memory.exceeds:
		return ", since it uses more memory than it requests, and the other does not"
	default:
		return ", " + strings.TrimPrefix(s.priority.Why, "it is ")
	}
}
