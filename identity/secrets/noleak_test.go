// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/identity/secrets"
)

// between is the boundary of most tests.
func between() secrets.Boundary {
	return secrets.Boundary{
		From: []string{"staging"},
		Away: []string{"prod"},
		Protected: secrets.Names{
			Hosts:     []string{"10.0.0.5", ".prod.example.com"},
			Instances: []string{"p:europe-west1:prod-db"},
			Projects:  []string{"prod-data", "111122223333"},
			Accounts:  []string{"prod@shared-p.iam.gserviceaccount.com", "AKIAPRODPRODPRODPROD", "prodstore"},
			Databases: []string{"shop_prod"},
			Users:     []string{"prod_app"},
			Secrets:   []string{"prod-db-password", "kv/prod/"},
		},
		Own: secrets.Names{
			Hosts:     []string{"10.0.1.5", ".staging.example.com", "shared.example.com"},
			Instances: []string{"p:europe-west1:staging-db"},
			Projects:  []string{"staging-data", "444455556666"},
			Accounts:  []string{"stg@shared-p.iam.gserviceaccount.com", "AKIASTAGSTAGSTAGSTAG"},
			Secrets:   []string{"staging-db-password", "kv/staging/"},
		},
	}
}

// production is there in every case, so that its absence decides nothing.
const production = `
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: prod}
stringData:
  PASSWORD: "wX7#kQ2$vN9!mZ4&pL6@rT1^sB8*hJ3%"
  COMMON: postgres
  USERNAME: backend_service
  PHRASE: correct horse battery staple
`

// inhabitant is an object of staging that decides nothing.
const inhabitant = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inhabitant, namespace: staging}"

func read(t testing.TB, docs ...string) []bulkhead.Object {
	t.Helper()
	set, err := manifest.Read("in", strings.NewReader(strings.Join(docs, "\n---\n")))
	if err != nil {
		t.Fatal(err)
	}
	return set.Objects
}

func prove(t testing.TB, b secrets.Boundary, objs []bulkhead.Object) bulkhead.Proof {
	t.Helper()
	proof, err := secrets.NoLeak(objs, b)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// secretOf returns a Secret of staging with one value.
func secretOf(key, value string) string {
	return "apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: staging}\nstringData:\n  " + key + ": |-\n    " +
		strings.ReplaceAll(value, "\n", "\n    ")
}

// say gives a proof in lines: the verdict, then rule, object and field of each breach.
func say(p bulkhead.Proof) string {
	lines := []string{p.Verdict.String()}
	for _, b := range p.Breaches {
		lines = append(lines, strings.TrimSpace(b.Rule+" "+b.Path[0].Object.String()+" "+b.Path[0].Field))
	}
	return strings.Join(lines, "\n")
}

// expect compares a proof with what is wanted, and holds that each change closes its
// path.
func expect(t *testing.T, objs []bulkhead.Object, b secrets.Boundary, want string) {
	t.Helper()
	p := prove(t, b, objs)
	if got := say(p); got != want {
		t.Errorf("got\n%s\nwant\n%s\nmissing: %q", got, want, p.Missing)
	}
	closes(t, objs, b, p)
}

func TestBoundaryHasTwoSides(t *testing.T) {
	some := secrets.Names{Hosts: []string{"db"}}
	for name, tt := range map[string]struct {
		b    secrets.Boundary
		want string
	}{
		"no staging":                       {secrets.Boundary{Away: []string{"prod"}}, "From names no namespace"},
		"no production":                    {secrets.Boundary{From: []string{"staging"}}, "neither Away nor Protected"},
		"one namespace on both sides":      {secrets.Boundary{From: []string{"a"}, Away: []string{"a"}}, "both sides"},
		"a namespace without a name":       {secrets.Boundary{From: []string{""}, Away: []string{"prod"}}, "without a name"},
		"one name on both sides":           {secrets.Boundary{From: []string{"s"}, Protected: some, Own: secrets.Names{Hosts: []string{"DB"}}}, "in Own"},
		"an empty name":                    {secrets.Boundary{From: []string{"s"}, Protected: secrets.Names{Users: []string{""}}}, "Protected.Users: an empty name"},
		"a range that is none":             {secrets.Boundary{From: []string{"s"}, Protected: secrets.Names{Hosts: []string{"10.0.0.0/99"}}}, "no range"},
		"barred without being protected":   {secrets.Boundary{From: []string{"s"}, Protected: some, Barred: secrets.Names{Hosts: []string{"other"}}}, "Barred.Hosts"},
		"what cannot be barred":            {secrets.Boundary{From: []string{"s"}, Protected: secrets.Names{Users: []string{"u"}}, Barred: secrets.Names{Users: []string{"u"}}}, "only hosts and instances"},
		"somebody else's object is vetted": {secrets.Boundary{From: []string{"s"}, Protected: some, Vetted: []bulkhead.Ref{{Kind: "Secret", Namespace: "prod", Name: "x"}}}, "Vetted"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := secrets.NoLeak(read(t, production), tt.b)
			boundary, ok := errors.AsType[*secrets.BoundaryError](err)
			if !ok || !strings.Contains(boundary.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestAProofOverNothingIsAnError(t *testing.T) {
	if _, err := secrets.NoLeak(read(t, production), between()); !errors.Is(err, secrets.ErrNothing) {
		t.Errorf("got %v", err)
	}
	if _, err := secrets.NoLeak(read(t, production, "apiVersion: v1\nkind: Namespace\nmetadata: {name: staging}"), between()); !errors.Is(err, secrets.ErrNothing) {
		t.Errorf("a namespace alone: got %v", err)
	}
	if _, err := secrets.NoLeak(nil, between()); !errors.Is(err, secrets.ErrNothing) {
		t.Errorf("got %v", err)
	}
}

func TestSidesThatAreNotThere(t *testing.T) {
	p := prove(t, between(), read(t, secretOf("A", "b")))
	if p.Verdict != bulkhead.Undetermined || len(p.Missing) != 1 || !strings.Contains(p.Missing[0], "namespace prod") {
		t.Errorf("got %v, %q", p.Verdict, p.Missing)
	}
	more := between()
	more.From = append(more.From, "staging-2")
	p = prove(t, more, read(t, production, inhabitant))
	if p.Verdict != bulkhead.Undetermined || len(p.Missing) != 1 || !strings.Contains(p.Missing[0], "namespace staging-2") {
		t.Errorf("half of staging: got %v, %q", p.Verdict, p.Missing)
	}
	outside := between()
	outside.Away = nil
	expect(t, read(t, secretOf("A", "b")), outside, "Sealed")
}
