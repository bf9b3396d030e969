// SPDX-License-Identifier: Apache-2.0

package identity

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// MissingAccount is a service account named in a binding or a workload that is not
// there, where another of the set has nearly its name.
const MissingAccount = "identity/missing-account"

func missingAccount(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	known := accountNames{homes: n.homes, inHome: make(map[string]*names), namespaces: namesOf(n.homes)}
	for b := range bindingsOf(p.Objects) {
		for i, s := range b.subjects {
			a, ok := b.accountOf(s)
			if !ok || s.Kind != rbacv1.ServiceAccountKind {
				continue
			}
			if field, like := known.like(a); like != "" {
				p.Reportf(b.object, b.subjectPath(i).Child(field), "write "+like,
					"no account of the set is %s, so the binding gives it nothing, and whoever makes an account of this name has the rights", a)
			}
		}
	}
	for _, home := range n.homes {
		for _, w := range home.workloads {
			a := account{w.Object.GetNamespace(), accountNameOf(w.Spec)}
			if field, like := known.like(a); !w.Owned && like != "" && field == "name" {
				at := w.Path.Child("serviceAccountName")
				if w.Spec.ServiceAccountName == "" {
					at = w.Path.Child("serviceAccount") // the old name
				}
				p.Reportf(w.Object, at, "write "+like,
					"no account of the set is %s, and without it the pods are refused", a)
			}
		}
	}
}

// accountNames finds the account that was meant by one that is missing.
type accountNames struct {
	homes      map[string]*home
	inHome     map[string]*names
	namespaces *names
}

// like returns the account or namespace that was meant, and the field of a subject
// that names it. It is "" for an account that is there, or is like no other.
func (k accountNames) like(a account) (field, meant string) {
	if left := k.homes[""]; a.name == "" || a.name == defaultAccount || left != nil && left.accounts[a.name] != nil {
		return "", "" // the last is in whatever namespace kubectl puts it
	}
	if h := k.homes[a.namespace]; h != nil {
		known, ok := k.inHome[a.namespace]
		if !ok {
			known = namesOf(h.accounts)
			k.inHome[a.namespace] = known
		}
		return "name", known.like(a.name)
	}
	if meant := k.namespaces.like(a.namespace); meant != "" && k.homes[meant].accounts[a.name] != nil {
		return "namespace", meant
	}
	return "", ""
}
