// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
)

// What is wrong with the objects that a [Cluster] is read from. These are findings of
// [Cluster.Problems] and no rules of [Rules]; what kube-apiserver refuses stands there
// under the IDs of package quota.
const (
	// Unreadable is an object of a kind that matters in a version that is not read.
	Unreadable = "schedule/unreadable"
	// Contradiction is one of several objects of one name that differ.
	Contradiction = "schedule/contradiction"
	// NoNamespace is a workload that leaves its namespace to kubectl.
	NoNamespace = "schedule/no-namespace"
	// InvalidNode is an amount of a node that none can have.
	InvalidNode = "schedule/invalid-node"
)

// quotaRefused reports what kube-apiserver refuses of quotas, limits and classes.
func quotaRefused() bulkhead.Rule {
	return bulkhead.Rule{ID: quota.Invalid, Severity: bulkhead.Error, Run: func(p *bulkhead.Pass) {
		for _, obj := range p.Objects {
			switch obj.(type) {
			case *corev1.ResourceQuota, *corev1.LimitRange, *schedulingv1.PriorityClass:
				for _, f := range refusesQuota(obj) {
					p.Reportf(obj, at(f.Field), f.Fix, "%s", f.Message)
				}
			}
		}
	}}
}

// at turns a field that was written out into a path again.
func at(text string) *field.Path {
	if text == "" {
		return nil
	}
	return field.NewPath(text)
}

func unreadable() bulkhead.Rule {
	return bulkhead.Rule{ID: Unreadable, Severity: bulkhead.Warning, Run: func(p *bulkhead.Pass) {
		for _, obj := range p.Objects {
			if kind, version := reads(obj); kind && !version {
				p.Reportf(obj, field.NewPath("apiVersion"), "write it in the version v1", "nothing is read from an object of this version")
			}
		}
	}}
}

func contradiction() bulkhead.Rule {
	return bulkhead.Rule{ID: Contradiction, Severity: bulkhead.Warning, Run: func(p *bulkhead.Pass) {
		first := make(map[bulkhead.Ref]bulkhead.Object)
		for _, obj := range p.Objects {
			if !holdsOnlyOne(obj) {
				continue
			}
			ref := bulkhead.RefTo(obj)
			if other, known := first[ref]; known && !same(obj, other) {
				p.Reportf(obj, field.NewPath("metadata", "name"), "keep the one that the cluster has", "two objects of this name differ, and neither counts")
			}
			first[ref] = obj
		}
	}}
}

func nowhere() bulkhead.Rule {
	return bulkhead.Rule{ID: NoNamespace, Severity: bulkhead.Warning, Run: func(p *bulkhead.Pass) {
		for _, obj := range p.Objects {
			kind, version := reads(obj)
			if kind && version && obj.GetNamespace() == "" && bulkhead.Namespaced(bulkhead.RefTo(obj)) {
				p.Reportf(obj, field.NewPath("metadata", "namespace"), "write the namespace down", "without a namespace it is on neither side")
			}
		}
	}}
}

func invalidNode() bulkhead.Rule {
	return bulkhead.Rule{ID: InvalidNode, Severity: bulkhead.Error, Run: func(p *bulkhead.Pass) {
		for node := range bulkhead.Each[*corev1.Node](p.Objects) {
			for _, name := range capped() {
				if amount := node.Status.Allocatable[name]; amount.Sign() < 0 {
					p.Reportf(node, field.NewPath("status", "allocatable").Key(string(name)), "", "less than nothing; it counts as nothing")
				}
			}
		}
	}}
}

// capped returns the resources that are added up.
func capped() []corev1.ResourceName {
	return []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory}
}
