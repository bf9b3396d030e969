// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"maps"
	"slices"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	nodev1 "k8s.io/api/node/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/taint"
)

// runtimes are the RuntimeClasses by name, which add to where pods may run.
type runtimes map[string]*nodev1.RuntimeClass

func runtimesAmong(objs []bulkhead.Object) runtimes {
	out := make(runtimes)
	for class := range bulkhead.Each[*nodev1.RuntimeClass](objs) {
		out[class.Name] = class
	}
	return out
}

// A placement is where the scheduler may put the pods of a workload.
type placement struct {
	node        string // by name
	direct      bool   // past the scheduler, to the kubelet of the node
	selector    map[string]string
	affinity    []corev1.NodeSelectorTerm // any of them; nil asks for nothing
	tolerations []corev1.Toleration
	missing     string // what else decides whether they run there
}

// placementOf reads node name, node selector, required node affinity and tolerations
// of a workload's pods, and what a RuntimeClass adds to them.
func (c *Cluster) placementOf(s subject) placement {
	spec := s.Spec
	p := placement{node: spec.NodeName, selector: spec.NodeSelector, tolerations: slices.Clone(spec.Tolerations)}
	_, daemons := s.Object.(*appsv1.DaemonSet)
	p.direct = p.node != "" && !daemons
	p.missing = s.perhapsRefused()
	if a := spec.Affinity; a != nil && a.NodeAffinity != nil && a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution != nil {
		p.affinity = a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms
		if p.affinity == nil {
			p.affinity = []corev1.NodeSelectorTerm{} // no term matches no node
		}
	}
	if spec.RuntimeClassName != nil && *spec.RuntimeClassName != "" {
		p.runtime(*spec.RuntimeClassName, c.runtimes)
	}
	if a := spec.Affinity; a != nil && a.PodAntiAffinity != nil && len(a.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution) > 0 {
		p.missing = "whom the required podAntiAffinity of " + s.ref.String() + " keeps away"
	}
	if h := c.home(s.ref.Namespace); h.namespace != nil && h.namespace.Annotations["scheduler.alpha.kubernetes.io/node-selector"] != "" {
		p.missing = "whether the API server runs PodNodeSelector, which reads the annotation of Namespace " + h.name
	}
	return p
}

// runtime adds the nodes of a RuntimeClass (plugin/pkg/admission/runtimeclass).
func (p *placement) runtime(name string, known runtimes) {
	class := known[name]
	if class == nil {
		p.missing = "RuntimeClass " + name
		return
	}
	if class.Scheduling == nil {
		return
	}
	merged := make(map[string]string)
	for _, selector := range []map[string]string{class.Scheduling.NodeSelector, p.selector} {
		maps.Copy(merged, selector)
	}
	p.selector = merged
	p.tolerations = append(p.tolerations, class.Scheduling.Tolerations...)
}

// allows reports whether pods may run on a node, now or once its passing conditions are
// gone, and what is missing to say so for certain.
func (p placement) allows(node *corev1.Node) (allowed bool, missing string) {
	if p.node != "" && p.node != node.Name {
		return false, ""
	}
	for key, value := range p.selector {
		if got, there := node.Labels[key]; !there || got != value {
			return false, ""
		}
	}
	if p.affinity != nil && !slices.ContainsFunc(p.affinity, func(term corev1.NodeSelectorTerm) bool { return selects(term, node) }) {
		return false, ""
	}
	for i := range node.Spec.Taints {
		one := &node.Spec.Taints[i]
		switch stays := taint.Of(one); {
		case stays == taint.Passes || p.tolerates(one):
		case stays == taint.MayPass:
			missing = "whether the taint " + one.Key + " of " + bulkhead.RefTo(node).String() + " passes"
		default:
			return false, ""
		}
	}
	return true, missing
}

// tolerates reports whether pods tolerate a taint. Those that go straight to their node
// meet only the kubelet, which minds taints of the effect NoExecute. The controller of a
// DaemonSet minds them all before it makes a pod for a node, be it the one that the
// template names (Kubernetes v1.37, pkg/controller/daemon/daemon_controller.go,
// nodeShouldRunDaemonPod).
func (p placement) tolerates(one *corev1.Taint) bool {
	return p.direct && one.Effect != corev1.TaintEffectNoExecute || taint.Tolerated(one, p.tolerations)
}

// selects reports whether a term of a node affinity selects a node. An empty term
// selects none (k8s.io/component-helpers v0.37, scheduling/corev1/nodeaffinity).
func selects(term corev1.NodeSelectorTerm, node *corev1.Node) bool {
	if len(term.MatchExpressions)+len(term.MatchFields) == 0 {
		return false
	}
	for _, r := range term.MatchExpressions {
		value, there := node.Labels[r.Key]
		if !meets(r, value, there) {
			return false
		}
	}
	for _, r := range term.MatchFields {
		if r.Key != "metadata.name" || !meets(r, node.Name, true) {
			return false
		}
	}
	return true
}

func meets(r corev1.NodeSelectorRequirement, value string, there bool) bool {
	switch r.Operator {
	case corev1.NodeSelectorOpIn:
		return there && slices.Contains(r.Values, value)
	case corev1.NodeSelectorOpNotIn:
		return !there || !slices.Contains(r.Values, value)
	case corev1.NodeSelectorOpExists:
		return there
	case corev1.NodeSelectorOpDoesNotExist:
		return !there
	case corev1.NodeSelectorOpGt, corev1.NodeSelectorOpLt:
		if len(r.Values) != 1 {
			return false
		}
		bound, err := strconv.ParseInt(r.Values[0], 10, 64)
		n, err2 := strconv.ParseInt(value, 10, 64)
		return there && err == nil && err2 == nil && (r.Operator == corev1.NodeSelectorOpGt && n > bound || r.Operator == corev1.NodeSelectorOpLt && n < bound)
	default:
		return false
	}
}
