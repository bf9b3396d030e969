// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

// flowsOf returns all flows of a cluster, by their ends and verdict.
func flowsOf(c *reach.Cluster) map[string]string {
	out := make(map[string]string)
	for f := range c.Flows() {
		out[fmt.Sprint(f.From, " ", f.To, " ", f.Verdict)] = f.Ports.String()
	}
	return out
}

// A cluster that learns of objects one by one, and forgets some, answers as one that
// is made of what is left.
func TestUpdatedEqualsFresh(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places, policies := drawPlaces(t), drawPolicies(t, true)
		all := slices.Concat(places, policies)
		split := rapid.IntRange(0, len(all)).Draw(t, "split")
		c := newCluster(t, all[:split], reach.Generic)
		c.Update(all[split:]...)
		if got, want := flowsOf(c), flowsOf(newCluster(t, all, reach.Generic)); !maps.Equal(got, want) {
			t.Fatalf("after the update %v, want %v", got, want)
		}
		kept := rapid.IntRange(0, len(policies)).Draw(t, "kept")
		for _, gone := range policies[kept:] {
			c.Remove(bulkhead.RefTo(gone))
		}
		if got, want := flowsOf(c), flowsOf(newCluster(t, slices.Concat(places, policies[:kept]), reach.Generic)); !maps.Equal(got, want) {
			t.Fatalf("after the removal %v, want %v", got, want)
		}
	})
}

// Without a policy, or a rule of a NetworkPolicy, that is said to change nothing, all
// flows are the same, and so is what each end exchanges with addresses.
func TestWhatIsRedundantChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		profile := rapid.SampledFrom([]reach.Profile{reach.Reference, reach.Generic}).Draw(t, "profile")
		objs := slices.Concat(drawPlaces(t), drawPolicies(t, true))
		c := newCluster(t, objs, profile)
		for _, r := range c.Redundant() {
			without := newCluster(t, objs, profile)
			np, ok := objectOf(objs, r.Policy).(*networkingv1.NetworkPolicy)
			switch {
			case r.Field == "":
				without.Remove(r.Policy)
			case ok:
				less := np.DeepCopy()
				less.Spec.PolicyTypes = typesOf(np)
				takeOut(&less.Spec, r.Field)
				without.Update(less)
			default:
				continue
			}
			if d := reach.Diff(c, without); !d.None() {
				t.Fatalf("without %v: %+v", r, d)
			}
			for _, name := range askedNames(objs) {
				out, in, _ := c.External(reach.Pod(name))
				outAfter, inAfter, _ := without.External(reach.Pod(name))
				if fmt.Sprint(out, in) != fmt.Sprint(outAfter, inAfter) {
					t.Fatalf("without %v %s exchanges %v %v, and with it %v %v", r, name, outAfter, inAfter, out, in)
				}
			}
		}
	})
}

// A policy that denies the nodes is not redundant beside one that isolates the pods,
// since that one alone leaves them their own node.
func TestDenyingTheOwnNodeIsNotRedundant(t *testing.T) {
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node"}}
	node.Status.Addresses = []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: "172.18.0.1"}}
	pod := examplePod("shop", "web")
	pod.Spec.NodeName = node.Name
	deny := &policyv1alpha2.ClusterNetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: "nodes"}, Spec: policyv1alpha2.ClusterNetworkPolicySpec{
		Tier: policyv1alpha2.AdminTier, Subject: policyv1alpha2.ClusterNetworkPolicySubject{Namespaces: &metav1.LabelSelector{}},
		Egress: []policyv1alpha2.ClusterNetworkPolicyEgressRule{{
			Action: policyv1alpha2.ClusterNetworkPolicyRuleActionDeny,
			To:     []policyv1alpha2.ClusterNetworkPolicyEgressPeer{{Networks: []policyv1alpha2.CIDR{"172.18.0.0/24"}}},
		}},
	}}
	c := newCluster(t, []bulkhead.Object{node, pod, netpol.DefaultDeny("shop"), deny}, reach.Reference)
	if got := c.Redundant(); len(got) > 0 {
		t.Errorf("redundant: %v", got)
	}
}

