// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/netip"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// A fault is a mistake that people make, and the rule that notices it.
type fault struct {
	name, about, rule string
	inject            func(*cluster)
}

func faults() []fault {
	return []fault{
		{
			"debug-policy", "somebody opened staging to find a bug, and forgot it", netpol.AllowAll,
			func(c *cluster) {
				c.staging = append(c.staging, bulkhead.Must(netpol.Allow("staging", "debug", netpol.AllPods,
					netpol.From(netpol.Anyone).AnyPort(), netpol.To(netpol.Anyone).AnyPort())))
			},
		},
		{
			"any-namespace", "production's orders admit pods of every namespace", netpol.EveryNamespace,
			func(c *cluster) {
				c.production = append(c.production, bulkhead.Must(netpol.Allow("prod", "reports", netpol.Pods{"app": "orders"},
					netpol.From(netpol.AllNamespaces).TCP(8080))))
			},
		},
		{
			"no-dns", "the policy that allows DNS is missing", netpol.DNSBlocked,
			func(c *cluster) {
				c.staging = slices.DeleteFunc(c.staging, func(o bulkhead.Object) bool { return o.GetName() == "allow-dns" })
			},
		},
		{
			"renamed-label", "a label was renamed in the policy and not in the Deployment", netpol.SubjectMatchesNothing,
			func(c *cluster) {
				find[*networkingv1.NetworkPolicy](c.staging, "allow-cloud-sql").Spec.PodSelector.MatchLabels["app"] = "order"
			},
		},
		{
			"service-port", "the policy allows the Service's port, not the one that the pods listen on", netpol.ServicePort,
			func(c *cluster) {
				port := intstr.FromInt32(80)
				find[*networkingv1.NetworkPolicy](c.staging, "storefront-orders-ingress").Spec.Ingress[0].Ports[0].Port = &port
			},
		},
		{
			"namespace-label", "a namespace is selected by a label that nothing sets", netpol.NamespaceNameLabel,
			func(c *cluster) {
				c.production = append(c.production, bulkhead.Must(netpol.Allow("prod", "probes", netpol.Pods{"app": "storefront"},
					netpol.From(netpol.Namespaces{"name": "kube-system"}).TCP(8080))))
			},
		},
		{
			"whole-internet", "payments may open connections to every address, not just the provider's", netpol.EveryAddress,
			func(c *cluster) {
				np := find[*networkingv1.NetworkPolicy](c.staging, "payment-provider")
				np.Spec.Egress[0].To[0].IPBlock.CIDR = netip.MustParsePrefix("0.0.0.0/0").String()
			},
		},
		{
			"host-network", "storefront runs on the host network, where policies do not reach", netpol.HostNetworkSubject,
			func(c *cluster) {
				find[*appsv1.Deployment](c.staging, "storefront").Spec.Template.Spec.HostNetwork = true
			},
		},
		{
			"host-bits", "an address block has bits beyond its prefix length", netpol.Invalid,
			func(c *cluster) {
				find[*networkingv1.NetworkPolicy](c.production, "allow-cloud-sql").Spec.Egress[0].To[0].IPBlock.CIDR = "10.20.0.3/24"
			},
		},
	}
}

// find returns the object of a type and name; the faults name what newCluster
// builds.
func find[T bulkhead.Object](objs []bulkhead.Object, name string) T {
	for obj := range bulkhead.Each[T](objs) {
		if obj.GetName() == name {
			return obj
		}
	}
	panic("no object is called " + name)
}
