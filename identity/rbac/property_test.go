// SPDX-License-Identifier: Apache-2.0

package rbac_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/rbac"
)

// someRules are rights of all kinds, many of which lead further.
func someRules() []string {
	return []string{
		"get secrets", "create secrets", "create pods", "create pods/exec named web", "get pods", "patch deployments.apps", "create serviceaccounts/token",
		"impersonate serviceaccounts named deployer", "impersonate users named system:serviceaccount:tools:deployer", "impersonate groups named staging-devs",
		"create rolebindings.rbac.authorization.k8s.io", "bind clusterroles.rbac.authorization.k8s.io named edit", "update,escalate roles.rbac.authorization.k8s.io",
		"get configmaps", "patch namespaces", "get nodes/proxy", "create externalsecrets.external-secrets.io", "* *.*", "create selfsubjectaccessreviews.authorization.k8s.io",
		"create certificatesigningrequests.certificates.k8s.io", "update certificatesigningrequests.certificates.k8s.io/approval", "approve signers.certificates.k8s.io",
		"create certificatesigningrequests.certificates.k8s.io/nodeclient", "patch rolebindings.rbac.authorization.k8s.io", "create widgets.example.com named x", "patch widgets.example.com",
		"impersonate groups named system:nodes", "impersonate users named system:node:a", "get pods/exec", "create ingresses.networking.k8s.io", "patch namespaces named staging",
		"impersonate:serviceaccount serviceaccounts.authentication.k8s.io", "impersonate-on:serviceaccount:get secrets",
	}
}

// drawn gives random accounts random rights in random namespaces. A role may be
// missing, and a level too weak.
func drawn(t *rapid.T) []bulkhead.Object {
	objs := base()
	who := rapid.SampledFrom([]string{"staging/app", "tools/deployer", "tools/default", "prod/app"})
	where := rapid.SampledFrom([]string{"", "staging", "tools", "prod"})
	for i := range rapid.IntRange(0, 5).Draw(t, "bindings") {
		rules := rapid.SliceOfN(rapid.SampledFrom(someRules()), 1, 2).Draw(t, "rules")
		pair := given(who.Draw(t, "who"), strings.Join(rules, ";"), where.Draw(t, "where"))
		for _, obj := range pair {
			obj.SetName(fmt.Sprint("b", i))
		}
		switch b := pair[1].(type) {
		case *rbacv1.RoleBinding:
			b.RoleRef.Name = b.Name
		case *rbacv1.ClusterRoleBinding:
			b.RoleRef.Name = b.Name
		}
		if rapid.IntRange(0, 9).Draw(t, "missing") == 0 {
			pair = pair[1:]
		}
		objs = append(objs, pair...)
	}
	return append(objs[1:], namespace("staging", rapid.SampledFrom([]string{"restricted", "privileged", ""}).Draw(t, "level")))
}

func proofOf(t *rapid.T, objs []bulkhead.Object, options rbac.Options) bulkhead.Proof {
	proof, err := rbac.New(objs, options).NoAccess(boundary())
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// More rights never seal a boundary.
func TestAGrantNeverSeals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := drawn(t)
		before := proofOf(t, objs, known())
		more := given(rapid.SampledFrom([]string{"staging/app", "tools/deployer"}).Draw(t, "more"), rapid.SampledFrom(someRules()).Draw(t, "rule"), rapid.SampledFrom([]string{"", "prod", "tools"}).Draw(t, "in"))
		after := proofOf(t, append(slices.Clone(objs), more...), known())
		if before.Verdict == bulkhead.Breached && after.Verdict != bulkhead.Breached || after.Verdict == bulkhead.Sealed && before.Verdict != bulkhead.Sealed {
			t.Fatalf("%s before, %s after\n%v", before.Verdict, after.Verdict, before)
		}
	})
}

// Knowing less never proves more: without an option, a role or a namespace what was
// undetermined is not sealed.
func TestLessEvidenceNeverSeals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := drawn(t)
		before := proofOf(t, objs, known())
		if before.Verdict == bulkhead.Sealed {
			t.Skip("nothing is undetermined")
		}
		options := known()
		switch rapid.IntRange(0, 4).Draw(t, "less") {
		case 0:
			options.Authorizers = nil
		case 1:
			options.Whole = false
		case 2:
			options.SharedNodes, options.Minor = identity.Unknown, 0
		default:
			var evidence []int
			for i, obj := range objs {
				if kind := bulkhead.RefTo(obj).Kind; kind == "ClusterRole" || kind == "Namespace" {
					evidence = append(evidence, i)
				}
			}
			at := rapid.SampledFrom(evidence).Draw(t, "object")
			objs = slices.Delete(slices.Clone(objs), at, at+1)
		}
		if after := proofOf(t, objs, options); after.Verdict == bulkhead.Sealed {
			t.Fatalf("%v, and sealed with less", before)
		}
	})
}

