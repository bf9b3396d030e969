// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"strings"

	"github.com/watertight-go/watertight/identity"
)

// AnyPod is a member that pods are which were never meant: the default account of a
// namespace, which every pod has that names none, or all accounts of a namespace, a
// cluster or a pool, those that are yet to come included.
const AnyPod = "gcp/any-pod"

func (l *linter) anyPod(g *grant) {
	who := ""
	switch m := g.member; m.Kind {
	case identity.WorkloadMember, identity.SubjectMember:
		if m.Account == "default" {
			who = "every pod of namespace " + m.Namespace + " that names no account"
		}
	case identity.NamespaceMember:
		who = "every pod of namespace " + m.Namespace
	case identity.ClusterMember:
		who = "every pod of every namespace of the cluster"
	case identity.PoolMember:
		who = "every pod of every cluster of the pool " + m.Pool
	default:
	}
	if who == "" || !strings.HasSuffix(g.member.Pool, poolSuffix) {
		return
	}
	l.report(AnyPod, g.on.ref, g.field, "name the account that needs it", "%s has %s", who, g.role.name)
}
