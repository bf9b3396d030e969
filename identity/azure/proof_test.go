// SPDX-License-Identifier: Apache-2.0

package azure_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/azure"
)

const (
	issuer    = "https://westeurope.oic.prod-aks.azure.com/00000000-0000-0000-0000-000000000001/00000000-0000-0000-0000-000000000002/"
	binding   = "https://ib.oic.prod-aks.azure.com/00000000-0000-0000-0000-000000000001/00000000-0000-0000-0000-000000000003"
	entra     = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001/v2.0"
	principal = "AAAAAAAA-0000-0000-0000-000000000004"
)

func boundary() azure.Boundary {
	return azure.Boundary{Issuer: issuer, From: []string{"staging"}, Away: []string{"prod"}}
}

func credential(name, issuer, subject string) azure.Credential {
	out := azure.Credential{Name: name}
	out.Issuer, out.Subject, out.Audiences = issuer, subject, []string{"api://AzureADTokenExchange"}
	return out
}

func flexible(issuer string) azure.Credential {
	out := credential("flexible", issuer, "")
	out.ClaimsMatchingExpression = "claims['sub'] matches 'system:serviceaccount:prod:*'"
	return out
}

func prod(credentials ...azure.Credential) []azure.Identity {
	return []azure.Identity{{Name: "prod", Credentials: credentials}}
}

type verdictCase struct {
	identities []azure.Identity
	want       bulkhead.Verdict
	missing    string
	hops       int
}

func cases() map[string]verdictCase {
	staging := azure.Identity{Name: "staging", PrincipalID: strings.ToLower(principal), Credentials: []azure.Credential{credential("app", issuer, "system:serviceaccount:staging:app")}}
	return map[string]verdictCase{
		"an account of production": {identities: prod(credential("app", issuer, "system:serviceaccount:prod:app")), want: bulkhead.Sealed},
		"an account of staging":    {identities: prod(credential("app", issuer, "system:serviceaccount:staging:app")), want: bulkhead.Breached, hops: 1},
		"one of each": {
			identities: prod(credential("a", issuer, "system:serviceaccount:prod:app"), credential("b", issuer, "system:serviceaccount:staging:app")),
			want:       bulkhead.Breached, hops: 1,
		},
		"a namespace that begins alike":             {identities: prod(credential("app", issuer, "system:serviceaccount:staging-2:app")), want: bulkhead.Sealed},
		"a wildcard":                                {identities: prod(credential("app", issuer, "system:serviceaccount:staging:*")), want: bulkhead.Sealed},
		"a subject in capitals":                     {identities: prod(credential("app", issuer, "system:serviceaccount:Staging:app")), want: bulkhead.Sealed},
		"another cluster":                           {identities: prod(credential("app", strings.Replace(issuer, "westeurope", "eastus", 1), "system:serviceaccount:staging:app")), want: bulkhead.Sealed},
		"a repository":                              {identities: prod(credential("ci", "https://token.actions.githubusercontent.com", "repo:shop/backend:ref:refs/heads/main")), want: bulkhead.Sealed},
		"no credential":                             {identities: prod(), want: bulkhead.Sealed},
		"an issuer without its slash":               {identities: prod(credential("app", strings.TrimSuffix(issuer, "/"), "system:serviceaccount:staging:app")), want: bulkhead.Undetermined, missing: "written otherwise"},
		"an issuer in capitals":                     {identities: prod(credential("app", strings.ToUpper(issuer), "system:serviceaccount:staging:app")), want: bulkhead.Undetermined, missing: "written otherwise"},
		"an expression":                             {identities: prod(flexible(issuer)), want: bulkhead.Undetermined, missing: "whether the expression of the credential admits accounts of staging"},
		"an expression for another issuer":          {identities: prod(flexible("https://token.actions.githubusercontent.com")), want: bulkhead.Sealed},
		"an identity binding":                       {identities: prod(credential("aks-identity-binding", binding, "system:serviceaccount:prod:app")), want: bulkhead.Undetermined, missing: "through an identity binding"},
		"credentials that were not read":            {identities: []azure.Identity{{Name: "prod", Incomplete: true}}, want: bulkhead.Undetermined, missing: "all federated credentials of prod"},
		"credentials of another that were not read": {identities: append(prod(), azure.Identity{Name: "ci", Incomplete: true}), want: bulkhead.Sealed},
		"a managed identity that was not read":      {identities: append(prod(credential("mi", entra, principal)), azure.Identity{Name: "ci", PrincipalID: principal, Incomplete: true}), want: bulkhead.Undetermined, missing: "all federated credentials of ci"},
		"some that were read, and one of staging":   {identities: []azure.Identity{{Name: "prod", Incomplete: true, Credentials: []azure.Credential{credential("app", issuer, "system:serviceaccount:staging:app")}}}, want: bulkhead.Breached, hops: 1},
		"an identity that is not there":             {identities: []azure.Identity{staging}, want: bulkhead.Undetermined, missing: "the federated credentials of prod"},
		"a managed identity that is not there":      {identities: prod(credential("mi", entra, principal)), want: bulkhead.Undetermined, missing: "which managed identity has the object ID"},
		"a managed identity of staging":             {identities: append(prod(credential("mi", entra, principal)), staging), want: bulkhead.Breached, hops: 2},
		"a managed identity that nobody can be":     {identities: append(prod(credential("mi", entra, principal)), azure.Identity{Name: "ci", PrincipalID: principal}), want: bulkhead.Sealed},
		"managed identities in a circle":            {identities: []azure.Identity{{Name: "prod", PrincipalID: "a", Credentials: []azure.Credential{credential("b", entra, "b")}}, {Name: "b", PrincipalID: "b", Credentials: []azure.Credential{credential("a", entra, "a")}}}, want: bulkhead.Sealed},
		"a managed identity that staging may be":    {identities: append(prod(credential("mi", entra, principal)), azure.Identity{Name: "ci", PrincipalID: principal, Credentials: []azure.Credential{flexible(issuer)}}), want: bulkhead.Undetermined, missing: "whether the expression"},
		"a credential that is certain, another not": {identities: prod(flexible(issuer), credential("app", issuer, "system:serviceaccount:staging:app")), want: bulkhead.Breached, hops: 1},
	}
}

