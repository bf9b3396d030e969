// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"fmt"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// BenchmarkRules runs every rule over 500 namespaces with 10,000 accounts, as many
// workloads and a role and binding for each.
func BenchmarkRules(b *testing.B) {
	var objs []bulkhead.Object
	for i := range 500 {
		namespace := fmt.Sprintf("ns-%d", i)
		for j := range 20 {
			name := fmt.Sprintf("web-%d", j)
			account := identity.Account(namespace, name)
			role := bulkhead.Must(identity.Role(namespace, name, identity.Access{Resources: []string{"configmaps"}, Verbs: []string{"get"}}))
			objs = append(objs, account, role,
				bulkhead.Must(identity.RoleBinding(namespace, name, role, identity.ForAccount(account))), deployment(namespace, name))
		}
	}
	for _, rule := range identity.Rules() {
		b.Run(rule.ID, func(b *testing.B) {
			for b.Loop() {
				bulkhead.Check(objs, rule)
			}
		})
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			bulkhead.Check(objs, identity.Rules()...)
		}
	})
}
