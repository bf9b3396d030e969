// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"cmp"
	"strconv"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// A binding is a RoleBinding or, with no namespace, a ClusterRoleBinding.
type binding struct {
	ref       bulkhead.Ref
	namespace string
	roleRef   rbacv1.RoleRef
	subjects  []rbacv1.Subject
	role      *role // nil if it is not there
}

// A seat is the place of a subject in a binding.
type seat struct {
	binding *binding
	at      int
}

func (s seat) field() string { return "subjects[" + strconv.Itoa(s.at) + "]" }

// key returns the subject of a seat as a user or a group. A service account without
// a namespace is one of the RoleBinding's (Kubernetes v1.37,
// pkg/registry/rbac/validation/rule.go, appliesToUser).
func (s seat) key() (string, bool) {
	switch subject := s.binding.subjects[s.at]; subject.Kind {
	case rbacv1.UserKind:
		return userKey(subject.Name), true
	case rbacv1.GroupKind:
		return groupKey(subject.Name), true
	case rbacv1.ServiceAccountKind:
		namespace := cmp.Or(subject.Namespace, s.binding.namespace)
		return userKey(accountPrefix + namespace + ":" + subject.Name), namespace != ""
	default:
		return "", false
	}
}

// where says in words where rights are given.
func where(namespace string) string {
	if namespace == "" {
		return "in every namespace"
	}
	return "in namespace " + namespace
}

// roleKey names a role; a ClusterRole has no namespace.
type roleKey struct{ kind, namespace, name string }

func keyIn(kind, namespace, name string) roleKey {
	if kind == "ClusterRole" {
		namespace = ""
	}
	return roleKey{kind, namespace, name}
}

func (b *binding) roleKey() roleKey { return keyIn(b.roleRef.Kind, b.namespace, b.roleRef.Name) }

func (b *binding) roleName() string { return b.roleRef.Kind + " " + b.roleRef.Name }
