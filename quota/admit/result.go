// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"maps"
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Verdict is kube-apiserver's answer to one object. The zero value is
// Undetermined.
type Verdict int

// The verdicts.
const (
	Undetermined Verdict = iota // it depends on what is missing, see Result.Missing
	Admitted
	Refused
)

// String returns the name of the verdict.
func (v Verdict) String() string {
	switch v {
	case Admitted:
		return "Admitted"
	case Refused:
		return "Refused"
	case Undetermined:
		return "Undetermined"
	default:
		return "Verdict(" + strconv.Itoa(int(v)) + ")"
	}
}

// MarshalText makes the verdict its name in JSON.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// A Stage is the part of kube-apiserver that refuses an object.
type Stage string

// The stages, in the order in which an object comes to them (Kubernetes v1.37,
// pkg/kubeapiserver/options/plugins.go). The amounts that LimitRanges and
// RuntimeClasses fill in are there before Validation.
const (
	Priority      Stage = "Priority"
	RuntimeClass  Stage = "RuntimeClass"
	Validation    Stage = "Validation"
	LimitRanger   Stage = "LimitRanger"
	PodSecurity   Stage = "PodSecurity"
	ResourceQuota Stage = "ResourceQuota"
)

// A Reason is one thing that the server has against an object.
type Reason struct {
	Message    string       // in the server's words
	By         bulkhead.Ref // the quota, LimitRange, Namespace or class that says so; zero for Validation
	Field      string       // of the refused object, as "spec.containers[0].resources"; empty for the whole
	Containers []string     // the names of the containers that it is about, sorted
}

// A Charge is what one quota is charged for an object.
type Charge struct {
	Quota  string
	Amount corev1.ResourceList
}

// A Problem is a place in the input that is wrong, or that names what is missing.
type Problem struct {
	Object  bulkhead.Ref
	Field   string
	Message string
}

// A Result is the answer to one object.
type Result struct {
	Verdict Verdict
	// Stage refused the object; empty if none did.
	Stage Stage
	// Message is what the server answers, after "is forbidden: " or "is invalid: ".
	// Where several LimitRanges or quotas refuse an object the server names one of
	// them, which is chance; this is the first by name, and Reasons has all.
	Message string
	Reasons []Reason
	// Charges lists the quotas that count an admitted object, by name.
	Charges []Charge
	// Missing lists what would decide and is not among the objects.
	Missing []Problem
}

// Containers returns the names of all containers that some reason is about, sorted.
func (r Result) Containers() []string {
	var out []string
	for _, reason := range r.Reasons {
		out = append(out, reason.Containers...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Charged returns what the object is charged, whichever quota counts it. It is empty
// for an object that is not admitted.
func (r Result) Charged() corev1.ResourceList {
	out := make(corev1.ResourceList)
	for _, charge := range r.Charges {
		maps.Copy(out, charge.Amount)
	}
	return out
}

// refuse returns a refusal, of which the first message is the server's.
func refuse(stage Stage, reasons ...Reason) *Result {
	return &Result{Verdict: Refused, Stage: stage, Message: reasons[0].Message, Reasons: reasons}
}
