// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

// Without all rules and peers that other policies are said to allow too, every flow, to
// addresses and to pods, is as it was. Where dataplanes differ in whether policies select
// a pod, the engine does not see that they select it together, so that profiles are asked
// that leave no such pod.
func TestWhatAnotherAllowsCanGo(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		profile := rapid.SampledFrom([]reach.Profile{reach.Reference, reach.Calico, reach.Cilium}).Draw(t, "profile")
		objs := slices.Concat(drawPlaces(t), drawPolicies(t, true))
		for i, np := range slices.Collect(bulkhead.Each[*networkingv1.NetworkPolicy](objs)) {
			objs = append(objs, drawWider(t, np, fmt.Sprint("wider-", i)))
		}
		fields := make(map[bulkhead.Ref][]string)
		for _, f := range bulkhead.Check(objs, netpol.Rules()...) {
			if f.Rule == netpol.AllowedByAnother {
				found++
				fields[f.Object] = append(fields[f.Object], f.Field)
			}
		}
		before, after := newCluster(t, objs, profile), newCluster(t, objs, profile)
		for ref, fields := range fields {
			without := objectOf(objs, ref).DeepCopyObject().(*networkingv1.NetworkPolicy)
			without.Spec.PolicyTypes = typesOf(without)
			slices.SortFunc(fields, func(a, b string) int { return -strings.Compare(a, b) }) // the last first
			for _, field := range fields {
				takeOut(&without.Spec, field)
			}
			after.Update(without)
		}
		if d := reach.Diff(before, after); !d.None() {
			t.Fatalf("%v\nwithout them: %+v", fields, d)
		}
		for _, name := range askedNames(objs) {
			pod := reach.Pod(name)
			out, in, _ := before.External(pod)
			outAfter, inAfter, _ := after.External(pod)
			if fmt.Sprint(out, in) != fmt.Sprint(outAfter, inAfter) {
				t.Fatalf("%v\nwithout them %s could exchange %v %v, and not %v %v", fields, name, outAfter, inAfter, out, in)
			}
		}
	})
	if found == 0 && !testing.Short() { // which draws few clusters
		t.Error("nothing was found")
	}
}

// drawWider draws a policy that is mostly as another, and wider in a place or two.
func drawWider(t *rapid.T, np *networkingv1.NetworkPolicy, name string) *networkingv1.NetworkPolicy {
	out := np.DeepCopy()
	out.Name = name
	if rapid.Bool().Draw(t, "every pod") {
		out.Spec.PodSelector.MatchLabels, out.Spec.PodSelector.MatchExpressions = nil, nil
	}
	widen := func(peers []networkingv1.NetworkPolicyPeer, ports *[]networkingv1.NetworkPolicyPort) {
		for i := range peers {
			if peers[i].PodSelector != nil && peers[i].NamespaceSelector != nil && rapid.Bool().Draw(t, "every peer") {
				peers[i].PodSelector = nil
			}
		}
		switch rapid.IntRange(0, 3).Draw(t, "ports") {
		case 0:
			*ports = nil
		case 1:
			*ports = append(*ports, drawPorts(t)...)
		default:
		}
	}
	for i := range out.Spec.Ingress {
		widen(out.Spec.Ingress[i].From, &out.Spec.Ingress[i].Ports)
	}
	for i := range out.Spec.Egress {
		widen(out.Spec.Egress[i].To, &out.Spec.Egress[i].Ports)
	}
	return out
}
