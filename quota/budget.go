// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Compute is an amount of processor time and of memory.
type Compute struct {
	CPU    resource.Quantity // cores
	Memory resource.Quantity // bytes
}

// A Budget says what a namespace may take. What is not set is zero: no claims and
// no storage where those are left out, and an error for all the rest, since pods
// cannot do without.
type Budget struct {
	Requests Compute // of all pods together, what the scheduler reserves
	Limits   Compute // of all pods together, what they may use at most
	Pods     int64   // that have not ended; a rollout needs up to twice the replicas

	Pod            Compute // the most that the limits of one pod add up to
	Default        Compute // the limits of a container that names none
	DefaultRequest Compute // the requests of a container that names none

	Storage resource.Quantity // of all claims together, bytes
	Claims  int64             // PersistentVolumeClaims
}

// What no cluster has. Pods are counted in "Considerations for large clusters"
// (Kubernetes documentation): 150,000 in one cluster.
const (
	mostCores = 1_000_000
	mostBytes = 1 << 60
	mostCount = 150_000
)

// least is what a container must request and may not limit itself below. It is all
// but nothing, but it is not zero: a limit of zero bytes counts as none on the
// node, and is charged as none.
func least() Compute {
	return Compute{CPU: *resource.NewMilliQuantity(1, resource.DecimalSI), Memory: *resource.NewQuantity(1<<20, resource.BinarySI)}
}

// invalid returns all that is wrong with a budget, by the names of its fields.
func (b Budget) invalid() field.ErrorList {
	var errs field.ErrorList
	at := func(name string) *field.Path { return field.NewPath("budget", name) }
	pairs := []struct {
		name  string
		value Compute
	}{
		{"requests", b.Requests},
		{"limits", b.Limits},
		{"pod", b.Pod},
		{"default", b.Default},
		{"defaultRequest", b.DefaultRequest},
	}
	for _, pair := range pairs {
		errs = append(errs, positive(pair.value.CPU, mostCores, resource.Milli, at(pair.name).Child("cpu"))...)
		errs = append(errs, positive(pair.value.Memory, mostBytes, 0, at(pair.name).Child("memory"))...)
	}
	errs = append(errs, count(b.Pods, at("pods"))...)
	if b.Pods == 0 {
		errs = append(errs, field.Required(at("pods"), "no pod could run"))
	}
	errs = append(errs, count(b.Claims, at("claims"))...)
	if b.Storage.Sign() != 0 {
		errs = append(errs, positive(b.Storage, mostBytes, 0, at("storage"))...)
	}
	if b.Storage.IsZero() != (b.Claims == 0) {
		errs = append(errs, field.Invalid(at("storage"), b.Storage.String(), "storage needs claims, and claims storage"))
	}
	errs = append(errs, within(b.Requests, b.Limits, at("requests"), "the limits")...)
	errs = append(errs, within(b.Pod, b.Limits, at("pod"), "the limits of all pods")...)
	errs = append(errs, within(b.Default, b.Pod, at("default"), "what one pod may have")...)
	errs = append(errs, within(b.DefaultRequest, b.Default, at("defaultRequest"), "the default limit")...)
	errs = append(errs, within(b.DefaultRequest, b.Requests, at("defaultRequest"), "the requests of all pods")...)
	errs = append(errs, tooSmall(b.DefaultRequest, at("defaultRequest"))...)
	return errs
}

// positive refuses amounts that are zero, negative, larger than any cluster has, or
// finer than scale.
func positive(amount resource.Quantity, most int64, scale resource.Scale, at *field.Path) field.ErrorList {
	exact := amount.DeepCopy()
	switch {
	case amount.IsZero():
		return field.ErrorList{field.Required(at, "zero; a limit of zero is no limit on the node")}
	case amount.Sign() < 0:
		return field.ErrorList{field.Invalid(at, amount.String(), "must not be negative")}
	case amount.CmpInt64(most) > 0:
		return field.ErrorList{field.Invalid(at, amount.String(), "more than any cluster has")}
	case !exact.RoundUp(scale):
		return field.ErrorList{field.Invalid(at, amount.String(), "too fine; m is a thousandth, M a million and Mi 1048576")}
	default:
		return nil
	}
}

func count(n int64, at *field.Path) field.ErrorList {
	switch {
	case n < 0:
		return field.ErrorList{field.Invalid(at, n, "must not be negative")}
	case n > mostCount:
		return field.ErrorList{field.Invalid(at, n, "more than any cluster has")}
	default:
		return nil
	}
}

// tooSmall refuses default requests below the least.
func tooSmall(request Compute, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	if low := least().CPU; request.CPU.Sign() > 0 && request.CPU.Cmp(low) < 0 {
		errs = append(errs, field.Invalid(at.Child("cpu"), request.CPU.String(), "a container requests at least "+low.String()))
	}
	if low := least().Memory; request.Memory.Sign() > 0 && request.Memory.Cmp(low) < 0 {
		errs = append(errs, field.Invalid(at.Child("memory"), request.Memory.String(), "a container requests at least "+low.String()))
	}
	return errs
}

// within refuses amounts above others. Amounts that are not positive are refused
// elsewhere.
func within(low, high Compute, at *field.Path, words string) field.ErrorList {
	var errs field.ErrorList
	for _, c := range []struct {
		name      string
		low, high resource.Quantity
	}{{"cpu", low.CPU, high.CPU}, {"memory", low.Memory, high.Memory}} {
		if c.low.Sign() > 0 && c.high.Sign() > 0 && c.low.Cmp(c.high) > 0 {
			errs = append(errs, field.Invalid(at.Child(c.name), c.low.String(), "above "+words+", "+c.high.String()))
		}
	}
	return errs
}
