// SPDX-License-Identifier: Apache-2.0

package watertight_test

import (
	"fmt"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
)

// The README's program; a test keeps the two identical.
func Example() {
	debug := bulkhead.Must(netpol.Allow("staging", "debug", netpol.AllPods,
		netpol.To(netpol.AllNamespaces).TCP(5432))) // "just for a minute"
	staging := bulkhead.Must(bulkhead.New("staging", netpol.DefaultDeny("staging"), netpol.AllowWithin("staging"), debug))
	for _, finding := range staging.Check(netpol.Rules()...) {
		fmt.Println(finding)
	}
	// Output:
	// warning: NetworkPolicy/staging/debug spec.egress[0].to[0].namespaceSelector: every pod of staging may open connections on TCP 5432 to every pod of every namespace, present and future; name the namespaces by the label kubernetes.io/metadata.name (netpol/every-namespace)
}
