// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// reader is an access that nothing is wrong with.
func reader(edit ...func(*identity.Access)) identity.Access {
	access := identity.Access{Resources: []string{"configmaps"}, Verbs: []string{"get"}}
	for _, e := range edit {
		e(&access)
	}
	return access
}

func verbs(verbs ...string) func(*identity.Access) {
	return func(a *identity.Access) { a.Verbs = verbs }
}

func called(names ...string) func(*identity.Access) {
	return func(a *identity.Access) { a.Names = names }
}

func of(resources ...string) func(*identity.Access) {
	return func(a *identity.Access) { a.Resources = resources }
}

func inGroup(group string) func(*identity.Access) {
	return func(a *identity.Access) { a.Group = group }
}

func TestRoleRefuses(t *testing.T) {
	allows := func(edit ...func(*identity.Access)) error {
		return errorOf(identity.Role("staging", "reader", reader(edit...)))
	}
	tests := map[string]struct {
		err  error
		want []string
	}{
		"nothing":                 {allows(), nil},
		"a role of nothing":       {errorOf(identity.Role("", "")), []string{"FieldValueRequired access", "FieldValueRequired metadata.name", "FieldValueRequired metadata.namespace"}},
		"the zero access":         {errorOf(identity.Role("staging", "reader", reader(), identity.Access{})), []string{"FieldValueRequired access[1].resources", "FieldValueRequired access[1].verbs"}},
		"a name with a slash":     {errorOf(identity.Role("staging", "a/b", reader())), []string{"FieldValueInvalid metadata.name"}},
		"a name with a colon":     {errorOf(identity.Role("staging", "app:reader", reader())), nil},
		"a namespace with a dot":  {errorOf(identity.Role("staging.eu", "reader", reader())), []string{"FieldValueInvalid metadata.namespace"}},
		"every group":             {allows(inGroup("*")), []string{"FieldValueInvalid access[0].group"}},
		"a group with a version":  {allows(inGroup("apps/v1")), []string{"FieldValueInvalid access[0].group"}},
		"every resource":          {allows(of("pods", "*")), []string{"FieldValueInvalid access[0].resources[1]"}},
		"every subresource":       {allows(of("pods/*", "*/scale")), []string{"FieldValueInvalid access[0].resources[0]", "FieldValueInvalid access[0].resources[1]"}},
		"a kind for a resource":   {allows(of("ConfigMap")), []string{"FieldValueInvalid access[0].resources[0]"}},
		"an empty resource":       {allows(of("")), []string{"FieldValueInvalid access[0].resources[0]"}},
		"a resource and two dots": {allows(of("pods/log/more")), []string{"FieldValueInvalid access[0].resources[0]"}},
		"every verb":              {allows(verbs("get", "*")), []string{"FieldValueInvalid access[0].verbs[1]"}},
		"verbs that give out more": {allows(verbs("escalate", "bind", "impersonate", "impersonate:user-info", "impersonate-on:user-info:list")), []string{
			"FieldValueForbidden access[0].verbs[0]", "FieldValueForbidden access[0].verbs[1]", "FieldValueForbidden access[0].verbs[2]",
			"FieldValueForbidden access[0].verbs[3]", "FieldValueForbidden access[0].verbs[4]",
		}},
		"a verb in capitals":                       {allows(verbs("GET")), []string{"FieldValueNotSupported access[0].verbs[0]"}},
		"a verb that is none":                      {allows(verbs("read", "")), []string{"FieldValueNotSupported access[0].verbs[0]", "FieldValueNotSupported access[0].verbs[1]"}},
		"one object by an empty name":              {allows(called("settings", "")), []string{"FieldValueRequired access[0].names[1]"}},
		"every object by a star":                   {allows(called("*")), []string{"FieldValueInvalid access[0].names[0]"}},
		"a create by name":                         {allows(verbs("get", "create"), called("settings")), []string{"FieldValueInvalid access[0].verbs[1]"}},
		"a create of a subresource by name":        {allows(of("serviceaccounts/token"), verbs("create"), called("backend")), nil},
		"a create of both by name":                 {allows(of("serviceaccounts/token", "pods"), verbs("create"), called("backend")), []string{"FieldValueInvalid access[0].verbs[0]"}},
		"a delete of all by name":                  {allows(of("pods/status"), verbs("delete", "deletecollection"), called("a")), []string{"FieldValueInvalid access[0].verbs[1]"}},
		"a list by name, which a selector answers": {allows(verbs("list", "watch"), called("settings")), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, fields(t, tt.err)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRoleBindingRefuses(t *testing.T) {
	role := bulkhead.Must(identity.Role("staging", "reader", reader()))
	to := func(subjects ...identity.Subject) error {
		return errorOf(identity.RoleBinding("staging", "readers", role, subjects...))
	}
	foreign := bulkhead.Must(identity.Role("prod", "reader", reader()))
	tests := map[string]struct {
		err  error
		want []string
	}{
		"nothing": {to(identity.ForAccount(backend()), identity.ForUser("alice@example.com"), identity.ForGroup("developers")), nil},
		"everything at once": {
			errorOf(identity.RoleBinding("", "", nil)),
			[]string{"FieldValueRequired metadata.name", "FieldValueRequired metadata.namespace", "FieldValueRequired role", "FieldValueRequired subjects"},
		},
		"a role of another namespace":            {errorOf(identity.RoleBinding("staging", "readers", foreign, identity.ForUser("a"))), []string{"FieldValueInvalid role.metadata.namespace"}},
		"a role without a name":                  {errorOf(identity.RoleBinding("staging", "readers", &rbacv1.Role{}, identity.ForUser("a"))), []string{"FieldValueRequired role.metadata.name"}},
		"the zero subject":                       {to(identity.Subject{}), []string{"FieldValueRequired subjects[0]"}},
		"subjects without a name":                {to(identity.ForUser(""), identity.ForGroup(""), identity.ForAccount(nil)), []string{"FieldValueRequired subjects[0].name", "FieldValueRequired subjects[1].name", "FieldValueRequired subjects[2].name"}},
		"a star":                                 {to(identity.ForUser("*"), identity.ForGroup("*")), []string{"FieldValueInvalid subjects[0].name", "FieldValueInvalid subjects[1].name"}},
		"an account of another namespace":        {to(identity.ForAccount(identity.Account("prod", "backend"))), []string{"FieldValueInvalid subjects[0]"}},
		"an account of another namespace's user": {to(identity.ForUser("system:serviceaccount:prod:backend")), []string{"FieldValueInvalid subjects[0]"}},
		"a namespace that begins the same":       {to(identity.ForUser("system:serviceaccount:staging-2:backend")), []string{"FieldValueInvalid subjects[0]"}},
		"an account as a user":                   {to(identity.ForUser("system:serviceaccount:staging:backend")), nil},
		"all accounts of the namespace":          {to(identity.ForGroup("system:serviceaccounts:staging")), nil},
		"all accounts of another":                {to(identity.ForGroup("system:serviceaccounts:prod")), []string{"FieldValueInvalid subjects[0]"}},
		"all accounts":                           {to(identity.ForGroup("system:serviceaccounts")), []string{"FieldValueInvalid subjects[0]"}},
		"everyone": {
			to(identity.ForGroup("system:authenticated"), identity.ForGroup("system:unauthenticated"), identity.ForGroup("system:masters"), identity.ForUser("system:anonymous")),
			[]string{"FieldValueInvalid subjects[0]", "FieldValueInvalid subjects[1]", "FieldValueInvalid subjects[2]", "FieldValueInvalid subjects[3]"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, fields(t, tt.err)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

// What a caller does with an argument afterwards must not reach the object.
func TestRoleKeepsNoArgument(t *testing.T) {
	access := reader(verbs("get", "list", "watch"), called("a", "b", "c"), of("x", "y", "z"))
	role := bulkhead.Must(identity.Role("staging", "reader", access))
	want := role.DeepCopy()
	access.Verbs[0], access.Names[0], access.Resources[0] = "delete", "secret", "secrets"
	if diff := cmp.Diff(want, role); diff != "" {
		t.Errorf("the role follows its argument:\n%s", diff)
	}
}
