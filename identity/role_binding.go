// SPDX-License-Identifier: Apache-2.0

package identity

import (
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// RoleBinding returns a binding that gives subjects a role of the same namespace.
// Who wants to bind a ClusterRole sets RoleRef of what is returned, before it is first
// applied.
//
// No subjects, service accounts of other namespaces, and groups of everyone are errors,
// and so is a role that is nil or of another namespace: all of them, in one
// [*bulkhead.InvalidError].
func RoleBinding(namespace, name string, role *rbacv1.Role, subjects ...Subject) (*rbacv1.RoleBinding, error) {
	errs := judgeMeta(namespace, name)
	ref := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role"}
	switch at := field.NewPath("role"); {
	case role == nil:
		errs = append(errs, field.Required(at, "the role is nil"))
	case role.Name == "":
		errs = append(errs, field.Required(at.Child("metadata", "name"), "a name is needed"))
	case role.Namespace != namespace:
		errs = append(errs, field.Invalid(at.Child("metadata", "namespace"), role.Namespace, "a binding finds roles in its own namespace only"))
	default:
		ref.Name = role.Name
	}
	at := field.NewPath("subjects")
	if len(subjects) == 0 {
		errs = append(errs, field.Required(at, "no subject"))
	}
	stored := make([]rbacv1.Subject, len(subjects))
	for i, s := range subjects {
		errs = append(errs, s.judge(namespace, at.Index(i))...)
		stored[i] = s.subject()
	}
	binding := &rbacv1.RoleBinding{
		TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "RoleBinding"},
		ObjectMeta: newMeta(namespace, name),
		Subjects:   stored,
		RoleRef:    ref,
	}
	if err := refuse(bulkhead.RefTo(binding), errs); err != nil {
		return nil, err
	}
	return binding, nil
}
