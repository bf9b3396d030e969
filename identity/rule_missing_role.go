// SPDX-License-Identifier: Apache-2.0

package identity

import "github.com/watertight-go/watertight/bulkhead"

// MissingRole is a binding to a role that is not there, and that another role of the
// set is named like.
const MissingRole = "identity/missing-role"

func missingRole(p *bulkhead.Pass) {
	n := neighboursOf(p.Objects)
	inCluster := namesOf(n.clusterRoles)
	inHome := make(map[string]*names)
	for b := range bindingsOf(p.Objects) {
		known := inCluster
		if b.role.Kind == kindRole {
			var ok bool
			if known, ok = inHome[b.meta.Namespace]; !ok {
				known = namesOf(n.home(b.meta.Namespace).roles)
				inHome[b.meta.Namespace] = known
			}
		} else if b.role.Kind != kindClusterRole || builtinRole(b.role.Name) {
			continue
		}
		if like := known.like(b.role.Name); like != "" {
			p.Reportf(b.object, roleRefName(), "write "+like,
				"no %s is called %s, so the binding gives nothing until somebody makes a role of this name", b.role.Kind, b.role.Name)
		}
	}
}

// builtinRole reports whether Kubernetes brings a role along. The others of these
// begin with "system:".
func builtinRole(name string) bool {
	return name == "admin" || name == "edit" || name == "view" || name == clusterAdmin
}
