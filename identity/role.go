// SPDX-License-Identifier: Apache-2.0

package identity

import (
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// Role returns a role that allows, in one namespace, what is listed and nothing else.
//
// Nothing to allow, wildcards, the verbs escalate, bind and impersonate, verbs that do
// not exist, and names beside verbs that are not asked by name are errors: all of them,
// in one [*bulkhead.InvalidError].
func Role(namespace, name string, access ...Access) (*rbacv1.Role, error) {
	errs := judgeMeta(namespace, name)
	at := field.NewPath("access")
	if len(access) == 0 {
		errs = append(errs, field.Required(at, "a role that allows nothing"))
	}
	rules := make([]rbacv1.PolicyRule, len(access))
	for i, a := range access {
		errs = append(errs, a.judge(at.Index(i))...)
		rules[i] = a.rule()
	}
	role := &rbacv1.Role{
		TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "Role"},
		ObjectMeta: newMeta(namespace, name),
		Rules:      rules,
	}
	if err := refuse(bulkhead.RefTo(role), errs); err != nil {
		return nil, err
	}
	return role, nil
}

// judgeMeta judges the namespace and name of a new role or binding as kube-apiserver
// does (pkg/apis/rbac/validation, ValidateRBACName, v1.37).
func judgeMeta(namespace, name string) field.ErrorList {
	at := field.NewPath("metadata")
	errs := judgeNamespace(namespace, at.Child("namespace"))
	if name == "" {
		return append(errs, field.Required(at.Child("name"), "a name is needed"))
	}
	for _, msg := range content.IsPathSegmentName(name) {
		errs = append(errs, field.Invalid(at.Child("name"), name, msg))
	}
	return errs
}
