// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/internal/podpolicy"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

// A Boundary names the namespaces on both sides.
type Boundary struct{ Production, Staging []string }

// Options say what the objects do not.
type Options struct {
	// Whole says that the objects are all that the cluster has of the kinds that
	// this package reads, so that what is not there does not exist.
	Whole bool
	// ExpendableCutoff is --expendable-pods-priority-cutoff of the cluster
	// autoscaler; nil is its default, -10.
	ExpendableCutoff *int32
	// LimitedClasses are the classes whose pods the configuration of the API server
	// (ResourceQuota admission, limitedResources with matchScopes) refuses in a
	// namespace without a quota that governs them.
	LimitedClasses []string
	// Usage is what one pod of a workload uses, such as its peak of memory. Of
	// workloads that are not in it nothing is known.
	Usage map[bulkhead.Ref]corev1.ResourceList
}

// A Cluster is what is known of a cluster, ready for questions. It may be used by
// several goroutines at once.
type Cluster struct {
	options             Options
	whole               bool
	unread              []string // objects that could not be read, as missing evidence
	classes             priority.Classes
	policies            []podpolicy.Policy
	homes               map[string]*home
	nodes               []*corev1.Node
	runtimes            runtimes
	production, staging []subject
	boundary            Boundary
	problems            bulkhead.Findings
}

// New reads the objects of a cluster. Objects that it does not know are passed over;
// those that kube-apiserver refuses, and those of a version that it cannot read, are
// among [Cluster.Problems], and what they would have said counts as missing. The
// objects must not change while the Cluster is in use.
//
// A side of the boundary that is empty, a name that no namespace can have, and a
// namespace on both sides are errors: all of them, in one [*bulkhead.InvalidError].
func New(objs []bulkhead.Object, boundary Boundary, options Options) (*Cluster, error) {
	if errs := invalidBoundary(boundary); len(errs) > 0 {
		return nil, &bulkhead.InvalidError{Object: bulkhead.Ref{Kind: "Boundary"}, Errs: errs}
	}
	c := &Cluster{options: options, boundary: boundary, homes: make(map[string]*home)}
	c.problems = bulkhead.Check(objs, quotaRefused(), unreadable(), contradiction(), nowhere(), invalidNode())
	objs = c.readable(objs)
	c.whole = options.Whole && len(c.unread) == 0
	c.classes = priority.Read(objs, c.whole)
	c.policies = podpolicy.Among(objs)
	c.runtimes = runtimesAmong(objs)
	c.nodes = slices.Collect(bulkhead.Each[*corev1.Node](objs))
	c.settle(objs)
	c.production = c.subjects(objs, boundary.Production)
	c.staging = c.subjects(objs, boundary.Staging)
	c.problems = append(c.problems, c.refusedSubjects()...).Sorted()
	return c, nil
}

// Problems returns what is wrong with the objects themselves: each is set aside, and
// every finding names its place.
func (c *Cluster) Problems() bulkhead.Findings { return slices.Clone(c.problems) }

func (c *Cluster) cutoff() int32 {
	if c.options.ExpendableCutoff != nil {
		return *c.options.ExpendableCutoff
	}
	return quota.LowestPriority
}

// elsewhere returns what is missing of a kind of object where the objects may not be
// all there are.
func (c *Cluster) elsewhere(what string) []string {
	if c.whole {
		return nil
	}
	return append(slices.Clone(c.unread), what)
}

func invalidBoundary(b Boundary) field.ErrorList {
	var errs field.ErrorList
	for _, side := range []struct {
		name       string
		namespaces []string
		other      []string
	}{{"production", b.Production, b.Staging}, {"staging", b.Staging, nil}} {
		at := field.NewPath(side.name)
		if len(side.namespaces) == 0 {
			errs = append(errs, field.Required(at, "without a namespace there is nothing to judge"))
		}
		for i, name := range side.namespaces {
			for _, message := range apivalidation.ValidateNamespaceName(name, false) {
				errs = append(errs, field.Invalid(at.Index(i), name, message))
			}
			if slices.Contains(side.other, name) {
				errs = append(errs, field.Invalid(at.Index(i), name, "is in staging too"))
			}
		}
	}
	return errs
}
