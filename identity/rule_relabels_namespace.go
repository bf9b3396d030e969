// SPDX-License-Identifier: Apache-2.0

package identity

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// RelabelsNamespace is a role that lets its subjects change the labels of a
// namespace, on which Pod Security and selectors of namespaces rest.
const RelabelsNamespace = "identity/relabels-namespace"

func relabelsNamespace(p *bulkhead.Pass) {
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		rules, ok := ofRole(obj)
		if !ok {
			continue
		}
		which := "the namespaces in which it is bound"
		if role, ok := obj.(*rbacv1.Role); ok && role.Namespace != "" {
			which = "namespace " + role.Namespace
		}
		for _, g := range grantedBy(rules, namespacePowers()) {
			if len(rules[g.rule].ResourceNames) > 0 {
				continue
			}
			p.Reportf(obj, g.resourcePath(), "leave the labels of namespaces to the cluster's administrators",
				"whoever may %s %s may take Pod Security labels off, and put on labels by which policies let others in", g.word, which)
		}
	}
}
