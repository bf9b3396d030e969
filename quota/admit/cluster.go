// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"cmp"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	psaapi "k8s.io/pod-security-admission/api"
	psapolicy "k8s.io/pod-security-admission/policy"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/podpolicy"
)

// A Cluster holds the objects that decide whether others are admitted: quotas,
// LimitRanges, classes, and the labels of namespaces. It does not change, and
// goroutines may share it.
type Cluster struct {
	options       Options
	homes         map[string]*home
	classes       map[string]*schedulingv1.PriorityClass
	globalDefault *schedulingv1.PriorityClass
	runtimes      map[string]*nodev1.RuntimeClass
	storageClass  string // the default one
	nodes         []*corev1.Node
	checks        psapolicy.Evaluator
	policies      []podpolicy.Policy // that judge or change new pods, of all namespaces
	left          doubts             // what was left out
}

// A home is a namespace.
type home struct {
	object   *corev1.Namespace // nil where it is not among the objects
	name     string
	security psaapi.LevelVersion // that is enforced
	limits   []*limitRange       // by name
	quotas   []*quotaState       // by name
	disputed disputes
	policies []podpolicy.Policy // that may look at new pods, and webhooks
	doubts   []Problem          // about what else holds it
	counting map[corev1.ResourceName][]int
}

// New returns what objects decide; others among them are passed over. Nothing is
// kept of the slice, and the objects are not changed. An error is an
// [*OptionsError].
func New(objs []bulkhead.Object, options Options) (*Cluster, error) {
	kept, left := sound(objs)
	return newCluster(kept, left, options, newQuotaState)
}

func newCluster(objs []bulkhead.Object, left doubts, options Options, read func(*corev1.ResourceQuota, Options) *quotaState) (*Cluster, error) {
	options, err := options.completed()
	if err != nil {
		return nil, err
	}
	version := psaapi.MajorMinorVersion(1, options.Minor)
	checks, err := psapolicy.NewEvaluator(psapolicy.DefaultChecks(), &version)
	if err != nil {
		return nil, fmt.Errorf("checks of Pod Security: %w", err)
	}
	c := &Cluster{
		policies: served(podpolicy.Among(objs), options), options: options, left: left, homes: make(map[string]*home), checks: checks,
		classes: make(map[string]*schedulingv1.PriorityClass), runtimes: make(map[string]*nodev1.RuntimeClass),
	}
	var storageClasses []*storagev1.StorageClass
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch o := obj.(type) {
		case *corev1.Namespace:
			h := c.home(o.Name)
			h.object, h.security = o, enforced(o)
		case *corev1.ResourceQuota:
			h := c.home(o.Namespace)
			h.quotas = append(h.quotas, read(o, options))
		case *corev1.LimitRange:
			h := c.home(o.Namespace)
			h.limits = append(h.limits, newLimitRange(o))
		case *schedulingv1.PriorityClass:
			c.classes[o.Name] = o
		case *nodev1.RuntimeClass:
			c.runtimes[o.Name] = o
		case *storagev1.StorageClass:
			storageClasses = append(storageClasses, o)
		case *corev1.Node:
			c.nodes = append(c.nodes, o)
		}
	}
	c.storageClass = defaultStorageClass(storageClasses)
	c.globalDefault = globalDefault(c.classes)
	for ref := range left {
		if ref.Namespace != "" {
			c.home(ref.Namespace)
		}
	}
	for _, h := range c.homes {
		slices.SortStableFunc(h.quotas, func(a, b *quotaState) int { return cmp.Compare(a.object.Name, b.object.Name) })
		slices.SortStableFunc(h.limits, func(a, b *limitRange) int { return cmp.Compare(a.object.Name, b.object.Name) })
		h.disputed = disputesOf(h.limits)
		h.policies = h.forPods(c.policies)
		h.doubts = left.of(h.name)
		h.index()
	}
	return c, nil
}

func (c *Cluster) home(namespace string) *home {
	h := c.homes[namespace]
	if h == nil {
		h = &home{name: namespace, security: unrestricted()}
		c.homes[namespace] = h
	}
	return h
}

// at returns a namespace, without noting it where it is new.
func (c *Cluster) at(namespace string) *home {
	if h := c.homes[namespace]; h != nil {
		return h
	}
	h := &home{name: namespace, security: unrestricted()}
	h.policies = h.forPods(c.policies)
	return h
}

// defaultStorageClass returns the class of claims that name none: the newest that is
// marked so, and by name where they are of one age (Kubernetes v1.37,
// pkg/volume/util/storageclass.go, GetDefaultClass).
func defaultStorageClass(classes []*storagev1.StorageClass) string {
	var found *storagev1.StorageClass
	for _, class := range classes {
		if class.Annotations["storageclass.kubernetes.io/is-default-class"] != "true" &&
			class.Annotations["storageclass.beta.kubernetes.io/is-default-class"] != "true" {
			continue
		}
		switch {
		case found == nil, found.CreationTimestamp.Before(&class.CreationTimestamp):
			found = class
		case found.CreationTimestamp.Equal(&class.CreationTimestamp) && class.Name < found.Name:
			found = class
		}
	}
	if found == nil {
		return ""
	}
	return found.Name
}
