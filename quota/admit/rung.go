// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Rung says how well the workloads of a namespace fit under its quotas and
// LimitRanges, from not at all to whatever happens. The zero value is Unknown.
type Rung int

// The rungs, from the lowest.
const (
	// Unknown: something that decides is missing, and nothing is known to be wrong.
	Unknown Rung = iota
	// NeverFits: an object is refused, whatever else there is.
	NeverFits
	// SteadyExceeds: there is no room for all replicas.
	SteadyExceeds
	// WedgesOnRollout: a rollout, or a run of a CronJob, needs one pod more than there
	// is room for, and never ends.
	WedgesOnRollout
	// SlowRollout: a rollout has less room than its strategy asks for. It ends, after
	// waiting for pods to go and for retries that come ever more rarely.
	SlowRollout
	// FitsSurge: rollouts have the room that their strategies ask for, as long as no
	// pod takes long to terminate.
	FitsSurge
	// FitsPeak: there is room while all replaced pods still terminate.
	FitsPeak
)

// String returns the name of the rung.
func (r Rung) String() string {
	names := []string{"Unknown", "NeverFits", "SteadyExceeds", "WedgesOnRollout", "SlowRollout", "FitsSurge", "FitsPeak"}
	if r < 0 || int(r) >= len(names) {
		return "Rung(" + strconv.Itoa(int(r)) + ")"
	}
	return names[r]
}

// MarshalText makes the rung its name in JSON.
func (r Rung) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// A Report is the answer of [Fit].
type Report struct {
	Namespaces []Fitness // by name
	// Problems are places in the input that are wrong, whatever their namespace:
	// quotas that the server refuses or that govern nothing, and objects that cannot
	// be read.
	Problems []Problem
}

// A Fitness says how the workloads of a namespace fit.
type Fitness struct {
	Namespace string
	Verdict   Rung
	// Deciding lists what keeps the namespace from the next rung, the largest lack
	// first. On the highest rung it has the one resource with the least room left.
	Deciding []Decision
	Quotas   []Use  // by name
	Loads    []Load // by object and field
	// Missing lists what would decide and is not among the objects.
	Missing []Problem
	// Assumed lists what was taken for granted because no object tells.
	Assumed []string
}

// A Use is what a quota caps, and what is taken of it.
type Use struct {
	Quota               string
	Scoped              bool // it counts only what is in its scopes
	Hard                corev1.ResourceList
	Steady, Surge, Peak corev1.ResourceList
	// Unbounded lists the workloads whose peak has no bound, which Peak leaves out.
	Unbounded []bulkhead.Ref
}

// A Load is one workload, or one of the claims or pods that it makes.
type Load struct {
	Object bulkhead.Ref
	Field  string // of the pod in Object, or of the claim
	Pod    bool   // it is pods, not claims
	Result Result // of one pod or claim, on its own under quotas that are not used
	Counts
	Unbounded bool // there is no peak
}

// Use returns what a load takes of everything that quotas cap, as n of it: one of
// the load's Counts.
func (l Load) Use(n int64) corev1.ResourceList {
	out := make(corev1.ResourceList)
	add(out, l.Result.Charged(), n)
	return out
}

// A Decision is a number that keeps workloads from the next rung.
type Decision struct {
	Object   bulkhead.Ref // the workload that takes most, or that is refused
	Field    string       // of Object, where one place is to blame
	Quota    string       // empty where no quota decides
	Resource corev1.ResourceName
	Need     resource.Quantity // of the resource, for the next rung; on the highest rung, what the peak takes
	Hard     resource.Quantity // what the quota caps it at
	Message  string
	Change   string // what reaches the next rung, if nothing else is in the way
}
