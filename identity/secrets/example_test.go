// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/identity/secrets"
)

// Somebody has copied a connection string to staging to try something, and a store of
// secrets is open to every namespace.
func ExampleNoLeak() {
	set := bulkhead.Must(manifest.Read("cluster.yaml", strings.NewReader(`
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: prod}
stringData: {PASSWORD: wX7kQ2vN9mZ4pL6r}
---
apiVersion: v1
kind: Secret
metadata: {name: api, namespace: staging}
stringData:
  DATABASE_URL: postgres://app:wX7kQ2vN9mZ4pL6r@10.0.0.5/shop
  CACHE_URL: redis://:staging-only-1@10.0.1.6
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: company}
spec: {provider: {gcpsm: {projectID: my-prod}}}
`)))
	proof, err := secrets.NoLeak(set.Objects, secrets.Boundary{
		From:      []string{"staging"},
		Away:      []string{"prod"},
		Protected: secrets.Names{Hosts: []string{"10.0.0.0/24"}, Projects: []string{"my-prod"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(proof)
	// Output:
	// Breached
	// secrets/production-store
	//   ClusterSecretStore/company: has no conditions, so that namespace staging may use it
	//   ClusterSecretStore/company spec.provider.gcpsm.projectID: it reads the secrets of a project in Protected.Projects
	//   to close it: ClusterSecretStore/company: let in namespaces of production only
	// secrets/production-credential
	//   Secret/staging/api stringData[DATABASE_URL]: holds a connection string with a password: its host is in Protected.Hosts
	//   to close it: Secret/staging/api stringData[DATABASE_URL]: take it out and revoke it; give staging a credential of its own
	// secrets/production-value
	//   Secret/staging/api stringData[DATABASE_URL]: holds a value of production
	//   Secret/prod/db stringData[PASSWORD]: holds the same value
	//   to close it: Secret/staging/api stringData[DATABASE_URL]: take the value out, and give staging one of its own; production's is known now, so change it there too
	// missing: Secret/staging/api stringData[CACHE_URL] holds a connection string with a password, and it is not known whose host it is: neither Protected.Hosts nor Own.Hosts has it
}

// Rules need no boundary.
func ExampleRules() {
	set := bulkhead.Must(manifest.Read("cluster.yaml", strings.NewReader(`
apiVersion: v1
kind: ConfigMap
metadata: {name: api, namespace: shop}
data:
  app.env: |
    PORT=8080
    DATABASE_URL=postgres://app:wX7kQ2vN9mZ4pL6r@db/shop
`)))
	for _, finding := range bulkhead.Check(set.Objects, secrets.Rules()...) {
		fmt.Println(finding)
	}
	// Output:
	// warning: ConfigMap/shop/api data[app.env]: holds a connection string with a password, for everybody who may read the object, whether or not they may read Secrets; put it into a Secret, and refer to that (secrets/plain-credential)
}
