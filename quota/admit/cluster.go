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
	nodes         int    // that a DaemonSet runs on; zero where it is not known
	checks        psapolicy.Evaluator
}

// A home is a namespace.
type home struct {
	declared bool // by a Namespace object
	name     string
	security psaapi.LevelVersion // that is enforced
	limits   []*limitRange       // by name
	quotas   []*quotaState       // by name
	disputed disputes
}

// New returns what objects decide; others among them are passed over. Nothing is
// kept of the slice, and the objects are not changed. An error is an
// [*OptionsError].
func New(objs []bulkhead.Object, options Options) (*Cluster, error) {
	return newCluster(objs, options, newQuotaState)
}

func newCluster(objs []bulkhead.Object, options Options, read func(*corev1.ResourceQuota, Options) *quotaState) (*Cluster, error) {
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
		options: options, homes: make(map[string]*home), checks: checks,
		classes: make(map[string]*schedulingv1.PriorityClass), runtimes: make(map[string]*nodev1.RuntimeClass),
	}
	var storageClasses []*storagev1.StorageClass
	nodes := 0
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch o := obj.(type) {
		case *corev1.Namespace:
			h := c.home(o.Name)
			h.declared, h.security = true, enforced(o)
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
			nodes++
		}
	}
	if c.nodes = options.Nodes; c.nodes == 0 {
		c.nodes = nodes
	}
	c.storageClass = defaultStorageClass(storageClasses)
	c.globalDefault = globalDefault(c.classes)
	for _, h := range c.homes {
		slices.SortStableFunc(h.quotas, func(a, b *quotaState) int { return cmp.Compare(a.object.Name, b.object.Name) })
		slices.SortStableFunc(h.limits, func(a, b *limitRange) int { return cmp.Compare(a.object.Name, b.object.Name) })
		h.disputed = disputesOf(h.limits)
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
	return &home{name: namespace, security: unrestricted()}
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
