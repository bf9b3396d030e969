// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/export"
)

// ReadRoles reads roles with their trust policies as the AWS command line prints them:
//
//	aws iam get-account-authorization-details --filter Role
//	aws iam list-roles
//	aws iam get-role --role-name NAME
//
// Documents may stand behind each other. The trust policy may be an object or, as the
// API gives it, a text in the encoding of URLs. The name of the document stands in
// errors, which are [*identity.DocumentError] for all that cannot be read, of which the
// first hundred are told; roles beside it are returned all the same. An element of a statement that is not known is such a
// mistake, since it might have narrowed the statement.
func ReadRoles(document string, r io.Reader) ([]Role, error) {
	values, err := export.Read(document, r)
	if err == nil && len(values) == 0 {
		err = &identity.DocumentError{Document: document, Err: errors.New("holds nothing, as after a command that failed")}
	}
	wrong := export.Mistakes{Document: document}
	wrong.Add(err)
	var out []Role
	for _, value := range values {
		roles, err := listed(value, "RoleDetailList", "Roles", "Role")
		wrong.Add(err)
		for _, role := range roles {
			read, err := readRole(role)
			if wrong.Add(err); err == nil {
				out = append(out, read)
			}
		}
	}
	return out, wrong.Err()
}

// ReadAssociations reads associations of EKS Pod Identity as the AWS command line
// prints them:
//
//	aws eks describe-pod-identity-association --cluster-name NAME --association-id ID
//	aws eks list-pod-identity-associations --cluster-name NAME
//
// Documents may stand behind each other. A list does not say which roles are given, so
// the description of each association is needed too; the same association is returned
// once. Errors are as those of [ReadRoles].
func ReadAssociations(document string, r io.Reader) ([]Association, error) {
	values, err := export.Read(document, r)
	wrong := export.Mistakes{Document: document}
	wrong.Add(err)
	var out []Association
	for _, value := range values {
		associations, err := listed(value, "associations", "association")
		wrong.Add(err)
		for _, association := range associations {
			read, err := readAssociation(association)
			if wrong.Add(err); err == nil {
				out = append(out, read)
			}
		}
	}
	return describedOnce(out), wrong.Err()
}

// describedOnce leaves out entries of lists whose description is there.
func describedOnce(all []Association) []Association {
	described := make(map[string]bool)
	for _, a := range all {
		if a.RoleARN != "" {
			described[a.AssociationID] = true
		}
	}
	return slices.DeleteFunc(all, func(a Association) bool { return a.RoleARN == "" && described[a.AssociationID] })
}

// listed returns the elements of the first key that an object has.
func listed(value export.Value, keys ...string) ([]export.Value, error) {
	has, _ := value.Keys()
	for _, key := range keys {
		if slices.Contains(has, key) {
			return value.Get(key).Elements(), nil
		}
	}
	return nil, value.Fail("no object with one of %s", strings.Join(keys, ", "))
}

func readRole(value export.Value) (Role, error) {
	var out Role
	var err error
	if out.ARN, err = value.Get("Arn").Text(); err != nil {
		return Role{}, err
	}
	if !parseARN(out.ARN).isRole() {
		return Role{}, value.Get("Arn").Fail("no ARN of a role")
	}
	trust := value.Get(trustField)
	if encoded, err := trust.Text(); err == nil && encoded != "" {
		out.AssumeRolePolicyDocument, err = parsePolicy(trust, encoded)
		return out, err
	}
	out.AssumeRolePolicyDocument, err = readPolicy(trust)
	return out, err
}

// ReadPolicy reads one trust policy, in the form that aws iam create-role takes, for a
// [Role] that is yet to be made or changed. Errors are as those of [ReadRoles].
func ReadPolicy(document string, r io.Reader) (Policy, error) {
	values, err := export.Read(document, r)
	switch {
	case err != nil:
		return Policy{}, err
	case len(values) != 1:
		return Policy{}, &identity.DocumentError{Document: document, Err: fmt.Errorf("%d policies, not one", len(values))}
	default:
		return readPolicy(values[0])
	}
}

// parsePolicy reads a policy in a text, which is in the encoding of URLs unless it
// begins as an object does.
func parsePolicy(at export.Value, text string) (Policy, error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		decoded, err := url.PathUnescape(text)
		if err != nil {
			return Policy{}, at.Fail("no policy, nor one in the encoding of URLs")
		}
		text = decoded
	}
	values, err := export.Read(at.Document(), strings.NewReader(text))
	var wrong *identity.DocumentError
	switch {
	case errors.As(err, &wrong):
		return Policy{}, at.Fail("%s: %w", strings.TrimSpace(wrong.Place), wrong.Err)
	case len(values) != 1:
		return Policy{}, at.Fail("%d policies, not one", len(values))
	}
	policy, err := readPolicy(values[0])
	if errors.As(err, &wrong) {
		return Policy{}, at.Fail("%s: %w", wrong.Place, wrong.Err)
	}
	return policy, err
}
