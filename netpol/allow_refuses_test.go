// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// refused collects "type field" of every mistake that err holds, and fails unless
// errors.As reaches them.
func refused(t *testing.T, err error) []string {
	t.Helper()
	if _, ok := errors.AsType[*field.Error](err); !ok {
		t.Errorf("%v: no *field.Error within reach of errors.As", err)
	}
	if invalid, ok := err.(*bulkhead.InvalidError); ok { //nolint:errorlint // the tree is walked here
		var out []string
		for _, mistake := range invalid.Errs {
			out = append(out, string(mistake.Type)+" "+mistake.Field)
		}
		return out
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("%v: not an InvalidError", err)
	}
	var out []string
	for _, e := range joined.Unwrap() {
		out = append(out, refused(t, e)...)
	}
	return out
}

const (
	required  = string(field.ErrorTypeRequired)
	invalid   = string(field.ErrorTypeInvalid)
	forbidden = string(field.ErrorTypeForbidden)
	unknown   = string(field.ErrorTypeNotSupported)
)

func TestAllowRefuses(t *testing.T) {
	web := netpol.Pods{"app": "web"}
	ok := netpol.From(web).TCP(80)
	tests := map[string]struct {
		namespace, name string
		subject         netpol.Subject
		flows           []netpol.Flow
		want            []string
	}{
		"no flow":                  {"shop", "p", web, nil, []string{required + " spec"}},
		"no subject":               {"shop", "p", nil, []netpol.Flow{ok}, []string{required + " spec.podSelector"}},
		"a subject without labels": {"shop", "p", netpol.Pods{}, []netpol.Flow{ok}, []string{required + " spec.podSelector"}},
		"a nil map as subject":     {"shop", "p", netpol.Pods(nil), []netpol.Flow{ok}, []string{required + " spec.podSelector"}},
		"no namespace":             {"", "p", web, []netpol.Flow{ok}, []string{required + " metadata.namespace"}},
		"no name":                  {"shop", "", web, []netpol.Flow{ok}, []string{required + " metadata.name"}},
		"a name that is no DNS subdomain": {
			"shop", "Web Policy", web,
			[]netpol.Flow{ok},
			[]string{invalid + " metadata.name"},
		},
		"a label value with a space": {
			"shop", "p",
			netpol.Pods{"app": "web shop"},
			[]netpol.Flow{ok},
			[]string{invalid + " spec.podSelector.matchLabels"},
		},
		"a flow without direction": {"shop", "p", web, []netpol.Flow{{}}, []string{required + " spec"}},
		"no peer":                  {"shop", "p", web, []netpol.Flow{netpol.From().TCP(80)}, []string{required + " spec.ingress[0].from"}},
		"a nil peer": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web, nil).TCP(80)},
			[]string{required + " spec.ingress[0].from[1]"},
		},
		"a peer without labels": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Pods{}).TCP(80)},
			[]string{required + " spec.egress[0].to[0].podSelector"},
		},
		"namespaces without labels": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Namespaces{}).TCP(80)},
			[]string{required + " spec.egress[0].to[0].namespaceSelector"},
		},
		"a namespace without a name": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Namespace("")).TCP(80)},
			[]string{required + " spec.egress[0].to[0].namespaceSelector.matchLabels[kubernetes.io/metadata.name]"},
		},
		"pods without labels in namespaces without labels": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Pods{}.In(nil)).TCP(80)},
			[]string{required + " spec.egress[0].to[0].namespaceSelector", required + " spec.egress[0].to[0].podSelector"},
		},
		"Anyone beside another peer": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web, netpol.Anyone).TCP(80)},
			[]string{forbidden + " spec.ingress[0].from[1]"},
		},
		"Anyone before another peer": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(netpol.Anyone, web).TCP(80)},
			[]string{forbidden + " spec.ingress[0].from[0]"},
		},
		"Anyone twice": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Anyone, netpol.Anyone).TCP(80)},
			[]string{forbidden + " spec.egress[0].to[0]", forbidden + " spec.egress[0].to[1]"},
		},
		"a namespace name that is only a label value": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Namespace("Prod.EU_1")).TCP(80)},
			[]string{invalid + " spec.egress[0].to[0].namespaceSelector.matchLabels[kubernetes.io/metadata.name]"},
		},
		"a namespace name that is no label value": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.Namespace("prod eu")).TCP(80)},
			[]string{invalid + " spec.egress[0].to[0].namespaceSelector.matchLabels"},
		},
		"mistakes behind peers that are refused": {
			"shop", "p", web,
			[]netpol.Flow{
				netpol.To(nil, netpol.CIDR(netip.MustParsePrefix("10.0.0.1/8"))).TCP(80),
				netpol.From(netpol.CIDR(netip.Prefix{}), netpol.Anyone, netpol.Pods{"app": "a b"}).TCP(80),
			},
			[]string{
				required + " spec.egress[0].to[0]",
				required + " spec.ingress[0].from[0].ipBlock.cidr",
				forbidden + " spec.ingress[0].from[1]",
				invalid + " spec.ingress[0].from[2].podSelector.matchLabels",
				invalid + " spec.egress[0].to[1].ipBlock.cidr",
			},
		},
		"a zero prefix to cut out before one outside its block": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.MustParsePrefix("10.0.0.0/8"), netip.Prefix{}, netip.MustParsePrefix("11.0.0.0/16"))).TCP(80)},
			[]string{required + " spec.egress[0].to[0].ipBlock.except[0]", invalid + " spec.egress[0].to[0].ipBlock.except[1]"},
		},
		"a zero prefix to cut out of the zero prefix": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.Prefix{}, netip.Prefix{})).TCP(80)},
			[]string{required + " spec.egress[0].to[0].ipBlock.cidr", required + " spec.egress[0].to[0].ipBlock.except[0]"},
		},
		"no port": {"shop", "p", web, []netpol.Flow{netpol.From(web)}, []string{required + " spec.ingress[0].ports"}},
		"an empty list of ports": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).TCP()},
			[]string{required + " spec.ingress[0].ports"},
		},
		"AnyPort beside a port": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).TCP(80).AnyPort()},
			[]string{forbidden + " spec.ingress[0].ports"},
		},
		"port zero": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).TCP(80, 0)},
			[]string{invalid + " spec.ingress[0].ports[1].port"},
		},
		"a range that ends before it begins": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).On(netpol.Range(corev1.ProtocolTCP, 90, 80))},
			[]string{invalid + " spec.ingress[0].ports[0].endPort"},
		},
		"a protocol that policies do not know": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).On(netpol.Named("ICMP", "ping"))},
			[]string{unknown + " spec.ingress[0].ports[0].protocol"},
		},
		"a port name that is too long": {
			"shop", "p", web,
			[]netpol.Flow{netpol.From(web).On(netpol.Named(corev1.ProtocolTCP, "a-very-long-port-name"))},
			[]string{invalid + " spec.ingress[0].ports[0].port"},
		},
		"the zero prefix": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.Prefix{})).TCP(80)},
			[]string{required + " spec.egress[0].to[0].ipBlock.cidr"},
		},
		"a zero prefix to cut out": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.MustParsePrefix("10.0.0.0/8"), netip.Prefix{})).TCP(80)},
			[]string{required + " spec.egress[0].to[0].ipBlock.except[0]"},
		},
		"bits beyond the prefix length": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.MustParsePrefix("10.0.0.5/8"))).TCP(80)},
			[]string{invalid + " spec.egress[0].to[0].ipBlock.cidr"},
		},
		"an except outside its block": {
			"shop", "p", web,
			[]netpol.Flow{netpol.To(netpol.CIDR(netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("11.0.0.0/16"))).TCP(80)},
			[]string{invalid + " spec.egress[0].to[0].ipBlock.except[0]"},
		},
		"everything at once": {
			"", "",
			netpol.Pods{},
			[]netpol.Flow{netpol.From().TCP(0), netpol.To(netpol.Pods{})},
			[]string{
				required + " spec.podSelector",
				required + " spec.ingress[0].from",
				required + " spec.egress[0].to[0].podSelector",
				required + " spec.egress[0].ports",
				required + " metadata.name",
				required + " metadata.namespace",
				invalid + " spec.ingress[0].ports[0].port",
			},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			np, err := netpol.Allow(tt.namespace, tt.name, tt.subject, tt.flows...)
			if np != nil || err == nil {
				t.Fatalf("Allow accepted it: %v", np)
			}
			if diff := cmp.Diff(tt.want, refused(t, err)); diff != "" {
				t.Errorf("refused fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConnectRefusesBothSidesAtOnce(t *testing.T) {
	_, err := netpol.Connect("c", netpol.Endpoint{Namespace: "staging"}, netpol.Endpoint{Pods: netpol.Pods{"app": "db"}}, netpol.TCP(5432))
	want := []string{
		required + " spec.podSelector", // the client has no labels
		required + " spec.egress[0].to[0].namespaceSelector.matchLabels[kubernetes.io/metadata.name]",
		required + " spec.ingress[0].from[0].podSelector", // nor as the server's peer
		required + " metadata.namespace",                  // the server has no namespace
	}
	if diff := cmp.Diff(want, refused(t, err)); diff != "" {
		t.Errorf("refused fields (-want +got):\n%s", diff)
	}
}

func TestConnectRefusesEndpointsWithoutPods(t *testing.T) {
	c, err := netpol.Connect("c", netpol.Endpoint{Namespace: "staging"}, netpol.Endpoint{Namespace: "prod"}, netpol.TCP(5432))
	want := []string{
		required + " spec.podSelector", required + " spec.egress[0].to[0].podSelector",
		required + " spec.podSelector", required + " spec.ingress[0].from[0].podSelector",
	}
	if diff := cmp.Diff(want, refused(t, err)); diff != "" {
		t.Errorf("refused fields (-want +got):\n%s", diff)
	}
	if objs := c.Objects(); objs != nil {
		t.Errorf("the Connection of an error has objects: %v", objs)
	}
}
