// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// reported returns the fields at which a rule finds something in one policy.
func reported(np *networkingv1.NetworkPolicy, id string) []string {
	var out []string
	for _, f := range bulkhead.Check([]bulkhead.Object{np}, ruleOf(id)) {
		out = append(out, f.Field)
	}
	return out
}

// removed returns a policy without the part at a path that ends in an index.
func removed(t *rapid.T, np *networkingv1.NetworkPolicy, path string) *networkingv1.NetworkPolicy {
	data, err := json.Marshal(np)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	steps := regexp.MustCompile(`[a-zA-Z]+|\d+`).FindAllString(path, -1)
	without(tree, steps)
	out := &networkingv1.NetworkPolicy{}
	if data, err = json.Marshal(tree); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// without removes the entry that the last step, an index, leads to.
func without(node any, steps []string) any {
	if list, ok := node.([]any); ok {
		i, err := strconv.Atoi(steps[0])
		if err != nil {
			panic(err)
		}
		if len(steps) == 1 {
			return slices.Delete(list, i, i+1)
		}
		list[i] = without(list[i], steps[1:])
		return list
	}
	fields := node.(map[string]any)
	fields[steps[0]] = without(fields[steps[0]], steps[1:])
	return fields
}

func TestShadowedPartsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		np := smallPolicies(3, 3, 3).Draw(t, "policy")
		before := table(np)
		fields := reported(np, netpol.ShadowedRule)
		// All of them may go at once. The last first, so that paths stay true.
		slices.SortFunc(fields, func(a, b string) int { return -byPath(a, b) })
		for _, path := range fields {
			np = removed(t, np, path)
		}
		if !slices.Equal(before, table(np)) {
			t.Errorf("without %v the policy lets other connections through", fields)
		}
	})
}

// byPath orders paths of one policy so that a part comes before those within it,
// and a list by its indexes.
func byPath(a, b string) int {
	pad := func(s string) string {
		return regexp.MustCompile(`\d+`).ReplaceAllStringFunc(s, func(n string) string { return fmt.Sprintf("%06s", n) })
	}
	switch {
	case pad(a) < pad(b):
		return -1
	case pad(a) > pad(b):
		return 1
	default:
		return 0
	}
}

// Of two rules with one peer and one port each, the rule finds all that there is
// to find.
func TestEveryShadowedRuleIsReported(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		np := smallPolicies(2, 1, 1).Draw(t, "policy")
		fields := reported(np, netpol.ShadowedRule)
		for i := range np.Spec.Ingress {
			path := fmt.Sprintf("spec.ingress[%d]", i)
			gone := removed(t, np, path)
			changes := !slices.Equal(table(np), table(gone))
			switch other := 1 - i; {
			case changes == !slices.Contains(fields, path):
			case changes:
				t.Errorf("%s is reported, and changes something", path)
			case len(np.Spec.Ingress) < 2 || empty(np, i):
				// Nothing is there to shadow it, or it lets nothing through.
			case slices.Contains(fields, fmt.Sprintf("spec.ingress[%d]", other)):
				// They are equal, and one of them is reported.
			case len(reported(np, netpol.ExceptReopened)) > 0:
				// It says so instead.
			default:
				t.Errorf("%s changes nothing, and is not reported", path)
			}
		}
	})
}

// empty reports whether an ingress rule alone lets nothing through.
func empty(np *networkingv1.NetworkPolicy, i int) bool {
	alone := np.DeepCopy()
	alone.Spec.Ingress, alone.Spec.Egress = alone.Spec.Ingress[i:i+1], nil
	return !slices.Contains(table(alone), true)
}

func TestReopenedExceptsChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		np := smallPolicies(3, 3, 2).Draw(t, "policy")
		for _, path := range reported(np, netpol.ExceptReopened) {
			if !slices.Equal(table(np), table(removed(t, np, path))) {
				t.Errorf("without %s the policy lets other connections through", path)
			}
		}
	})
}

