// SPDX-License-Identifier: Apache-2.0

package bulkheadtest_test

import (
	"testing"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
)

// The manifests that are deployed hold what they promise.
func TestStagingManifests(t *testing.T) {
	set, err := manifest.ReadFiles("testdata/staging")
	if err != nil {
		t.Fatal(err)
	}
	rules := append(netpol.Rules(), set.Rules()...)
	bulkheadtest.NoFindings(t, bulkhead.Check(set.Objects, rules...))
}

// The rules find what they should find.
func TestWrongAddressIsFound(t *testing.T) {
	policy := netpol.DefaultDeny("staging")
	policy.Spec.Ingress = []networkingv1.NetworkPolicyIngressRule{{
		From: []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "10.20.0.0/33"}}},
	}}
	bulkheadtest.WantFindings(t, netpol.Validate(policy), netpol.Invalid+" spec.ingress[0].from[0].ipBlock.cidr")
}

// What the program makes is what was agreed on, down to the byte.
func TestStagingStaysAsAgreed(t *testing.T) {
	staging, err := bulkhead.New("staging", netpol.DefaultDeny("staging"), netpol.AllowWithin("staging"))
	if err != nil {
		t.Fatal(err)
	}
	bulkheadtest.Golden(t, "testdata/staging.yaml", staging.Objects...)
}

// What a cluster has is what was applied.
func TestPolicyReadBack(t *testing.T) {
	got := readBack(netpol.DefaultDeny("staging"))
	if diff := bulkheadtest.Diff(netpol.DefaultDeny("staging"), got); diff != "" {
		t.Error(diff)
	}
}
