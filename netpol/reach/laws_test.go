// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"maps"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"pgregory.net/rapid"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// Forms of the same policies, as people and machines write them.
func TestFormsThatMeanTheSame(t *testing.T) {
	forms := map[string]func(*rapid.T, []bulkhead.Object) []bulkhead.Object{
		"in another order": func(t *rapid.T, objs []bulkhead.Object) []bulkhead.Object {
			r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 0))
			r.Shuffle(len(objs), func(i, j int) { objs[i], objs[j] = objs[j], objs[i] })
			return objs
		},
		"a policy for each rule":             eachPolicy(onePerRule),
		"a rule for each peer":               eachPolicy(onePerPeer),
		"a rule for each port":               eachPolicy(onePerPort),
		"all that the API server fills in":   eachPolicy(defaulted),
		"an expression for each label":       eachPolicy(asExpressions),
		"everything twice":                   func(_ *rapid.T, objs []bulkhead.Object) []bulkhead.Object { return append(objs, copies(objs)...) },
		"rules in the other order":           eachPolicy(reversed),
		"the policies of a namespace in one": func(_ *rapid.T, objs []bulkhead.Object) []bulkhead.Object { return mergedPolicies(objs) },
	}
	// Of two policies that may select a pod the engine does not know that they do so
	// together, so that it knows less of a policy that was cut in two.
	cut := map[string]bool{"a policy for each rule": true, "the policies of a namespace in one": true}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				profile := reach.Reference
				if !cut[name] && rapid.Bool().Draw(t, "generic") {
					profile = reach.Generic
				}
				objs := slices.Concat(drawPlaces(t), drawPolicies(t, true))
				want := flowsOf(newCluster(t, objs, profile))
				if got := flowsOf(newCluster(t, form(t, copies(objs)), profile)); !maps.Equal(got, want) {
					t.Fatal(cmp.Diff(want, got))
				}
			})
		})
	}
}

func copies(objs []bulkhead.Object) []bulkhead.Object {
	out := make([]bulkhead.Object, len(objs))
	for i, obj := range objs {
		out[i] = obj.DeepCopyObject().(bulkhead.Object)
	}
	return out
}

// A namespace and labels of other names give the same flows under those names.
func TestRenamedEverywhereIsRenamedInFlows(t *testing.T) {
	names := strings.NewReplacer(`"shop"`, `"zoo"`, `"app"`, `"part-of"`, `"a"`, `"alpha"`, `"web"`, `"http"`)
	rapid.Check(t, func(t *rapid.T) {
		objs := slices.Concat(drawPlaces(t), drawPolicies(t, true))
		want := make(map[string]string)
		for ends, ports := range flowsOf(newCluster(t, objs, reach.Generic)) {
			want[strings.ReplaceAll(ends, "shop/", "zoo/")] = ports
		}
		got := flowsOf(newCluster(t, rewritten(t, objs, names), reach.Generic))
		if !maps.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
	})
}

// What allows more takes nothing away, where the pods that it selects are selected
// already.
func TestAllowingMoreRemovesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := slices.Concat(drawPlaces(t), drawPolicies(t, true))
		more := copies(objs)
		for _, obj := range more {
			if np, ok := obj.(*networkingv1.NetworkPolicy); ok {
				np.Spec.PolicyTypes = typesOf(np)
				np.Spec.Ingress = append(np.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: drawPeers(t), Ports: drawPorts(t)})
				np.Spec.Egress = append(np.Spec.Egress, networkingv1.NetworkPolicyEgressRule{To: drawPeers(t), Ports: drawPorts(t)})
			}
		}
		before, after := newCluster(t, objs, reach.Reference), newCluster(t, more, reach.Reference)
		diff := reach.Diff(before, after)
		if len(diff.Removed) > 0 {
			t.Fatalf("removed %v", diff.Removed)
		}
		for _, c := range diff.Changed {
			for _, port := range askedPorts() {
				if c.Before.Allowed.Has(port) && !c.After.Allowed.Has(port) {
					t.Fatalf("%s to %s: no longer %s", c.From, c.To, port)
				}
			}
		}
	})
}

