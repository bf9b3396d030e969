// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/netip"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
)

// A cluster is the two environments. Faults edit the objects before they are
// written.
type cluster struct {
	production, staging []bulkhead.Object
}

func newCluster() *cluster {
	return &cluster{
		production: environment("prod", netip.MustParseAddr("10.20.0.3")),
		staging: append(environment("staging", netip.MustParseAddr("10.20.0.4")),
			netpol.Blind("staging", "prod")),
	}
}

// bulkheads returns the environments in apply order.
func (c *cluster) bulkheads() []*bulkhead.Bulkhead {
	return []*bulkhead.Bulkhead{
		bulkhead.Must(bulkhead.New("prod", c.production...)),
		bulkhead.Must(bulkhead.New("staging", c.staging...)),
	}
}

// environment is the shop in one namespace: three services, a database on a
// private address and an external payment provider, and the walls around them.
func environment(namespace string, database netip.Addr) []bulkhead.Object {
	return slices.Concat(
		[]bulkhead.Object{namespaceObject(namespace)},
		service(namespace, "storefront"),
		service(namespace, "orders"),
		service(namespace, "payments"),
		walls(namespace, database),
	)
}

// walls lets through exactly what the shop needs.
func walls(namespace string, database netip.Addr) []bulkhead.Object {
	storefront := netpol.Endpoint{Namespace: namespace, Pods: netpol.Pods{"app": "storefront"}}
	orders := netpol.Endpoint{Namespace: namespace, Pods: netpol.Pods{"app": "orders"}}
	payments := netpol.Endpoint{Namespace: namespace, Pods: netpol.Pods{"app": "payments"}}
	provider := netip.MustParsePrefix("203.0.113.0/24")

	return slices.Concat(
		[]bulkhead.Object{
			netpol.DefaultDeny(namespace),
			bulkhead.Must(platform.AllowDNS(namespace, platform.GKEDataplaneV2)),
			bulkhead.Must(platform.AllowFrom(namespace, platform.IngressNGINX("ingress-nginx"), storefront.Pods, netpol.TCP(8080))),
			bulkhead.Must(platform.AllowCloudSQL(namespace, orders.Pods, 5432, database)),
			bulkhead.Must(platform.AllowExternal(namespace, "payment-provider", payments.Pods, 443, provider)),
		},
		bulkhead.Must(netpol.Connect("storefront-orders", storefront, orders, netpol.TCP(8080))).Objects(),
		bulkhead.Must(netpol.Connect("orders-payments", orders, payments, netpol.TCP(8080))).Objects(),
	)
}

func namespaceObject(name string) *corev1.Namespace {
	return &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: name},
	}
}

// service is a Deployment that listens on 8080 and the Service that maps port 80
// to it.
func service(namespace, name string) []bulkhead.Object {
	meta := metav1.ObjectMeta{Namespace: namespace, Name: name}
	labels := map[string]string{"app": name}
	replicas := int32(2)
	return []bulkhead.Object{
		&corev1.Service{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
			ObjectMeta: meta,
			Spec: corev1.ServiceSpec{
				Selector: labels,
				Ports:    []corev1.ServicePort{{Port: 80, TargetPort: intstr.FromInt32(8080), Protocol: corev1.ProtocolTCP}},
			},
		},
		&appsv1.Deployment{
			TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
			ObjectMeta: meta,
			Spec: appsv1.DeploymentSpec{
				Replicas: &replicas,
				Selector: &metav1.LabelSelector{MatchLabels: labels},
				Template: corev1.PodTemplateSpec{
					ObjectMeta: metav1.ObjectMeta{Labels: labels},
					Spec: corev1.PodSpec{Containers: []corev1.Container{{
						Name:  name,
						Image: "registry.example/shop/" + name + ":1.4.2",
						Ports: []corev1.ContainerPort{{ContainerPort: 8080, Protocol: corev1.ProtocolTCP}},
					}}},
				},
			},
		},
	}
}