// What a pod can exchange with an address outside is the same as asked for that
// address alone.
func TestExternalAgreesWithQuestions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := slices.Concat(drawPlaces(t), drawPolicies(t, true))
		c := newCluster(t, objs, reach.Reference)
		has := func(list []reach.External, address string, port reach.Port) reach.Verdict {
			verdict := reach.Denied
			for _, e := range list {
				in := slices.ContainsFunc(e.Prefixes, func(p netip.Prefix) bool { return p.Contains(netip.MustParseAddr(address)) })
				if in && e.Ports.Has(port) {
					verdict = e.Verdict
				}
			}
			return verdict
		}
		for _, name := range askedNames(objs)[len(someAddresses):] {
			out, in, known := c.External(reach.Pod(name))
			if !known {
				t.Fatalf("%s is not known", name)
			}
			for _, address := range []string{"192.0.2.7", "203.0.113.9", "2001:db8::7"} {
				for _, port := range askedPorts() {
					if got, want := has(out, address, port), c.Allowed(reach.Pod(name), endpoint(t, address), port); got != want.Verdict {
						t.Fatalf("%s to %s, %s: %s, want %s\n%v", name, address, port, got, want.Verdict, want.Why())
					}
					if got, want := has(in, address, port), c.Allowed(endpoint(t, address), reach.Pod(name), port); got != want.Verdict {
						t.Fatalf("%s to %s, %s: %s, want %s\n%v", address, name, port, got, want.Verdict, want.Why())
					}
				}
			}
		}
	})
}

// replicas returns pods of one ReplicaSet, each on a node of its own.
func replicas(namespace, name string, n int) []bulkhead.Object {
	set := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	objs := []bulkhead.Object{set}
	for i := range n {
		pod := examplePod(namespace, fmt.Sprint(name, "-", i))
		pod.Labels = map[string]string{"app": name}
		pod.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: name, Controller: new(true)}}
		pod.Spec.NodeName = fmt.Sprint("node-", i)
		objs = append(objs, pod)
	}
	return objs
}

// Asked about itself, a workload answers for two of its pods, of which neither is the
// other.
func TestWorkloadAndItself(t *testing.T) {
	deny := netpol.DefaultDeny("shop")
	for n, want := range map[int]reach.Verdict{1: reach.Allowed, 2: reach.Denied, 3: reach.Denied} {
		a := newCluster(t, append(replicas("shop", "web", n), deny), reach.Generic).Allowed(reach.Pod("shop/web"), reach.Pod("shop/web"), reach.TCP(80))
		if a.Verdict != want {
			t.Errorf("of %d pods: %s, want %s\n%v", n, a.Verdict, want, a.Why())
		}
	}
}

// The number of pods that nothing tells apart costs nothing: two workloads of 10,000
// pods each make 100 million pairs.
func TestPodsThatNothingTellsApartAreAskedOnce(t *testing.T) {
	pods := 10_000
	if testing.Short() {
		pods = 1_000
	}
	objs := append(replicas("shop", "web", pods), netpol.DefaultDeny("shop"))
	c := newCluster(t, append(objs, replicas("shop", "db", pods)...), reach.Reference)
	if a := c.Allowed(reach.Pod("shop/web"), reach.Pod("shop/db"), reach.TCP(80)); a.Verdict != reach.Denied {
		t.Error(a.Verdict)
	}
	for f := range c.Flows() {
		t.Errorf("%s to %s", f.From, f.To)
	}
}

// A block of a new policy may cut through pods that nothing told apart before.
func TestAnUpdateCutsPodsApartByTheirAddresses(t *testing.T) {
	near, far := examplePod("shop", "near"), examplePod("shop", "far")
	near.Labels, far.Labels = map[string]string{"app": "web"}, map[string]string{"app": "web"}
	near.Status.PodIP, far.Status.PodIP = "10.0.0.1", "10.0.0.9"
	block := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "lab", Name: "block"}, Spec: networkingv1.NetworkPolicySpec{
		Ingress: []networkingv1.NetworkPolicyIngressRule{{From: []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.8/29"}}}}},
	}}
	c := newCluster(t, []bulkhead.Object{near, far, examplePod("lab", "db")}, reach.Reference)
	c.Update(block)
	for name, want := range map[string]reach.Verdict{"shop/near": reach.Denied, "shop/far": reach.Allowed} {
		if a := c.Allowed(reach.Pod(name), reach.Pod("lab/db"), reach.TCP(5432)); a.Verdict != want {
			t.Errorf("%s: %s, want %s\n%v", name, a.Verdict, want, a.Why())
		}
	}
}
