// SPDX-License-Identifier: Apache-2.0

package azure

import (
	"errors"
	"io"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/export"
)

// An Identity is a managed identity or an application, with all its federated
// credentials.
type Identity struct {
	// Name is how questions name it: a name, a client ID or a resource ID.
	Name string
	// PrincipalID is the object ID of a managed identity, by which the credentials of
	// applications name it. It need not be known.
	PrincipalID string
	Credentials []Credential
	// Incomplete says that there are, or may be, other credentials than these: some could
	// not be read. It keeps every proof about the identity from being Sealed.
	Incomplete bool
}

// A Credential lets an identity be used with the tokens of an issuer (Microsoft Graph,
// federatedIdentityCredential). It has a subject or an expression.
type Credential struct {
	identity.FederatedCredential
	Name string
	// ClaimsMatchingExpression is the value of the expression of a flexible credential.
	ClaimsMatchingExpression string
}

func (i Identity) ref() bulkhead.Ref {
	return bulkhead.Ref{Group: "login.microsoftonline.com", Kind: "Identity", Name: i.Name}
}

func credentialPath(name string) *field.Path {
	return field.NewPath("federatedIdentityCredentials").Key(name)
}

// ReadIdentity reads the federated credentials of one identity as the Azure command line
// prints them:
//
//	az identity federated-credential list --identity-name NAME --resource-group GROUP
//	az ad app federated-credential list --id CLIENT_ID
//
// The output does not say whose they are, so the caller gives the name. Documents may
// stand behind each other, as the pages of the APIs. The name of the document stands in
// errors, which are [*identity.DocumentError] for all that cannot be read; the credentials
// beside it are returned all the same, in an identity that is then Incomplete.
func ReadIdentity(document, name string, r io.Reader) (Identity, error) {
	values, err := export.Read(document, r)
	if err == nil && len(values) == 0 { // a command that failed leaves such a file
		err = &identity.DocumentError{Document: document, Err: errors.New("holds nothing; an identity without credentials is []")}
	}
	out, wrong := Identity{Name: name}, export.Mistakes{Document: document}
	wrong.Add(err)
	for i, value := range values {
		elements, err := listed(value, i == len(values)-1)
		wrong.Add(err)
		for _, element := range elements {
			credential, err := readCredential(element)
			if wrong.Add(err); err == nil {
				out.Credentials = append(out.Credentials, credential)
			}
		}
	}
	err = wrong.Err()
	out.Incomplete = err != nil
	return out, err
}

// listed returns the credentials of a document: a list, a page of one, or one alone. The
// last page names no other.
func listed(value export.Value, last bool) ([]export.Value, error) {
	var err error
	for _, next := range []string{"nextLink", "@odata.nextLink"} {
		if last && value.Has(next) {
			err = value.Get(next).Fail("there are more pages, of which each is a document")
		}
	}
	keys, _ := value.Keys()
	switch {
	case slices.Contains(keys, "error"):
		return nil, value.Get("error").Fail("no credentials, but an error")
	case slices.Contains(keys, "value"): // as the APIs list them
		value = value.Get("value")
		if !value.IsList() {
			return nil, value.Fail("no list of credentials")
		}
	case value.IsNull():
		return nil, value.Fail("no list of credentials")
	}
	return value.Elements(), err
}

func readCredential(value export.Value) (Credential, error) {
	if _, err := value.Keys(); err != nil {
		return Credential{}, err
	}
	properties := value
	if value.Has("properties") { // as Azure Resource Manager gives them
		properties = value.Get("properties")
	}
	expression := properties.Get("claimsMatchingExpression")
	if expression.Has("value") {
		expression = expression.Get("value")
	}
	var out Credential
	for _, text := range []struct {
		value    export.Value
		to       *string
		required bool
	}{
		{value.Get("name"), &out.Name, true},
		{properties.Get("issuer"), &out.Issuer, true},
		{properties.Get("subject"), &out.Subject, false},
		{expression, &out.ClaimsMatchingExpression, false},
	} {
		var err error
		if *text.to, err = text.value.Text(); err != nil {
			return Credential{}, err
		}
		if text.required && *text.to == "" {
			return Credential{}, text.value.Fail("is not there")
		}
	}
	if (out.Subject == "") == (out.ClaimsMatchingExpression == "") {
		return Credential{}, properties.Get("subject").Fail("there is to be either a subject or an expression")
	}
	var err error
	out.Audiences, err = properties.Get("audiences").Texts()
	return out, err
}
