// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/report"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

func namespace(name string) bulkhead.Object {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{corev1.LabelMetadataName: name}}}
}

func workload(namespace, name string) bulkhead.Object {
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	d.Spec.Template.Labels = map[string]string{"app": name}
	return d
}

// closed is a namespace in which only its own pods see each other, and DNS, with its
// workloads.
func closed(name string, workloads ...string) []bulkhead.Object {
	objs := []bulkhead.Object{
		namespace(name), netpol.DefaultDeny(name), netpol.AllowWithin(name),
		allow(name, "dns", netpol.AllPods, netpol.To(netpol.Pods{"app": "coredns"}.In(netpol.Namespace("kube-system"))).UDP(53).TCP(53)),
	}
	for _, w := range workloads {
		objs = append(objs, workload(name, w))
	}
	return objs
}

func allow(namespace, name string, pods netpol.Subject, flows ...netpol.Flow) bulkhead.Object {
	return bulkhead.Must(netpol.Allow(namespace, name, pods, flows...))
}

// dns is kube-system with what everybody may ask.
func dns() []bulkhead.Object {
	return []bulkhead.Object{
		namespace("kube-system"), workload("kube-system", "coredns"), netpol.DefaultDeny("kube-system"),
		allow("kube-system", "dns", netpol.Pods{"app": "coredns"}, netpol.From(netpol.AllNamespaces).UDP(53).TCP(53)),
	}
}

// environments are staging and production of a shop, with a hole between them.
func environments() []bulkhead.Object {
	objs := dns()
	for _, env := range []string{"staging", "prod"} {
		objs = append(objs, namespace(env), netpol.DefaultDeny(env))
		for _, w := range []string{"web", "api", "worker", "db"} {
			objs = append(objs, workload(env, w))
		}
		objs = append(objs,
			allow(env, "dns", netpol.AllPods, netpol.To(netpol.Namespace("kube-system")).UDP(53).TCP(53)),
			allow(env, "web", netpol.Pods{"app": "web"}, netpol.From(netpol.CIDR(netip.MustParsePrefix("0.0.0.0/0"))).TCP(8080), netpol.To(netpol.Pods{"app": "api"}).TCP(8080)),
			allow(env, "api", netpol.Pods{"app": "api"}, netpol.From(netpol.Pods{"app": "web"}).TCP(8080), netpol.To(netpol.Pods{"app": "db"}).TCP(5432)),
			allow(env, "worker", netpol.Pods{"app": "worker"}, netpol.To(netpol.Pods{"app": "db"}).TCP(5432)),
		)
	}
	return append(objs,
		allow("staging", "db", netpol.Pods{"app": "db"}, netpol.From(netpol.Pods{"app": "api"}, netpol.Pods{"app": "worker"}).TCP(5432)),
		allow("prod", "db", netpol.Pods{"app": "db"}, netpol.From(netpol.Pods{"app": "api"}, netpol.Pods{"app": "worker"}, netpol.Pods{"app": "worker"}.In(netpol.Namespace("staging"))).TCP(5432)),
		allow("staging", "debug", netpol.Pods{"app": "worker"}, netpol.To(netpol.Namespace("prod")).TCP(5432)),
	)
}

// platform is five namespaces with a few dozen workloads.
func platform() []bulkhead.Object {
	objs := dns()
	objs = append(objs, closed("shop", "storefront", "cart", "checkout", "payments", "catalog", "search", "redis", "postgres")...)
	objs = append(objs, closed("data", "ingest", "spark-driver", "spark-worker", "warehouse-loader", "airflow-scheduler", "airflow-web", "postgres")...)
	objs = append(objs, closed("monitoring", "prometheus", "alertmanager", "grafana", "loki", "tempo")...)
	objs = append(objs, closed("ingress", "nginx", "cert-manager", "external-dns")...)
	for _, ns := range []string{"shop", "data"} {
		objs = append(objs, allow(ns, "metrics", netpol.AllPods, netpol.From(netpol.Pods{"app": "prometheus"}.In(netpol.Namespace("monitoring"))).TCP(9090)))
	}
	return append(objs,
		allow("monitoring", "scrape", netpol.Pods{"app": "prometheus"}, netpol.To(netpol.AllNamespaces).TCP(9090)),
		allow("shop", "front", netpol.Pods{"app": "storefront"}, netpol.From(netpol.Pods{"app": "nginx"}.In(netpol.Namespace("ingress"))).TCP(8080)),
		allow("monitoring", "grafana", netpol.Pods{"app": "grafana"}, netpol.From(netpol.Pods{"app": "nginx"}.In(netpol.Namespace("ingress"))).TCP(3000)),
		allow("ingress", "out", netpol.Pods{"app": "nginx"}, netpol.From(netpol.CIDR(netip.MustParsePrefix("0.0.0.0/0"))).TCP(443),
			netpol.To(netpol.Namespace("shop"), netpol.Namespace("monitoring")).TCP(8080, 3000)),
		allow("data", "replica", netpol.Pods{"app": "warehouse-loader"}, netpol.To(netpol.Pods{"app": "postgres"}.In(netpol.Namespace("shop"))).TCP(5432)),
		allow("shop", "replica", netpol.Pods{"app": "postgres"}, netpol.From(netpol.Pods{"app": "warehouse-loader"}.In(netpol.Namespace("data"))).TCP(5432)),
	)
}

