// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

func examplePod(namespace, name string) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: map[string]string{"app": name}}}
}

// Ask whether staging reaches production's database, and why not.
func Example() {
	c := bulkhead.Must(reach.New([]bulkhead.Object{
		examplePod("staging", "web"), examplePod("staging", "db"), examplePod("prod", "db"),
		netpol.DefaultDeny("staging"), netpol.AllowWithin("staging"), netpol.DefaultDeny("prod"),
	}, reach.Options{}))
	for _, database := range []string{"staging/db", "prod/db"} {
		answer := c.Allowed(reach.Pod("staging/web"), reach.Pod(database), reach.TCP(5432))
		fmt.Println(database, answer.Verdict)
		for _, reason := range answer.Why() {
			fmt.Println(" ", reason)
		}
	}
	// Output:
	// staging/db allowed
	//   Egress allowed: spec.egress[0] of NetworkPolicy/staging/allow-within allows TCP 5432 from staging/web to staging/db
	//   Ingress allowed: spec.ingress[0] of NetworkPolicy/staging/allow-within allows TCP 5432 from staging/web to staging/db
	// prod/db denied
	//   Egress denied: NetworkPolicy/staging/allow-within selects staging/web, and none of its rules allows TCP 5432 from staging/web to prod/db
	//   Egress denied: NetworkPolicy/staging/default-deny selects staging/web, and none of its rules allows TCP 5432 from staging/web to prod/db
	//   Ingress denied: NetworkPolicy/prod/default-deny selects prod/db, and none of its rules allows TCP 5432 from staging/web to prod/db
}

// List what is open between workloads.
func ExampleCluster_Flows() {
	api := bulkhead.Must(netpol.Allow("staging", "api", netpol.Pods{"app": "db"}, netpol.From(netpol.Pods{"app": "web"}).TCP(5432)))
	c := bulkhead.Must(reach.New([]bulkhead.Object{examplePod("staging", "web"), examplePod("staging", "db"), api}, reach.Options{}))
	for flow := range c.Flows() {
		fmt.Println(flow.From, "->", flow.To, flow.Ports, flow.Verdict)
	}
	// Output:
	// staging/db -> staging/web all allowed
	// staging/web -> staging/db TCP 5432 allowed
}

// See what a policy changed.
func ExampleDiff() {
	pods := []bulkhead.Object{examplePod("staging", "web"), examplePod("prod", "db")}
	before := bulkhead.Must(reach.New(pods, reach.Options{}))
	after := bulkhead.Must(reach.New(append(pods, netpol.DefaultDeny("prod")), reach.Options{}))
	for _, flow := range reach.Diff(before, after).Removed {
		fmt.Println("no longer:", flow.From, "->", flow.To, flow.Ports)
	}
	// Output:
	// no longer: prod/db -> staging/web all
	// no longer: staging/web -> prod/db all
}

// See what a change means for pods that are yet to be made.
func ExampleDiffNamespaces() {
	objs := []bulkhead.Object{examplePod("staging", "web"), examplePod("prod", "db"), netpol.DefaultDeny("prod")}
	backup := bulkhead.Must(netpol.Allow("prod", "backup", netpol.Pods{"app": "db"}, netpol.From(netpol.Pods{"app": "backup"}.In(netpol.Namespace("staging"))).TCP(5432)))
	before := bulkhead.Must(reach.New(objs, reach.Options{}))
	after := bulkhead.Must(reach.New(append(objs, backup), reach.Options{}))
	fmt.Println("flows differ:", !reach.Diff(before, after).None())
	for _, change := range reach.DiffNamespaces(before, after) {
		for _, exposed := range change.Exposed {
			fmt.Println(exposed.After)
		}
	}
	// Output:
	// flows differ: false
	// [staging/* (labelled app=backup) to prod/db: TCP 5432]
}

// Find a policy that can go.
func ExampleCluster_Redundant() {
	c := bulkhead.Must(reach.New([]bulkhead.Object{
		examplePod("staging", "web"), examplePod("staging", "db"), netpol.DefaultDeny("staging"), netpol.AllowWithin("staging"),
	}, reach.Options{}))
	for _, r := range c.Redundant() {
		fmt.Println(r.Policy, r.Field)
	}
	// Output:
	// NetworkPolicy/staging/default-deny
}

// See what the next pod of staging could do, whatever its labels.
func ExampleCluster_Exposed() {
	monitor := netpol.Pods{"role": "monitoring"}
	c := bulkhead.Must(reach.New([]bulkhead.Object{
		examplePod("staging", "web"), examplePod("prod", "db"),
		netpol.DefaultDeny("staging"), netpol.DefaultDeny("prod"),
		bulkhead.Must(netpol.Allow("staging", "monitor", monitor, netpol.To(netpol.AllNamespaces).TCP(9187))),
		bulkhead.Must(netpol.Allow("prod", "metrics", netpol.Pods{"app": "db"}, netpol.From(monitor.In(netpol.AllNamespaces)).TCP(9187))),
	}, reach.Options{}))
	for flow := range c.Between([]string{"staging"}, []string{"prod"}) {
		fmt.Println("open today:", flow.From, flow.To, flow.Ports) // nothing is
	}
	for _, e := range c.Exposed("staging") {
		fmt.Println(e.From.Name, e.From.Labels, "->", e.To.Name, e.Ports, e.Verdict)
	}
	// Output:
	// staging/* map[role:monitoring] -> */* TCP 9187 allowed
	// staging/* map[role:monitoring] -> prod/db TCP 9187 allowed
}

// See whether policies isolate every pod of a namespace, the next one too.
func ExampleCluster_Isolated() {
	web := bulkhead.Must(netpol.Allow("staging", "web", netpol.Pods{"app": "web"}, netpol.From(netpol.AllPods).TCP(8080)))
	c := bulkhead.Must(reach.New([]bulkhead.Object{examplePod("staging", "web"), web}, reach.Options{}))
	_, ingress := c.Isolated("staging")
	fmt.Println(ingress.Verdict, ingress.NewPods)

	c.Update(netpol.DefaultDeny("staging"))
	_, ingress = c.Isolated("staging")
	fmt.Println(ingress.Verdict)
	// Output:
	// Breached map[]
	// Sealed
}
