// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/watertight-go/watertight/bulkhead"
)

// NamespaceNameLabel is a namespaceSelector that asks for a namespace by name, by
// a label that nothing sets.
const NamespaceNameLabel = "netpol/namespace-name-label"

func namespaceNameLabel(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for np := range n.eachPolicy() {
		for rule := range effectiveRules(np.obj) {
			for i, peer := range rule.peers {
				if peer.NamespaceSelector == nil {
					continue
				}
				key, name, ok := n.unlabelled(compile(peer.NamespaceSelector))
				if !ok {
					continue
				}
				p.Reportf(np.obj, rule.peersPath().Index(i).Child("namespaceSelector"),
					"select the namespace by "+corev1.LabelMetadataName,
					"%s, so the entry lets nothing through", n.whyUnlabelled(name, key))
			}
		}
	}
}

// unlabelled returns a label that a selector asks for, with the names of namespaces
// as values, which none of these have, and the first name. Ok is false if another
// namespace of the set matches the selector: then the label means something else.
func (n neighbours) unlabelled(selector labels.Selector) (key, name string, ok bool) {
	if selector == nil {
		return "", "", false
	}
	requirements, _ := selector.Requirements()
	for _, r := range requirements {
		if !asksForValue(r) || r.Key() == corev1.LabelMetadataName {
			continue
		}
		other := slices.ContainsFunc(r.ValuesUnsorted(), func(value string) bool { return !n.lacks(value, r.Key()) })
		if !other && len(r.ValuesUnsorted()) > 0 {
			return r.Key(), slices.Min(r.ValuesUnsorted()), !n.selectsSome(selector)
		}
	}
	return "", "", false
}

// lacks reports whether a label value is the name of a namespace that is known not
// to have the label. The word default means many things, and counts as a name under
// a key that speaks of names.
func (n neighbours) lacks(value, key string) bool {
	set, present := n.namespaces[value]
	if value == metav1.NamespaceDefault && !strings.Contains(strings.ToLower(key), "name") {
		return false
	}
	return !set.Has(key) && (present || madeByKubernetes(value))
}

func (n neighbours) selectsSome(namespaces labels.Selector) bool {
	for _, set := range n.namespaces {
		if namespaces.Matches(set) {
			return true
		}
	}
	return false
}

func (n neighbours) whyUnlabelled(name, key string) string {
	if _, present := n.namespaces[name]; present {
		return fmt.Sprintf("the manifest of namespace %s does not give it the label %s=%[1]s", name, key)
	}
	return fmt.Sprintf("Kubernetes does not give namespace %s the label %s=%[1]s and somebody would have to", name, key)
}

// madeByKubernetes reports whether a namespace is one that the control plane
// makes, without any label but its name (Kubernetes 1.37,
// pkg/controlplane/controller/systemnamespaces; documentation, "Namespaces").
func madeByKubernetes(name string) bool {
	return slices.Contains([]string{
		metav1.NamespaceDefault, metav1.NamespaceSystem, metav1.NamespacePublic, corev1.NamespaceNodeLease,
	}, name)
}
