// SPDX-License-Identifier: Apache-2.0

package priority

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// The classes that every cluster has, with their values, and the prefix that no
// other class may have (Kubernetes v1.37, pkg/apis/scheduling/types.go).
const (
	ClusterCritical      = "system-cluster-critical"
	NodeCritical         = "system-node-critical"
	ClusterCriticalValue = int32(2_000_000_000)
	NodeCriticalValue    = int32(2_000_001_000)
	systemPrefix         = "system-"
)

// A Class is what a PriorityClass gives to pods.
type Class struct {
	Name  string
	Value int32
	Never bool // preempts nobody

	fallback bool // for pods that name none
}

// Classes are the priority classes that are known of a cluster.
type Classes struct {
	byName   map[string]Class
	twice    map[string]bool // named by objects that disagree
	defaults []Class         // for pods that name none, by rising value
	whole    bool
}

// Read takes the PriorityClasses among objs. Whole says that the cluster has no
// others. Objects that kube-apiserver refuses are for the caller to leave out.
func Read(objs []bulkhead.Object, whole bool) Classes {
	cs := Classes{byName: make(map[string]Class), twice: make(map[string]bool), whole: whole}
	for obj := range bulkhead.Each[*schedulingv1.PriorityClass](objs) {
		class := Class{obj.Name, obj.Value, obj.PreemptionPolicy != nil && *obj.PreemptionPolicy == corev1.PreemptNever, obj.GlobalDefault}
		if other, known := cs.byName[obj.Name]; known && other != class {
			cs.twice[obj.Name] = true
		}
		cs.byName[obj.Name] = class
		if class.fallback && !slices.Contains(cs.defaults, class) {
			cs.defaults = append(cs.defaults, class)
		}
	}
	for _, system := range systemClasses() {
		cs.byName[system.Name] = system
		delete(cs.twice, system.Name)
	}
	slices.SortFunc(cs.defaults, func(a, b Class) int { return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.Name, b.Name)) })
	return cs
}

func systemClasses() []Class {
	return []Class{{Name: ClusterCritical, Value: ClusterCriticalValue}, {Name: NodeCritical, Value: NodeCriticalValue}}
}

// IsSystem reports whether a name is that of a class that every cluster has.
func IsSystem(name string) bool { return name == ClusterCritical || name == NodeCritical }

// All returns the classes by falling value, those of Kubernetes included, and none of
// which two objects disagree.
func (cs Classes) All() []Class {
	var out []Class
	for name, class := range cs.byName {
		if !cs.twice[name] {
			out = append(out, class)
		}
	}
	slices.SortFunc(out, func(a, b Class) int { return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Name, b.Name)) })
	return out
}

// named returns a class, or in the answer why it is not known.
func (cs Classes) named(name string) (Class, Priority) {
	class, known := cs.byName[name]
	switch {
	case cs.twice[name]:
		return Class{}, Priority{Missing: "which of the PriorityClass objects named " + name + " the cluster has"}
	case known:
		return class, Priority{State: Known}
	case strings.HasPrefix(name, systemPrefix):
		return Class{}, Priority{State: Refused, Why: "there is no class " + name + ", and names that begin with " + systemPrefix + " are for Kubernetes' own"}
	case cs.whole:
		return Class{}, Priority{State: Refused, Why: "there is no PriorityClass " + name}
	default:
		return Class{}, Priority{Missing: "PriorityClass " + name}
	}
}

// inherited returns the class that pods without one get. Its name is empty where there
// is no such class, and the value is 0. A cluster has several only after a race, and
// then the one of the lowest value counts (getDefaultPriorityClass).
func (cs Classes) inherited() (Class, Priority) {
	switch {
	case len(cs.defaults) == 0 && cs.whole:
		return Class{}, Priority{State: Known}
	case len(cs.defaults) == 0:
		return Class{}, Priority{Missing: "whether the cluster has a PriorityClass with globalDefault: true"}
	case len(cs.defaults) > 1 && (!cs.whole || cs.disputed()):
		var names []string
		for _, class := range cs.defaults {
			names = append(names, class.Name)
		}
		slices.Sort(names)
		return Class{}, Priority{Missing: "which of the PriorityClass objects " + strings.Join(slices.Compact(names), ", ") + " is the global default"}
	default:
		return cs.named(cs.defaults[0].Name)
	}
}

// disputed reports whether it does not show which of several defaults counts: two have
// the lowest value, or of one it is not known.
func (cs Classes) disputed() bool {
	return cs.defaults[0].Value == cs.defaults[1].Value ||
		slices.ContainsFunc(cs.defaults, func(class Class) bool { return cs.twice[class.Name] })
}
