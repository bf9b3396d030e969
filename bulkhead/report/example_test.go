// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/report"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

// Draw what staging can reach in production, as a comment on a pull request.
func Example() {
	c := bulkhead.Must(reach.New([]bulkhead.Object{
		workload("staging", "web"), workload("prod", "web"), workload("prod", "db"),
		netpol.DefaultDeny("staging"), netpol.DefaultDeny("prod"), netpol.AllowWithin("prod"),
		bulkhead.Must(netpol.Allow("staging", "debug", netpol.AllPods, netpol.To(netpol.AllNamespaces).TCP(5432))),
		bulkhead.Must(netpol.Allow("prod", "db", netpol.Pods{"app": "db"}, netpol.From(netpol.AllNamespaces).TCP(5432))),
	}, reach.Options{}))
	p := bulkhead.Must(report.NewPicture(c, report.Boundary{From: []string{"staging"}, Away: []string{"prod"}}))
	if err := p.WriteMarkdown(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// **Who can connect to whom:** 3 workloads in 2 namespaces: 2 flows inside namespaces, 1 flow from staging to prod.
	//
	// ```mermaid
	// flowchart LR
	//   accTitle: Who can connect to whom
	//   subgraph c0 ["prod (away)"]
	//     n0["db"]
	//     n1["web"]
	//   end
	//   class c0 away
	//   subgraph c1 ["staging (from)"]
	//     n2["web"]
	//   end
	//   class c1 from
	//   n2 -->|"TCP 5432"| n0
	//   n0 -->|"all ports"| n1
	//   n1 -->|"all ports"| n0
	//   linkStyle 0 stroke:#d1242f,stroke-width:2px
	//   classDef default fill:none,stroke:#8c959f
	//   classDef other fill:none,stroke:#8c959f
	//   classDef from fill:none,stroke:#bf8700,stroke-width:3px
	//   classDef away fill:none,stroke:#0969da,stroke-width:3px
	//   classDef outside fill:none,stroke:#8c959f,stroke-dasharray:5 4
	//   classDef rest fill:none,stroke:none
	// ```
	//
	// What crosses from staging to prod:
	//
	// | from | to | ports | verdict |
	// |---|---|---|---|
	// | <code>staging/web</code> | <code>prod/db</code> | TCP 5432 | allowed |
	//
	// As the policies of the input say, if the network plugin enforces them. Replies are no flows. Traffic of privileged pods and of nodes, and traffic inside one pod, is not seen.
}

// A side without workloads is refused: a picture without red must mean something.
func ExampleNewPicture() {
	c := bulkhead.Must(reach.New([]bulkhead.Object{workload("staging", "web"), workload("prod", "db")}, reach.Options{}))
	_, err := report.NewPicture(c, report.Boundary{From: []string{"staging"}, Away: []string{"production"}})
	fmt.Println(err)
	// Output:
	// boundary: Away: there is no pod or workload in namespace "production"
}

// Read the arrows, to draw something else.
func ExamplePicture_Crosses() {
	c := bulkhead.Must(reach.New([]bulkhead.Object{workload("staging", "web"), workload("prod", "db")}, reach.Options{}))
	p := bulkhead.Must(report.NewPicture(c, report.Boundary{}))
	fmt.Println(p.Summary())
	for _, a := range p.Arrows {
		fmt.Printf("%s -> %s: %s, red: %t\n", a.From, a.To, a.Ports, p.Crosses(a))
	}
	// Output:
	// 2 workloads in 2 namespaces: 0 flows inside namespaces, 2 flows cross a boundary, 4 flows to or from outside the cluster.
	// outside the cluster -> prod/db: all, red: false
	// outside the cluster -> staging/web: all, red: false
	// prod/db -> outside the cluster: all, red: false
	// prod/db -> staging/web: all, red: true
	// staging/web -> outside the cluster: all, red: false
	// staging/web -> prod/db: all, red: true
}

// Write the page.
func ExamplePicture_WriteHTML() {
	c := bulkhead.Must(reach.New(nil, reach.Options{}))
	p := bulkhead.Must(report.NewPicture(c, report.Boundary{}))
	var page strings.Builder
	if err := p.WriteHTML(&page); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Contains(page.String(), p.Summary()), p.Summary())
	// Output:
	// true No pod or workload in the input: there is nothing to show.
}
