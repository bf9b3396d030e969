// SPDX-License-Identifier: Apache-2.0

package identity

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// BoundDefault is a binding to the account that pods have which name none.
const BoundDefault = "identity/bound-default"

func boundDefault(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for b := range bindingsOf(p.Objects) {
		for i, s := range b.subjects {
			a, ok := b.accountOf(s)
			if !ok || s.Kind != rbacv1.ServiceAccountKind || a.name != defaultAccount {
				continue
			}
			whose := "the namespace"
			if a.namespace != "" {
				whose = a.namespace
			}
			p.Reportf(b.object, b.subjectPath(i), "make an account for the workload that needs the right, and name it there",
				"every pod of %s that names no account has the rights of %s %s", whose, n.rights(b), b.where())
		}
	}
}