// What a change adds, its undoing removes.
func TestDiffIsTheInverseOfTheOther(t *testing.T) {
	equal := cmp.Options{
		cmp.Comparer(func(a, b reach.Endpoint) bool { return a == b }), cmp.Comparer(func(a, b reach.Ports) bool { return a.Equal(b) }),
		cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
	}
	rapid.Check(t, func(t *rapid.T) {
		places := drawPlaces(t)
		a := newCluster(t, slices.Concat(places, drawPolicies(t, true)), reach.Generic)
		b := newCluster(t, slices.Concat(places[:len(places)-1], drawPolicies(t, true)), reach.Generic)
		there, back := reach.Diff(a, b), reach.Diff(b, a)
		var undone []reach.Change
		for _, c := range back.Changed {
			undone = append(undone, reach.Change{From: c.From, To: c.To, Before: c.After, After: c.Before})
		}
		var outside []reach.ExternalChange
		for _, c := range back.External {
			outside = append(outside, reach.ExternalChange{Workload: c.Workload, Direction: c.Direction, Before: c.After, After: c.Before})
		}
		if d := cmp.Diff(there, reach.Changes{Added: back.Removed, Removed: back.Added, Changed: undone, External: outside}, equal); d != "" {
			t.Fatal(d)
		}
		if d := reach.Diff(a, a); !d.None() {
			t.Fatalf("from itself it differs by %+v", d)
		}
	})
}

// Where nothing is open between namespaces, each connection across is denied.
func TestNothingBetweenMeansAllDenied(t *testing.T) {
	empty := 0
	rapid.Check(t, func(t *rapid.T) {
		objs := slices.Concat(drawPlaces(t), drawPolicies(t, true), drawPolicies(t, false))
		c := newCluster(t, objs, reach.Generic)
		from, to := someNamespaces.Draw(t, "from"), someNamespaces.Draw(t, "to")
		for range c.Between([]string{from}, []string{to}) {
			return
		}
		for pod := range bulkhead.Each[*corev1.Pod](objs) {
			for other := range bulkhead.Each[*corev1.Pod](objs) {
				if pod.Namespace != from || other.Namespace != to || pod == other {
					continue
				}
				empty++
				for _, port := range askedPorts() {
					a := c.Allowed(reach.Pod(pod.Namespace+"/"+pod.Name), reach.Pod(other.Namespace+"/"+other.Name), port)
					if a.Verdict != reach.Denied {
						t.Fatalf("%s to %s, %s: %s", pod.Name, other.Name, port, a.Verdict)
					}
				}
			}
		}
	})
	if empty == 0 && !testing.Short() { // which draws few clusters
		t.Error("something was open in every cluster")
	}
}

// The ports of a flow are those that both sides allow, port by port.
func TestPortsAreThoseOfBothSides(t *testing.T) {
	type portBits [3]*big.Int // by protocol
	protocols := []corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP}
	draw := func(t *rapid.T) ([]networkingv1.NetworkPolicyPort, portBits) {
		bits := portBits{new(big.Int), new(big.Int), new(big.Int)}
		var ports []networkingv1.NetworkPolicyPort
		for range rapid.IntRange(1, 4).Draw(t, "entries") {
			p := rapid.IntRange(0, 2).Draw(t, "protocol")
			first := rapid.Int32Range(1, 65535).Draw(t, "first")
			last := rapid.Int32Range(first, 65535).Draw(t, "last")
			entry := networkingv1.NetworkPolicyPort{Protocol: &protocols[p], Port: new(intstr.FromInt32(first)), EndPort: &last}
			if rapid.IntRange(0, 7).Draw(t, "all") == 0 {
				first, last, entry.Port, entry.EndPort = 1, 65535, nil, nil
			}
			ports = append(ports, entry)
			for n := first; n <= last; n++ {
				bits[p].SetBit(bits[p], int(n), 1)
			}
		}
		return ports, bits
	}
	rapid.Check(t, func(t *rapid.T) {
		out, in := examplePod("shop", "client"), examplePod("shop", "server")
		egress, want := draw(t)
		ingress, also := draw(t)
		from := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "out"}, Spec: networkingv1.NetworkPolicySpec{
			PodSelector: metav1.LabelSelector{MatchLabels: out.Labels}, PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeEgress},
			Egress: []networkingv1.NetworkPolicyEgressRule{{Ports: egress}},
		}}
		to := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "in"}, Spec: networkingv1.NetworkPolicySpec{
			PodSelector: metav1.LabelSelector{MatchLabels: in.Labels},
			Ingress:     []networkingv1.NetworkPolicyIngressRule{{Ports: ingress}},
		}}
		ports := reach.Ports{}
		for f := range newCluster(t, []bulkhead.Object{out, in, from, to}, reach.Reference).Flows() {
			if f.From == reach.Pod("shop/client") {
				ports = f.Ports
			}
		}
		for p, protocol := range protocols {
			both := new(big.Int).And(want[p], also[p])
			for n := range 65536 {
				if ports.Has(reach.Port{Protocol: protocol, Number: uint16(n)}) != (both.Bit(n) == 1) {
					t.Fatalf("%s %d of %s", protocol, n, ports)
				}
			}
		}
	})
}