// Two blocks in one rule, one of them with an except: it is reported exactly if
// the other block holds all of it.
func TestEveryReopenedExceptIsReported(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		np := smallPolicies(1, 0, 1).Draw(t, "policy")
		blocks := rapid.SliceOfN(smallBlocks(), 2, 3).Draw(t, "blocks")
		for _, block := range blocks {
			np.Spec.Ingress[0].From = append(np.Spec.Ingress[0].From, networkingv1.NetworkPolicyPeer{IPBlock: block})
		}
		fields := reported(np, netpol.ExceptReopened)
		for i, block := range blocks {
			for k, except := range block.Except {
				want := !slices.ContainsFunc(remotes(), func(r remote) bool {
					return r.address.IsValid() && inBlock(&networkingv1.IPBlock{CIDR: except}, r.address) &&
						!slices.ContainsFunc(blocks, func(b *networkingv1.IPBlock) bool { return inBlock(b, r.address) })
				})
				path := fmt.Sprintf("spec.ingress[0].from[%d].ipBlock.except[%d]", i, k)
				if got := slices.Contains(fields, path); got != want {
					t.Errorf("%s: reported %t, let in by others %t", path, got, want)
				}
			}
		}
	})
}

func TestContradictoryAreSelectorsThatMatchNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		np := smallPolicies(1, 1, 0).Draw(t, "policy")
		np.Spec.PodSelector = *smallSelectors("app").Draw(t, "subject")
		matchesSome := slices.ContainsFunc(remotes(), func(r remote) bool {
			return !r.address.IsValid() && selects(&np.Spec.PodSelector, r.pod)
		})
		if got := slices.Contains(reported(np, netpol.ContradictorySelector), "spec.podSelector"); got == matchesSome {
			t.Errorf("subject %v: reported %t, matches some pod %t", np.Spec.PodSelector, got, matchesSome)
		}
		for _, peer := range np.Spec.Ingress[0].From {
			if peer.NamespaceSelector == nil {
				continue
			}
			matchesSome := slices.ContainsFunc(remotes(), func(r remote) bool {
				return !r.address.IsValid() && selects(peer.NamespaceSelector, r.namespace)
			})
			path := "spec.ingress[0].from[0].namespaceSelector"
			if got := slices.Contains(reported(np, netpol.ContradictorySelector), path); got == matchesSome {
				t.Errorf("%v: reported %t, matches some namespace %t", peer.NamespaceSelector, got, matchesSome)
			}
		}
	})
}

// A selector is every-namespace's if it matches whatever labels a namespace has,
// and open-ended-selector's if it matches one with its name alone, and not all.
func TestSelectorsByWhatTheyMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		selector := smallNamespaces().Draw(t, "namespaces")
		np := smallPolicies(1, 0, 0).Draw(t, "policy")
		np.Spec.Ingress[0].From = []networkingv1.NetworkPolicyPeer{{NamespaceSelector: selector}}
		all, bare := true, selects(selector, labels.Set{"kubernetes.io/metadata.name": "nobody-named-it"})
		for _, r := range remotes() {
			all = all && (r.address.IsValid() || selects(selector, r.namespace))
		}
		path := "spec.ingress[0].from[0].namespaceSelector"
		if got := slices.Contains(reported(np, netpol.EveryNamespace), path); got != all {
			t.Errorf("every-namespace %t, matches all %t", got, all)
		}
		if got := slices.Contains(reported(np, netpol.OpenEndedSelector), path); got != (bare && !all) {
			t.Errorf("open-ended-selector %t, matches an unlabelled namespace %t and all %t", got, bare, all)
		}
	})
}

// A finding names the widest part that covers another, not the next wider one.
func TestShadowedPartsNameWhatCoversThem(t *testing.T) {
	np := sound()
	np.Spec.Egress = nil
	narrow := np.Spec.Ingress[0]
	wider, widest := *narrow.DeepCopy(), networkingv1.NetworkPolicyIngressRule{From: []networkingv1.NetworkPolicyPeer{
		{NamespaceSelector: &metav1.LabelSelector{}},
	}}
	wider.From[0].PodSelector = nil
	np.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{narrow, wider, widest}
	findings := bulkhead.Check([]bulkhead.Object{np}, ruleOf(netpol.ShadowedRule))
	if len(findings) != 2 {
		t.Fatalf("findings: %v", findings)
	}
	for _, f := range findings {
		if !strings.Contains(f.Message, "spec.ingress[2]") {
			t.Errorf("%s does not name spec.ingress[2]", f)
		}
	}
}