// teams is many namespaces behind the same policies, with a few exceptions.
func teams(n int) []bulkhead.Object {
	objs := dns()
	objs = append(objs, closed("monitoring", "prometheus", "grafana")...)
	objs = append(objs, allow("monitoring", "scrape", netpol.Pods{"app": "prometheus"}, netpol.To(netpol.AllNamespaces).TCP(9090)))
	for i := range n {
		name := fmt.Sprintf("team-%03d", i)
		objs = append(objs, closed(name, "web", "api", "db", "cache", "jobs")...)
		objs = append(objs, allow(name, "metrics", netpol.AllPods, netpol.From(netpol.Pods{"app": "prometheus"}.In(netpol.Namespace("monitoring"))).TCP(9090)))
		if i%40 == 7 {
			next := fmt.Sprintf("team-%03d", i+1)
			objs = append(objs,
				allow(name, "peer", netpol.Pods{"app": "api"}, netpol.To(netpol.Pods{"app": "api"}.In(netpol.Namespace(next))).TCP(8443)),
				allow(next, "peer", netpol.Pods{"app": "api"}, netpol.From(netpol.Namespace(name)).TCP(8443)))
		}
	}
	return objs
}

// web is many namespaces of which each has its own peers.
func tangle(n int) []bulkhead.Object {
	objs := dns()
	for i := range n {
		name := fmt.Sprintf("service-%03d", i)
		objs = append(objs, closed(name, "web", "api", "db")...)
		for j := 1; j <= 3; j++ {
			peer := fmt.Sprintf("service-%03d", (i*7+j*j*13)%n)
			objs = append(objs,
				allow(name, fmt.Sprint("to-", j), netpol.Pods{"app": "api"}, netpol.To(netpol.Namespace(peer)).TCP(uint16(8000+j))),
				allow(peer, fmt.Sprint("from-", i, "-", j), netpol.AllPods, netpol.From(netpol.Namespace(name)).TCP(uint16(8000+j))))
		}
	}
	return objs
}

// hostile is objects as no API server would store them.
func hostile() []bulkhead.Object {
	var objs []bulkhead.Object
	for i, name := range hostileNames() {
		objs = append(objs, namespace(name), workload(name, hostileNames()[len(hostileNames())-1-i]), workload(name, "end"))
	}
	return append(objs, networkPolicy("end", "x"), foreign("end"))
}

func hostileNames() []string {
	return []string{
		`</svg><script>alert(1)</script>`, `a" onload="alert(1)`, "`x`", "end", "a];b-->c", "1. one", "- item", "%%{init: {}}%%", "click n1 call", "{{x}}",
		"&lt;b&gt;", "#quot;", "<!-- --> ]]>", "line\nbreak", "\u202eright", "\xff\xfe\x00", "注文サービス", "a|b\\c", "**bold** _it_ [l](http://x)", "z" + "̶̛̖" + "algo",
		"a-very-long-name-that-goes-on-and-on-as-long-as-kubernetes-allows-it",
	}
}

func networkPolicy(namespace, name string) bulkhead.Object {
	return &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
}

// foreign is a policy of a kind that is not read, so that all it may touch is unknown.
func foreign(namespace string) bulkhead.Object {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": map[string]any{"name": "x", "namespace": namespace}, "spec": map[string]any{},
	}}
}

func picture(t failer, objs []bulkhead.Object, b report.Boundary) *report.Picture {
	t.Helper()
	c, err := reach.New(objs, reach.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := report.NewPicture(c, b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func deny(namespace string) bulkhead.Object { return netpol.DefaultDeny(namespace) }

// strip leaves policies out.
func strip(objs []bulkhead.Object) []bulkhead.Object {
	return slices.DeleteFunc(objs, func(obj bulkhead.Object) bool {
		_, policy := obj.(*networkingv1.NetworkPolicy)
		return policy
	})
}

// long gives workloads names of 253 letters.
func long(objs []bulkhead.Object) []bulkhead.Object {
	for _, obj := range objs {
		if _, ok := obj.(*appsv1.Deployment); ok {
			obj.SetName(obj.GetName() + strings.Repeat("x", 253-len(obj.GetName())))
		}
	}
	return objs
}

func written(t failer, write func(io.Writer) error) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A failer is a test, or one run of a property.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}