func TestNoAccess(t *testing.T) {
	for name, tt := range cases() {
		t.Run(name, func(t *testing.T) {
			proof, err := azure.NoAccess(tt.identities, boundary())
			if err != nil {
				t.Fatal(err)
			}
			if missing := strings.Join(proof.Missing, "; "); proof.Verdict != tt.want || !strings.Contains(missing, tt.missing) || tt.want == bulkhead.Undetermined && tt.missing == "" {
				t.Fatalf("proof %v, want %v, missing %q", proof, tt.want, tt.missing)
			}
			for _, breach := range proof.Breaches {
				if breach.Rule != azure.FederatedCredential || len(breach.Path) != tt.hops || breach.Path[tt.hops-1].Object.Name != "prod" {
					t.Errorf("breach %v, want %d hops to prod", breach, tt.hops)
				}
			}
		})
	}
}

// applied returns the identities after a change: without a credential.
func applied(identities []azure.Identity, change bulkhead.Change) []azure.Identity {
	out := slices.Clone(identities)
	for i, id := range out {
		if id.Name == change.Object.Name {
			out[i].Credentials = slices.DeleteFunc(slices.Clone(id.Credentials), func(c azure.Credential) bool {
				return change.Field == "federatedIdentityCredentials["+c.Name+"]"
			})
		}
	}
	return out
}

func TestChangesClosePaths(t *testing.T) {
	for name, tt := range cases() {
		if tt.want != bulkhead.Breached {
			continue
		}
		t.Run(name, func(t *testing.T) {
			proof := bulkhead.Must(azure.NoAccess(tt.identities, boundary()))
			if after := bulkhead.Must(azure.NoAccess(applied(tt.identities, proof.Breaches[0].Change), boundary())); len(after.Breaches) > 0 {
				t.Errorf("%v leaves %v", proof.Breaches[0].Change, after.Breaches)
			}
		})
	}
}

func TestNoAccessRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(*azure.Boundary, *[]azure.Identity)
		want []string
	}{
		"nothing to start from":     {func(b *azure.Boundary, _ *[]azure.Identity) { b.From = nil }, []string{"from"}},
		"nothing to protect":        {func(b *azure.Boundary, _ *[]azure.Identity) { b.Away = nil }, []string{"away"}},
		"a nameless one to protect": {func(b *azure.Boundary, _ *[]azure.Identity) { b.Away = []string{""} }, []string{"away[0]"}},
		"a namespace that is none":  {func(b *azure.Boundary, _ *[]azure.Identity) { b.From = []string{"a:b"} }, []string{"from[0]"}},
		"an issuer and a blank":     {func(b *azure.Boundary, _ *[]azure.Identity) { b.Issuer += " " }, []string{"issuer"}},
		"a credential for nobody": {func(_ *azure.Boundary, i *[]azure.Identity) {
			(*i)[0].Credentials = []azure.Credential{{Name: "a", FederatedCredential: identity.FederatedCredential{Issuer: issuer}}}
		}, []string{"identities[0].credentials[0].subject"}},
		"a credential of nobody": {func(_ *azure.Boundary, i *[]azure.Identity) {
			(*i)[0].Credentials = []azure.Credential{{Name: "a", FederatedCredential: identity.FederatedCredential{Subject: "x"}}}
		}, []string{"identities[0].credentials[0].issuer"}},
		"no issuer":                  {func(b *azure.Boundary, _ *[]azure.Identity) { b.Issuer = "" }, []string{"issuer"}},
		"an identity without a name": {func(_ *azure.Boundary, i *[]azure.Identity) { *i = append(*i, azure.Identity{}) }, []string{"identities[1].name"}},
		"two identities of a name":   {func(_ *azure.Boundary, i *[]azure.Identity) { *i = append(*i, (*i)[0]) }, []string{"identities[1].name"}},
		"two identities of a principal": {func(_ *azure.Boundary, i *[]azure.Identity) {
			*i = append(*i, azure.Identity{Name: "a", PrincipalID: "x"}, azure.Identity{Name: "b", PrincipalID: "X"})
		}, []string{"identities[2].principalID"}},
		"two credentials of a name": {func(_ *azure.Boundary, i *[]azure.Identity) {
			(*i)[0].Credentials = []azure.Credential{credential("a", "i", "s"), credential("a", "i", "s")}
		}, []string{"identities[0].credentials[1].name"}},
	} {
		t.Run(name, func(t *testing.T) {
			b, identities := boundary(), prod()
			tt.edit(&b, &identities)
			_, err := azure.NoAccess(identities, b)
			var invalid *bulkhead.InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("error %v", err)
			}
			var got []string
			for _, e := range invalid.Errs {
				got = append(got, e.Field)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func identities() *rapid.Generator[[]azure.Identity] {
	return rapid.Custom(func(t *rapid.T) []azure.Identity {
		var out []azure.Identity
		for _, name := range []string{"prod", "a", "b"} {
			id := azure.Identity{Name: name, PrincipalID: "principal-" + name, Incomplete: rapid.IntRange(0, 9).Draw(t, "incomplete") == 7}
			for i := range rapid.IntRange(0, 3).Draw(t, "credentials of "+name) {
				pick := rapid.SampledFrom([][2]string{
					{issuer, "system:serviceaccount:staging:app"},
					{issuer, "system:serviceaccount:staging:web"},
					{issuer, "system:serviceaccount:staging-2:app"},
					{issuer, "system:serviceaccount:prod:app"},
					{strings.TrimSuffix(issuer, "/"), "system:serviceaccount:prod:app"},
					{binding, "system:serviceaccount:prod:app"},
					{"https://other.example.com", "system:serviceaccount:staging:app"},
					{entra, "PRINCIPAL-a"},
					{entra, "principal-b"},
					{entra, "principal-c"},
				}).Draw(t, "credential")
				c := credential(fmt.Sprint("c", i), pick[0], pick[1])
				if rapid.IntRange(0, 5).Draw(t, "flexible") == 4 {
					c = flexible(c.Issuer)
					c.Name = fmt.Sprint("c", i)
				}
				id.Credentials = append(id.Credentials, c)
			}
			out = append(out, id)
		}
		return out
	})
}

// More credentials seal nothing, the order of what was read is of no account, and each
// change closes its path.
func TestCredentialsOnlyAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := identities().Draw(t, "identities")
		more := bulkhead.Must(azure.NoAccess(all, boundary()))
		fewer := slices.Clone(all)
		i := rapid.IntRange(0, len(fewer)-1).Draw(t, "of")
		fewer[i].Credentials = fewer[i].Credentials[:rapid.IntRange(0, len(fewer[i].Credentials)).Draw(t, "kept")]
		less := bulkhead.Must(azure.NoAccess(fewer, boundary()))
		if less.Verdict == bulkhead.Breached && more.Verdict != bulkhead.Breached || less.Verdict == bulkhead.Undetermined && more.Verdict == bulkhead.Sealed {
			t.Fatalf("%v became %v", less, more)
		}
		turned := slices.Clone(all)
		slices.Reverse(turned)
		for i := range turned {
			turned[i].Credentials = slices.Clone(turned[i].Credentials)
			slices.Reverse(turned[i].Credentials)
		}
		if diff := cmp.Diff(more, bulkhead.Must(azure.NoAccess(turned, boundary()))); diff != "" {
			t.Fatalf("proof (-as is +reversed):\n%s", diff)
		}
		for range 20 {
			proof := bulkhead.Must(azure.NoAccess(all, boundary()))
			if len(proof.Breaches) == 0 {
				return
			}
			all = applied(all, proof.Breaches[0].Change)
		}
		t.Fatal("changes do not end")
	})
}

