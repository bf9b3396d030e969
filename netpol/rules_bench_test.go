// SPDX-License-Identifier: Apache-2.0

package netpol_test

import (
	"fmt"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// BenchmarkRules runs every rule over 500 namespaces with 10,000 workloads, a
// Service for each of them, 4,000 policies and 500 of the whole cluster.
func BenchmarkRules(b *testing.B) {
	objs := town(500)
	for _, rule := range netpol.Rules() {
		b.Run(rule.ID, func(b *testing.B) {
			for b.Loop() {
				bulkhead.Check(objs, rule)
			}
		})
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			bulkhead.Check(objs, netpol.Rules()...)
		}
	})
}

// town returns namespaces with 20 workloads, 20 Services and 9 policies each.
func town(namespaces int) []bulkhead.Object {
	var out []bulkhead.Object
	for i := range namespaces {
		namespace, next := fmt.Sprintf("ns-%d", i), fmt.Sprintf("ns-%d", (i+1)%namespaces)
		out = append(out, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
			Name: namespace, Labels: map[string]string{"team": fmt.Sprintf("team-%d", i%25)},
		}})
		for j := range 20 {
			out = append(out, house(namespace, fmt.Sprintf("app-%d", j))...)
		}
		out = append(out, netpol.DefaultDeny(namespace), netpol.AllowWithin(namespace), netpol.Blind(namespace, next))
		for j := range 6 {
			out = append(out, bulkhead.Must(netpol.Allow(namespace, fmt.Sprintf("allow-%d", j),
				netpol.Pods{"app": fmt.Sprintf("app-%d", j)},
				netpol.From(netpol.Pods{"app": fmt.Sprintf("app-%d", j+1)}.In(netpol.Namespace(next)),
					netpol.Namespaces{"team": fmt.Sprintf("team-%d", j)}).
					TCP(8080).On(netpol.Named(corev1.ProtocolTCP, "http")),
				netpol.To(netpol.AllNamespaces).TCP(53).UDP(53),
			)))
		}
	}
	return out
}

// house returns a workload and its Service.
func house(namespace, app string) []bulkhead.Object {
	meta, labels := metav1.ObjectMeta{Namespace: namespace, Name: app}, map[string]string{"app": app, "tier": "backend"}
	return []bulkhead.Object{
		&appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: labels},
			Spec: corev1.PodSpec{Containers: []corev1.Container{{
				Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}},
			}}},
		}}},
		&corev1.Service{ObjectMeta: meta, Spec: corev1.ServiceSpec{
			Selector: map[string]string{"app": app},
			Ports:    []corev1.ServicePort{{Port: 80, TargetPort: intstr.FromString("http")}},
		}},
	}
}
