// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol/reach"
)

// askedPorts are those around which random policies decide.
func askedPorts() []reach.Port {
	var out []reach.Port
	for number := uint16(78); number <= 88; number++ {
		out = append(out, reach.TCP(number), reach.UDP(number), reach.SCTP(number))
	}
	return out
}

// askedNames are the ends of all connections of a cluster.
func askedNames(objs []bulkhead.Object) []string {
	out := slices.Clone(someAddresses)
	for pod := range bulkhead.Each[*corev1.Pod](objs) {
		out = append(out, pod.Namespace+"/"+pod.Name)
	}
	return out
}

func newCluster(t interface{ Fatal(...any) }, objs []bulkhead.Object, profile reach.Profile) *reach.Cluster {
	c, err := reach.New(objs, reach.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func endpoint(t interface{ Fatal(...any) }, name string) reach.Endpoint {
	e, err := reach.ParseEndpoint(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The engine, which works on sets of classes, answers as the text of the API does.
// With -rapid.checks=500 it is asked more than a million questions.
func TestAgreesWithALiteralReading(t *testing.T) {
	asked := 0
	defer func() { t.Logf("%d questions", asked) }()
	rapid.Check(t, func(t *rapid.T) {
		objs := append(drawPlaces(t), drawPolicies(t, true)...)
		o, c := newOracle(objs), newCluster(t, objs, reach.Reference)
		names := askedNames(objs)
		for _, from := range names {
			for _, to := range names {
				for _, port := range askedPorts() {
					asked++
					want := reach.Denied
					if o.allowed(from, to, port) {
						want = reach.Allowed
					}
					got := c.Allowed(endpoint(t, from), endpoint(t, to), port)
					if got.Verdict != want {
						t.Fatalf("%s to %s, %s: %s, want %s\n%v", from, to, port, got.Verdict, want, got.Why())
					}
				}
			}
		}
	})
}

// Flows are the same connections as single questions, whatever the profile.
func TestFlowsAgreeWithQuestions(t *testing.T) {
	profiles := rapid.SampledFrom([]reach.Profile{reach.Generic, reach.Calico, reach.Cilium, reach.Reference})
	rapid.Check(t, func(t *rapid.T) {
		objs := append(drawPlaces(t), drawPolicies(t, true)...)
		c := newCluster(t, objs, profiles.Draw(t, "profile"))
		allowed, unknown := make(map[string]reach.Ports), make(map[string]reach.Ports)
		for f := range c.Flows() {
			key := fmt.Sprint(f.From, " ", f.To)
			if f.Verdict == reach.Allowed {
				allowed[key] = f.Ports
			} else {
				unknown[key] = f.Ports
			}
		}
		flows := len(allowed)
		for _, from := range askedNames(objs)[len(someAddresses):] {
			for _, to := range askedNames(objs)[len(someAddresses):] {
				if from == to {
					continue
				}
				for _, port := range askedPorts() {
					want := reach.Denied
					switch key := from + " " + to; {
					case allowed[key].Has(port):
						want = reach.Allowed
					case unknown[key].Has(port):
						want = reach.Unknown
					}
					if got := c.Allowed(reach.Pod(from), reach.Pod(to), port); got.Verdict != want {
						t.Fatalf("%s to %s, %s: %s, among the flows %s\n%v", from, to, port, got.Verdict, want, got.Why())
					}
				}
			}
		}
		if n := c.Count(); n.Flows != flows || n.Unknown != (len(unknown) > 0) {
			t.Fatalf("counted %+v, want %d flows, %d unknown", n, flows, len(unknown))
		}
	})
}

// Where a pod on the host network is no more than an address, the names that it gives
// to ports mean nothing to a rule, also to one without peers.
func TestNamedPortsOnTheHostNetwork(t *testing.T) {
	server := examplePod("shop", "server")
	server.Spec.HostNetwork, server.Spec.NodeName = true, "node-1"
	client := examplePod("shop", "client")
	client.Spec.NodeName = "node-2"
	server.Spec.Containers = []corev1.Container{{Name: "main", Ports: []corev1.ContainerPort{{Name: "web", ContainerPort: 80}}}}
	web := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}, Spec: networkingv1.NetworkPolicySpec{
		PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"app": "client"}},
		PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeEgress},
		Egress:      []networkingv1.NetworkPolicyEgressRule{{Ports: []networkingv1.NetworkPolicyPort{{Port: new(intstr.FromString("web"))}}}},
	}}
	objs := []bulkhead.Object{client, server, web}
	for name, want := range map[string]reach.Verdict{"generic": reach.Unknown, "calico": reach.Denied, "cilium": reach.Denied, "reference": reach.Denied} {
		profile, err := reach.ParseProfile(name)
		if err != nil {
			t.Fatal(err)
		}
		c := newCluster(t, objs, profile)
		if a := c.Allowed(reach.Pod("shop/client"), reach.Pod("shop/server"), reach.TCP(80)); a.Verdict != want {
			t.Errorf("%s: %s, want %s\n%v", profile, a.Verdict, want, a.Why())
		}
		listed := reach.Denied
		for f := range c.Flows() {
			if f.From == reach.Pod("shop/client") && f.Ports.Has(reach.TCP(80)) {
				listed = f.Verdict
			}
		}
		if listed != want {
			t.Errorf("%s: among the flows %s, want %s", profile, listed, want)
		}
	}
}

// What is certain without a profile is so with each, except that vpc-cni may leave pods
// alone that have no owner.
func TestGenericIsCautious(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := append(drawPlaces(t), drawPolicies(t, true)...)
		generic := newCluster(t, objs, reach.Generic)
		for _, profile := range []reach.Profile{reach.Calico, reach.Cilium, reach.GKEDataplaneV2, reach.VPCCNI, reach.Reference} {
			c := newCluster(t, objs, profile)
			names := askedNames(objs)
			for _, from := range names {
				for _, to := range names {
					for _, port := range []reach.Port{reach.TCP(80), reach.UDP(81), reach.SCTP(85)} {
						before := generic.Allowed(endpoint(t, from), endpoint(t, to), port)
						after := c.Allowed(endpoint(t, from), endpoint(t, to), port)
						if profile == reach.VPCCNI && after.Verdict == reach.Unknown {
							continue
						}
						if before.Verdict != reach.Unknown && after.Verdict != before.Verdict {
							t.Fatalf("%s to %s, %s: %s, but with %s %s\n%v\n%v", from, to, port, before.Verdict, profile, after.Verdict, before.Why(), after.Why())
						}
					}
				}
			}
		}
	})
}