// Of paths of one length the same is shown, whatever came first.
func TestOrderOfEqualPathsIsOfNoAccount(t *testing.T) {
	staging := func(name string) azure.Credential {
		return credential(name, issuer, "system:serviceaccount:staging:app")
	}
	for name, all := range map[string][]azure.Identity{
		"two credentials": prod(staging("a"), staging("b")),
		"two identities": {
			{Name: "prod", Credentials: []azure.Credential{credential("a", entra, "a"), credential("b", entra, "b")}},
			{Name: "a", PrincipalID: "a", Credentials: []azure.Credential{staging("x")}},
			{Name: "b", PrincipalID: "b", Credentials: []azure.Credential{staging("y")}},
		},
	} {
		turned := slices.Clone(all)
		slices.Reverse(turned)
		for i := range turned {
			turned[i].Credentials = slices.Clone(turned[i].Credentials)
			slices.Reverse(turned[i].Credentials)
		}
		want := bulkhead.Must(azure.NoAccess(all, boundary()))
		if diff := cmp.Diff(want, bulkhead.Must(azure.NoAccess(turned, boundary()))); want.Verdict != bulkhead.Breached || diff != "" {
			t.Errorf("%s (-as is +turned):\n%s", name, diff)
		}
	}
}

func TestReadIdentity(t *testing.T) {
	const list = `[{"audiences": ["api://AzureADTokenExchange"], "id": "/subscriptions/x", "issuer": "` + issuer + `", "name": "app", "resourceGroup": "g",
		"subject": "system:serviceaccount:prod:app", "systemData": null, "type": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"}]`
	const graph = `{"value": [{"id": "1", "name": "flexible", "issuer": "https://i", "subject": null, "audiences": ["a"], "claimsMatchingExpression": {"value": "claims['sub'] eq 'x'", "languageVersion": 1}}]}`
	const manager = `{"name": "arm", "properties": {"issuer": "https://i", "subject": "s", "audiences": ["a", "b"]}}`
	got, err := azure.ReadIdentity("prod.json", "prod", strings.NewReader(list+graph+manager))
	if err != nil {
		t.Fatal(err)
	}
	expression := azure.Credential{Name: "flexible", ClaimsMatchingExpression: "claims['sub'] eq 'x'", FederatedCredential: identity.FederatedCredential{Issuer: "https://i", Audiences: []string{"a"}}}
	arm := azure.Credential{Name: "arm", FederatedCredential: identity.FederatedCredential{Issuer: "https://i", Subject: "s", Audiences: []string{"a", "b"}}}
	want := azure.Identity{Name: "prod", Credentials: []azure.Credential{credential("app", issuer, "system:serviceaccount:prod:app"), expression, arm}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
	if empty, err := azure.ReadIdentity("prod.json", "prod", strings.NewReader(`[]`)); err != nil || empty.Credentials != nil {
		t.Errorf("no credentials are %v, %v", empty, err)
	}
}

func TestReadIdentityRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`[7, {"name": "a", "issuer": "i", "subject": "s"}]`:                      "f.json: [0]: no object",
		`[{"issuer": "i", "subject": "s"}]`:                                      "f.json: [0].name: is not there",
		`[{"name": "a", "subject": "s"}]`:                                        "f.json: [0].issuer: is not there",
		`[{"name": "a", "issuer": "i"}]`:                                         "f.json: [0].subject: there is to be either a subject or an expression",
		`[{"name": "a", "issuer": "i", "subject": "s", "audiences": [{}]}]`:      "f.json: [0].audiences[0]: no text",
		`[{"name": "a", "issuer": 3, "subject": "s"}]`:                           "f.json: [0].issuer: no text",
		`[{"name": "a", "issuer": "i", "claimsMatchingExpression": {"v": "x"}}]`: "f.json: [0].claimsMatchingExpression: no text",
		`{"value": [{"name": "a", "name": "b", "issuer": "i", "subject": "s"}]}`: `f.json: byte 31: the key "name" is there twice`,
		`[`:      "f.json: byte 1: unexpected EOF",
		``:       "f.json: holds nothing; an identity without credentials is []",
		` `:      "f.json: holds nothing; an identity without credentials is []",
		`null`:   "f.json: no list of credentials",
		`7`:      "f.json: no object",
		`[null]`: "f.json: [0]: no object",
		`{"value": [], "nextLink": "https://management.azure.com/x"}`:       "f.json: nextLink: there are more pages, of which each is a document",
		`{"@odata.nextLink": "https://graph.microsoft.com/x", "value": []}`: `f.json: ["@odata.nextLink"]: there are more pages, of which each is a document`,
		`{"value": null}`:                 "f.json: value: no list of credentials",
		`{"error": {"code": "NotFound"}}`: "f.json: error: no credentials, but an error",
	} {
		got, err := azure.ReadIdentity("f.json", "prod", strings.NewReader(text))
		var wrong *identity.DocumentError
		if !errors.As(err, &wrong) || err.Error() != want {
			t.Errorf("%s: error %v, want %s", text, err, want)
		}
		if proof := bulkhead.Must(azure.NoAccess([]azure.Identity{got}, boundary())); proof.Verdict != bulkhead.Undetermined {
			t.Errorf("%s: what was read proves %v", text, proof)
		}
		if strings.HasPrefix(text, "[7") && len(got.Credentials) != 1 {
			t.Errorf("%s: read %v", text, got)
		}
	}
}

