// SPDX-License-Identifier: Apache-2.0

package space_test

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"pgregory.net/rapid"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

// A pod is one of the small world of these tests.
type pod struct{ namespace, labels labels.Set }

// pods are all that selectors of namespaces by env and name, and of pods by app and
// tier, tell apart.
func pods() []pod {
	var out []pod
	for _, namespace := range clusterNamespaces() {
		for _, set := range labelMaps("app", "tier") {
			out = append(out, pod{namespace, set})
		}
	}
	return out
}

func namespacedPods() *rapid.Generator[*policyv1alpha2.NamespacedPod] {
	return rapid.Custom(func(t *rapid.T) *policyv1alpha2.NamespacedPod {
		return &policyv1alpha2.NamespacedPod{
			NamespaceSelector: *selectors("env", name).Draw(t, "namespaces"),
			PodSelector:       *selectors("app", "tier").Draw(t, "pods"),
		}
	})
}

func podsOf(t *rapid.T, selected *policyv1alpha2.NamespacedPod) space.Pods {
	out, ok := space.ClusterPodsOf(nil, selected)
	if !ok {
		t.Fatalf("%v does not compile", selected)
	}
	return out
}

func TestPodsAreWhatTheirSelectorsMatch(t *testing.T) {
	all := pods()
	rapid.Check(t, func(t *rapid.T) {
		s, other := namespacedPods().Draw(t, "p"), namespacedPods().Draw(t, "q")
		p, q := podsOf(t, s), podsOf(t, other)
		is := func(x pod, selected *policyv1alpha2.NamespacedPod) bool {
			return matches(t, &selected.NamespaceSelector, x.namespace) && matches(t, &selected.PodSelector, x.labels)
		}
		covers, overlaps, some := true, false, false
		for _, x := range all {
			inP, inQ := is(x, s), is(x, other)
			covers, overlaps, some = covers && (inP || !inQ), overlaps || inP && inQ, some || inQ
		}
		if got := q.Empty(); got == some {
			t.Errorf("empty %t, matches some pod %t", got, some)
		}
		if got := p.Overlaps(q); got != overlaps {
			t.Errorf("overlaps %t, some pod is in both %t", got, overlaps)
		}
		if got := p.Covers(q); got != covers && (some || got) {
			t.Errorf("covers %t, every pod is in it %t", got, covers)
		}
	})
}

func TestLawsOfPods(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) space.Pods {
			if rapid.IntRange(0, 9).Draw(t, "none") == 0 {
				return space.Pods{}
			}
			return podsOf(t, namespacedPods().Draw(t, label))
		}
		laws(t, draw("a"), draw("b"), draw("c"), space.Pods{Namespaces: space.AllNamespaces(), Labels: space.AllLabels()})
	})
}

func TestClusterPods(t *testing.T) {
	env := &metav1.LabelSelector{MatchLabels: map[string]string{"env": "a"}}
	broken := &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "app", Operator: "Near"}}}
	inEnv, _ := space.ClusterPodsOf(env, nil)
	some, _ := space.ClusterPodsOf(nil, &policyv1alpha2.NamespacedPod{
		NamespaceSelector: *env, PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"app": "a"}},
	})
	none, ok := space.ClusterPodsOf(nil, nil)
	noNamespaces, namespacesOK := space.ClusterPodsOf(broken, nil)
	noPods, podsOK := space.ClusterPodsOf(nil, &policyv1alpha2.NamespacedPod{PodSelector: *broken})
	for claim, holds := range map[string]bool{
		"namespaces are all of their pods":                inEnv.Covers(some) && !some.Covers(inEnv),
		"without a field nothing is selected":             ok && none.Empty(),
		"a selector of namespaces that does not compile":  !namespacesOK && noNamespaces.Empty(),
		"a selector of pods that does not compile":        !podsOK && noPods.Empty(),
		"the size is that of both, with the names' own 1": some.Size() == 5,
	} {
		if !holds {
			t.Errorf("not true: %s", claim)
		}
	}
}
