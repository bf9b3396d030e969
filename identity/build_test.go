// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/identity"
)

// checkBuilt fails unless no rule has anything against objects, YAML carries them
// unchanged, and their names are those that the API server takes.
func checkBuilt(t *rapid.T, objs ...bulkhead.Object) {
	if err := bulkhead.Check(objs, identity.Rules()...).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := bulkhead.New(objs[0].GetNamespace(), objs...); err != nil {
		t.Fatalf("no bulkhead of builders' own objects: %v", err)
	}
	var yaml bytes.Buffer
	if err := manifest.Write(&yaml, objs...); err != nil {
		t.Fatal(err)
	}
	set, err := manifest.Read("built.yaml", &yaml)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(objs, set.Objects); diff != "" {
		t.Fatalf("YAML changes the objects (-built +read):\n%s", diff)
	}
	for _, obj := range objs {
		if got := obj.GetLabels()[bulkhead.ManagedByLabel]; got != bulkhead.ManagedByValue {
			t.Fatalf("managed by %q", got)
		}
	}
}

func TestAccountsOfClouds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		account := accounts().Draw(t, "account")
		before := account.DeepCopy()
		role := "arn:aws:iam::111122223333:role/" + rapid.StringMatching(`([a-z]{1,9}/)?[A-Za-z0-9+=,.@_-]{1,64}`).Draw(t, "role")

		acting, err := identity.ActAs(account, emails().Draw(t, "email"), pools().Draw(t, "pool"))
		if err != nil {
			t.Fatal(err)
		}
		assuming, err := identity.AssumeRole(account, role, issuers().Draw(t, "issuer"))
		if err != nil {
			t.Fatal(err)
		}
		federated, err := identity.Federate(account, guids().Draw(t, "client"), guids().Draw(t, "tenant"), issuers().Draw(t, "issuer"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := identity.AssociateRole(account, role, "arn:aws:eks:eu-west-1:111122223333:cluster/shop"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, account); diff != "" {
			t.Fatalf("the argument was changed:\n%s", diff)
		}
		checkBuilt(t, account)
		checkBuilt(t, acting.Objects()...)
		checkBuilt(t, assuming.Objects()...)
		checkBuilt(t, federated.Objects()...)
	})
}

// What is granted reaches the account that asked for it.
func TestGrantsAreToTheAccountItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		account, pool := accounts().Draw(t, "account"), pools().Draw(t, "pool")
		acting, err := identity.ActAs(account, emails().Draw(t, "email"), pool)
		if err != nil {
			t.Fatal(err)
		}
		direct, err := identity.Direct(account, pool)
		if err != nil {
			t.Fatal(err)
		}
		self := identity.Workload{Pool: pool, Namespace: account.Namespace, Account: account.Name}
		other := self
		other.Namespace += "-2"
		for _, member := range []identity.Member{acting.Grant.Member, direct} {
			read := identity.ParseMember(member.String())
			if read != member {
				t.Fatalf("%s reads as %#v, not %#v", member, read, member)
			}
			if got := self.Matches(read); got.Answer != identity.Yes {
				t.Fatalf("%s: %+v", member, got)
			}
			if got := other.Matches(read); got.Answer != identity.No {
				t.Fatalf("%s and another namespace: %+v", member, got)
			}
		}
	})
}

func TestRolesAndBindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		namespace := namespaces().Draw(t, "namespace")
		role, err := identity.Role(namespace, rapid.StringMatching(`[a-z:]{1,20}`).Draw(t, "role"), rapid.SliceOfN(accesses(), 1, 4).Draw(t, "access")...)
		if err != nil {
			t.Fatal(err)
		}
		binding, err := identity.RoleBinding(namespace, rapid.StringMatching(`[a-z:]{1,20}`).Draw(t, "binding"), role,
			identity.ForAccount(identity.Account(namespace, names().Draw(t, "account"))),
			identity.ForUser(rapid.StringMatching(`[a-z]{1,8}@example.com`).Draw(t, "user")),
			identity.ForGroup("system:serviceaccounts:"+namespace))
		if err != nil {
			t.Fatal(err)
		}
		checkBuilt(t, role, binding)
	})
}

// fields returns the fields that an *InvalidError names, sorted and once each.
func fields(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*bulkhead.InvalidError](err)
	if !ok {
		t.Fatalf("%T is no *bulkhead.InvalidError: %v", err, err)
	}
	if _, ok := errors.AsType[*field.Error](err); !ok {
		t.Errorf("errors.As reaches no *field.Error in %v", err)
	}
	var out []string
	for _, e := range invalid.Errs {
		out = append(out, string(e.Type)+" "+e.Field)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