func TestLint(t *testing.T) {
	var got []string
	for _, f := range azure.Lint(prod(flexible(issuer), credential("a", issuer, "system:serviceaccount:*:app"), credential("b", binding, "x"), credential("c", issuer, "system:serviceaccount:prod:app"))) {
		got = append(got, f.Rule+" "+f.Object.Name+" "+f.Field)
	}
	want := []string{
		"azure/literal-wildcard prod federatedIdentityCredentials[a]", "azure/shared-credential prod federatedIdentityCredentials[b]",
		"azure/flexible-credential prod federatedIdentityCredentials[flexible]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Lint (-want +got):\n%s", diff)
	}
}

func FuzzReadIdentity(f *testing.F) {
	f.Add([]byte(`[{"name": "a", "issuer": "` + issuer + `", "subject": "system:serviceaccount:staging:app", "audiences": ["a"]}]`))
	f.Add([]byte(`{"value": [{"name": "a", "issuer": "` + binding + `", "claimsMatchingExpression": {"value": "x"}}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		id, err := azure.ReadIdentity("fuzz", "prod", strings.NewReader(string(text)))
		var wrong *identity.DocumentError
		if err != nil && !errors.As(err, &wrong) {
			t.Errorf("error %v has no place", err)
		}
		_, err = azure.NoAccess([]azure.Identity{id}, boundary())
		var invalid *bulkhead.InvalidError
		if err != nil && !errors.As(err, &invalid) {
			t.Errorf("error %v", err)
		}
		azure.Lint([]azure.Identity{id})
	})
}
