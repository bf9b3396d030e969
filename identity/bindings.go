// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"cmp"
	"iter"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

const (
	kindRole        = "Role"
	kindClusterRole = "ClusterRole"
)

// A binding is a RoleBinding or a ClusterRoleBinding.
type binding struct {
	object   bulkhead.Object
	kind     string
	meta     metav1.ObjectMeta
	role     rbacv1.RoleRef
	subjects []rbacv1.Subject
}

func ofRoleBinding(b *rbacv1.RoleBinding) binding {
	return binding{b, "RoleBinding", b.ObjectMeta, b.RoleRef, b.Subjects}
}

func ofClusterRoleBinding(b *rbacv1.ClusterRoleBinding) binding {
	return binding{b, "ClusterRoleBinding", b.ObjectMeta, b.RoleRef, b.Subjects}
}

// bindingsOf yields the bindings of a set.
func bindingsOf(objs []bulkhead.Object) iter.Seq[binding] {
	return func(yield func(binding) bool) {
		for obj := range bulkhead.Each[bulkhead.Object](objs) {
			switch o := obj.(type) {
			case *rbacv1.RoleBinding:
				if !yield(ofRoleBinding(o)) {
					return
				}
			case *rbacv1.ClusterRoleBinding:
				if !yield(ofClusterRoleBinding(o)) {
					return
				}
			}
		}
	}
}

// namespaced reports whether the binding gives rights in its namespace alone.
func (b binding) namespaced() bool { return b.kind == "RoleBinding" }

// where says in which namespaces the binding gives rights.
func (b binding) where() string {
	switch {
	case !b.namespaced():
		return "in every namespace"
	case b.meta.Namespace == "":
		return "in the namespace"
	default:
		return "in " + b.meta.Namespace
	}
}

func (b binding) subjectPath(i int) *field.Path { return field.NewPath("subjects").Index(i) }

// An account is the name of a ServiceAccount.
type account struct{ namespace, name string }

func (a account) String() string {
	if a.namespace == "" {
		return "ServiceAccount " + a.name
	}
	return "ServiceAccount " + a.namespace + "/" + a.name
}

// accountOf returns the service account that a subject names, in either of the two
// forms, and whether it names one. A subject of a RoleBinding without a namespace
// is an account of the binding's.
func (b binding) accountOf(s rbacv1.Subject) (account, bool) {
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		return account{cmp.Or(s.Namespace, b.meta.Namespace), s.Name}, s.Name != ""
	case rbacv1.UserKind:
		namespace, name, ok := strings.Cut(strings.TrimPrefix(s.Name, accountUserPrefix), ":")
		return account{namespace, name}, ok && strings.HasPrefix(s.Name, accountUserPrefix) && namespace != "" && name != ""
	default:
		return account{}, false
	}
}

// accountsOf returns the namespace all of whose accounts a subject is, and whether
// it is such a group.
func accountsOf(s rbacv1.Subject) (namespace string, ok bool) {
	if s.Kind != rbacv1.GroupKind {
		return "", false
	}
	namespace, ok = strings.CutPrefix(s.Name, accountGroupPrefix)
	return namespace, ok && namespace != ""
}

// everyone returns in words whom a subject means that service accounts of every
// namespace are among, and whether it is such a subject.
func everyone(s rbacv1.Subject) (string, bool) {
	switch {
	case s.Kind == rbacv1.GroupKind && s.Name == accountGroup:
		return "every service account of the cluster", true
	case s.Kind == rbacv1.GroupKind && s.Name == everyoneGroup:
		return "everybody with a login to the cluster, service accounts included,", true
	case s.Kind == rbacv1.GroupKind && s.Name == nobodyGroup, s.Kind == rbacv1.UserKind && s.Name == anonymousUser:
		return "everybody who reaches the API server, even without a login,", true
	default:
		return "", false
	}
}

// serviceAccounts returns in words which service accounts a subject is, of one
// namespace or all, and whether it is any.
func (b binding) serviceAccounts(s rbacv1.Subject) (string, bool) {
	if a, ok := b.accountOf(s); ok {
		return a.String(), true
	}
	if namespace, ok := accountsOf(s); ok {
		return "every service account of " + namespace, true
	}
	return everyone(s)
}

func roleRefName() *field.Path { return field.NewPath("roleRef", "name") }
