// SPDX-License-Identifier: Apache-2.0

package space_test

import (
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/netpol/internal/space"
)

const name = corev1.LabelMetadataName

// namespaces draws sets with the selectors that they are of.
func namespaces(t *rapid.T, label string) (space.Namespaces, *metav1.LabelSelector) {
	selector := selectors("env", name).Draw(t, label)
	out, ok := space.NamespacesOf(selector)
	if !ok {
		t.Fatalf("%v does not compile", selector)
	}
	return out, selector
}

// clusterNamespaces are all namespaces that selectors over the keys tell apart.
func clusterNamespaces() []labels.Set {
	return slices.DeleteFunc(labelMaps("env", name), func(set labels.Set) bool { return !set.Has(name) })
}

func TestNamespacesAreWhatTheirSelectorsMatch(t *testing.T) {
	all := clusterNamespaces()
	rapid.Check(t, func(t *rapid.T) {
		n, s := namespaces(t, "n")
		m, other := namespaces(t, "m")
		covers, overlaps, some, every := true, false, false, true
		var names []string
		envRequired := true
		for _, set := range all {
			inN, inM := matches(t, s, set), matches(t, other, set)
			covers, overlaps = covers && (inN || !inM), overlaps || inN && inM
			some, every = some || inM, every && inM
			if inM {
				names = append(names, set[name])
			}
			envRequired = envRequired && (set.Has("env") || !inM)
		}
		if got := m.Empty(); got == some {
			t.Errorf("empty %t, matches some namespace %t", got, some)
		}
		if got := n.Overlaps(m); got != overlaps {
			t.Errorf("overlaps %t, some namespace is in both %t", got, overlaps)
		}
		if got := n.Covers(m); got != covers && (some || got) {
			t.Errorf("covers %t, every namespace is in it %t", got, covers)
		}
		if got := m.Covers(space.AllNamespaces()); got != every {
			t.Errorf("covers all %t, matches all %t", got, every)
		}
		if !some {
			return
		}
		slices.Sort(names)
		names = slices.Compact(names)
		confined := !slices.Contains(names, "other")
		if got := m.Names(); confined && !slices.Equal(got, names) || !confined && got != nil {
			t.Errorf("names %v, matches %v", got, names)
		}
		if got := slices.Contains(m.Required(), name); got != confined {
			t.Errorf("requires the name %t, confined to some %t", got, confined)
		}
		if got := slices.Contains(m.Required(), "env"); got != envRequired {
			t.Errorf("requires env %t, every namespace has it %t", got, envRequired)
		}
	})
}

func TestLawsOfNamespaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) space.Namespaces {
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0:
				return space.Namespaces{}
			case 1:
				return space.NamespaceNamed(rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, "name"))
			}
			out, _ := namespaces(t, label)
			return out
		}
		laws(t, draw("a"), draw("b"), draw("c"), space.AllNamespaces())
	})
}

func TestNamespacesByName(t *testing.T) {
	byName := func(names ...string) space.Namespaces {
		out, _ := space.NamespacesOf(&metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
			{Key: name, Operator: metav1.LabelSelectorOpIn, Values: names},
		}})
		return out
	}
	for claim, holds := range map[string]bool{
		"a selector by name is the namespace of the name":           byName("shop").Covers(space.NamespaceNamed("shop")) && space.NamespaceNamed("shop").Covers(byName("shop")),
		"one of two names holds it too":                             byName("shop", "other").Covers(space.NamespaceNamed("shop")),
		"a namespace left to kubectl is none that has a name":       !byName("shop", "own").Overlaps(space.NamespaceNamed("")),
		"a namespace left to kubectl is a namespace":                space.AllNamespaces().Covers(space.NamespaceNamed("")) && !space.NamespaceNamed("").Empty(),
		"no namespace is without its name":                          space.AllNamespaces().Covers(space.NamespaceNamed("shop")) && !byName("shop").Covers(space.AllNamespaces()),
		"a selector by name requires the name":                      slices.Equal(byName("shop").Required(), []string{name}),
		"every namespace requires nothing that somebody has to set": len(space.AllNamespaces().Required()) == 0,
		"the names are in order":                                    slices.Equal(byName("shop", "other", "shop").Names(), []string{"other", "shop"}),
		"no names confine every namespace":                          space.AllNamespaces().Names() == nil,
	} {
		if !holds {
			t.Errorf("not true: %s", claim)
		}
	}
}
