// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"github.com/watertight-go/watertight/bulkhead"
)

// CrossNamespace is a RoleBinding that gives rights in its namespace to service
// accounts of another.
const CrossNamespace = "identity/cross-namespace"

func crossNamespace(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	for b := range bindingsOf(p.Objects) {
		if !b.namespaced() || b.meta.Namespace == "" || b.role.Name == authReader {
			continue
		}
		for i, s := range b.subjects {
			home, ok := accountsOf(s)
			if a, named := b.accountOf(s); named {
				home, ok = a.namespace, true
			}
			if !ok || home == b.meta.Namespace {
				continue
			}
			who, _ := b.serviceAccounts(s)
			p.Reportf(b.object, b.subjectPath(i), "drop the subject, unless what runs there may act here",
				"%s, of another namespace, has the rights of %s in %s", who, n.rights(b), b.meta.Namespace)
		}
	}
}

// authReader is the Role by which API servers that extend the cluster's read how it
// authenticates; each of them has a RoleBinding to it in kube-system.
const authReader = "extension-apiserver-authentication-reader"
