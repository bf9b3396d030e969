// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Users and groups of Kubernetes itself (k8s.io/apiserver v0.37,
// pkg/authentication/user and pkg/authentication/serviceaccount).
const (
	accountUserPrefix  = "system:serviceaccount:"
	accountGroup       = "system:serviceaccounts"
	accountGroupPrefix = accountGroup + ":"
	mastersGroup       = "system:masters"
	everyoneGroup      = "system:authenticated"
	nobodyGroup        = "system:unauthenticated"
	anonymousUser      = "system:anonymous"
)

// A Subject is who a [RoleBinding] gives a role to: see [ForAccount], [ForUser] and
// [ForGroup]. The zero Subject is refused.
type Subject struct {
	kind, namespace, name string
}

// ForAccount is a service account. The role goes to every pod that runs as it.
func ForAccount(account *corev1.ServiceAccount) Subject {
	if account == nil {
		return Subject{kind: rbacv1.ServiceAccountKind}
	}
	return Subject{kind: rbacv1.ServiceAccountKind, namespace: account.Namespace, name: account.Name}
}

// ForUser is a user, by the name that the cluster's authentication gives it.
func ForUser(name string) Subject { return Subject{kind: rbacv1.UserKind, name: name} }

// ForGroup is all users of a group, by the name that the cluster's authentication
// gives it.
func ForGroup(name string) Subject { return Subject{kind: rbacv1.GroupKind, name: name} }

// judge returns what is wrong with a subject of a binding in a namespace.
func (s Subject) judge(namespace string, at *field.Path) field.ErrorList {
	switch {
	case s.kind == "":
		return field.ErrorList{field.Required(at, "the zero subject")}
	case s.name == "":
		return field.ErrorList{field.Required(at.Child("name"), "no name")}
	case s.name == "*":
		return field.ErrorList{field.Invalid(at.Child("name"), s.name, "a star is a name like any other, and no user or group has it")}
	}
	if wrong := s.tooMany(namespace); wrong != "" {
		return field.ErrorList{field.Invalid(at, s.text(), wrong)}
	}
	return nil
}

// tooMany says how a subject reaches beyond a namespace, or nothing.
func (s Subject) tooMany(namespace string) string {
	const foreign = "of another namespace"
	switch s.kind {
	case rbacv1.ServiceAccountKind:
		if s.namespace != namespace {
			return foreign
		}
	case rbacv1.UserKind:
		if s.name == anonymousUser {
			return "whoever sends requests without saying who"
		}
		if account, ok := strings.CutPrefix(s.name, accountUserPrefix); ok && !strings.HasPrefix(account, namespace+":") {
			return foreign
		}
	case rbacv1.GroupKind:
		switch s.name {
		case everyoneGroup:
			return "everyone that the cluster knows, all service accounts included"
		case nobodyGroup:
			return "whoever sends requests without saying who"
		case accountGroup:
			return "the service accounts of all namespaces"
		case mastersGroup:
			return "those whom the API server lets do everything anyway"
		}
		if of, ok := strings.CutPrefix(s.name, accountGroupPrefix); ok && of != namespace {
			return foreign
		}
	}
	return ""
}

func (s Subject) text() string {
	if s.namespace != "" {
		return s.kind + " " + s.namespace + "/" + s.name
	}
	return s.kind + " " + s.name
}

// subject returns the subject as the API server stores it
// (pkg/apis/rbac/v1/defaults.go, SetDefaults_Subject, v1.37).
func (s Subject) subject() rbacv1.Subject {
	out := rbacv1.Subject{Kind: s.kind, APIGroup: rbacv1.GroupName, Namespace: s.namespace, Name: s.name}
	if s.kind == rbacv1.ServiceAccountKind {
		out.APIGroup = ""
	}
	return out
}