// The order of objects is of no account.
func TestOrderIsOfNoAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := drawn(t)
		shuffled := slices.Clone(objs)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(proofOf(t, objs, known()), proofOf(t, shuffled, known())); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Whoever becomes an account of the other side breaks through, and each hop of a path
// names an object.
func TestWhoIsAcrossIsABreach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := drawn(t)
		proof := proofOf(t, objs, known())
		for _, b := range proof.Breaches {
			for _, hop := range b.Path {
				if hop.Object.Kind == "" || hop.Object.Name == "" || hop.Text == "" || hop.Field == "" && hop.Object.Name != "kube-system" {
					t.Fatalf("%+v in %+v", hop, b)
				}
			}
			if len(b.Path) == 0 || b.Change == (bulkhead.Change{}) {
				t.Fatalf("%+v", b)
			}
		}
		actors, err := rbac.New(objs, known()).Actors(boundary())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range actors {
			if strings.HasPrefix(a.User.Name, "system:serviceaccount:prod:") && proof.Verdict != bulkhead.Breached {
				t.Fatalf("%s by %+v, and %s", a.User, a.Path(), proof.Verdict)
			}
		}
	})
}

// Whoever does what a breach says to change is rid of its path.
func TestChangesClosePaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := drawn(t)
		for _, b := range proofOf(t, objs, known()).Breaches {
			changed := applied(t, objs, b.Change)
			for _, left := range proofOf(t, changed, known()).Breaches {
				if cmp.Equal(left.Path, b.Path) {
					t.Fatalf("%+v leaves %+v", b.Change, b.Path)
				}
			}
		}
	})
}

// applied takes away what a change names.
func applied(t *rapid.T, objs []bulkhead.Object, change bulkhead.Change) []bulkhead.Object {
	out := slices.Clone(objs)
	for i, obj := range out {
		if bulkhead.RefTo(obj) != change.Object {
			continue
		}
		u, err := bulkhead.Unstructured(obj)
		if err != nil {
			t.Fatal(err)
		}
		u = u.DeepCopy()
		if !without(u.Object, change.Field) {
			t.Fatalf("%s has no %s", change.Object, change.Field)
		}
		typed := obj.DeepCopyObject().(bulkhead.Object)
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, typed); err != nil {
			t.Fatal(err)
		}
		out[i] = typed
		return out
	}
	t.Fatalf("%+v is about no object", change)
	return nil
}

// without takes a field out of an object: "subjects[0]" or "metadata.labels[key]".
func without(object map[string]any, field string) bool {
	name, rest, indexed := strings.Cut(field, "[")
	steps := strings.Split(name, ".")
	at := object
	for _, step := range steps[:len(steps)-1] {
		at, _ = at[step].(map[string]any)
	}
	last := steps[len(steps)-1]
	if !indexed {
		_, ok := at[last]
		delete(at, last)
		return ok
	}
	key := strings.TrimSuffix(rest, "]")
	switch of := at[last].(type) {
	case []any:
		n, err := strconv.Atoi(key)
		if err != nil || n >= len(of) {
			return false
		}
		at[last] = slices.Delete(slices.Clone(of), n, n+1)
		return true
	case map[string]any:
		_, ok := of[key]
		delete(of, key)
		return ok
	default:
		return false
	}
}

// A request is allowed if a rule of a binding of the user says so: here the plain
// reading, of a few words.
func TestAllowedIsWhatRulesSay(t *testing.T) {
	word := func(words ...string) *rapid.Generator[string] { return rapid.SampledFrom(words) }
	rapid.Check(t, func(t *rapid.T) {
		objs := drawn(t)
		c := rbac.New(objs, known())
		r := rbac.Request{
			Verb: word("get", "create", "patch", "bind").Draw(t, "verb"), Group: word("", "apps", "rbac.authorization.k8s.io").Draw(t, "group"),
			Resource: word("secrets", "pods", "deployments", "clusterroles").Draw(t, "resource"), Subresource: word("", "exec").Draw(t, "subresource"),
			Namespace: word("", "prod", "tools", "staging").Draw(t, "namespace"), Name: word("", "web", "edit").Draw(t, "name"),
		}
		user := rbac.Account("staging", "app")
		got := c.Allowed(user, r)
		rights, err := c.Rights(rbac.Boundary{From: []string{"staging"}, Away: []string{"prod"}})
		if err != nil {
			t.Fatal(err)
		}
		if got.Answer == identity.Yes && r.Namespace == "prod" {
			if !slices.ContainsFunc(rights, func(x rbac.Right) bool { return x.Namespace == "" || x.Namespace == "prod" }) {
				out, _ := json.Marshal(rights)
				t.Fatalf("%+v is allowed, and no right says so: %s", r, out)
			}
		}
	})
}
