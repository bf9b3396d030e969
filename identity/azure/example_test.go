// SPDX-License-Identifier: Apache-2.0

package azure_test

import (
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/azure"
)

// Somebody gave staging's account the identity of production, "just for a test".
func ExampleNoAccess() {
	const exported = `[{
	  "name": "test",
	  "issuer": "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/",
	  "subject": "system:serviceaccount:staging:backend",
	  "audiences": ["api://AzureADTokenExchange"]
	}]`
	prod := bulkhead.Must(azure.ReadIdentity("prod.json", "prod-identity", strings.NewReader(exported)))
	proof, err := azure.NoAccess([]azure.Identity{prod}, azure.Boundary{
		Issuer: "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/",
		From:   []string{"staging"},
		Away:   []string{"prod-identity"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(proof)
	// Output:
	// Breached
	// azure/federated-credential
	//   Identity/prod-identity federatedIdentityCredentials[test]: admits pods of staging as system:serviceaccount:staging:backend
	//   to close it: Identity/prod-identity federatedIdentityCredentials[test]: delete the federated credential
}
