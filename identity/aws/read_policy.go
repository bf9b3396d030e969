// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"strings"

	"github.com/watertight-go/watertight/internal/export"
)

func readPolicy(value export.Value) (Policy, error) {
	keys, err := value.Keys()
	if err != nil {
		return Policy{}, err
	}
	var out Policy
	for _, key := range keys {
		switch at := value.Get(key); key {
		case "Version":
			out.Version, err = at.Text()
		case "Id":
		case "Statement":
			for _, element := range at.Elements() {
				statement, err := readStatement(element)
				if err != nil {
					return Policy{}, err
				}
				out.Statement = append(out.Statement, statement)
			}
		default:
			err = at.Fail("no element of a policy")
		}
		if err != nil {
			return Policy{}, err
		}
	}
	if len(out.Statement) == 0 {
		return Policy{}, value.Get("Statement").Fail("is not there")
	}
	return out, nil
}

func readStatement(value export.Value) (Statement, error) {
	keys, err := value.Keys()
	if err != nil {
		return Statement{}, err
	}
	var out Statement
	for _, key := range keys {
		switch at := value.Get(key); key {
		case "Sid":
			out.Sid, err = at.Text()
		case "Effect":
			out.Effect, err = at.Text()
		case "Principal":
			out.Principal, err = readPrincipals(at)
		case "NotPrincipal":
			out.NotPrincipal, err = readPrincipals(at)
		case "Action":
			out.Action, err = at.Texts()
		case "NotAction":
			out.NotAction, err = at.Texts()
		case "Condition":
			out.Condition, err = readCondition(at)
		default:
			err = at.Fail("no element of a statement of a trust policy")
		}
		if err != nil {
			return Statement{}, err
		}
	}
	if out.Effect != allow && out.Effect != deny {
		return Statement{}, value.Get("Effect").Fail("neither %s nor %s", allow, deny)
	}
	if err := oneOf(value, "Principal", len(out.Principal), len(out.NotPrincipal)); err != nil {
		return Statement{}, err
	}
	return out, oneOf(value, "Action", len(out.Action), len(out.NotAction))
}

// oneOf refuses a statement that has neither an element nor its opposite, or both: IAM
// has none, and nobody knows what it would say.
func oneOf(statement export.Value, key string, is, not int) error {
	switch {
	case is+not == 0:
		return statement.Get(key).Fail("is not there")
	case is > 0 && statement.Has("Not"+key), not > 0 && statement.Has(key):
		return statement.Get("Not"+key).Fail("is there beside %s", key)
	default:
		return nil
	}
}

func readPrincipals(value export.Value) (Principals, error) {
	if text, err := value.Text(); err == nil {
		if text != "*" {
			return nil, value.Fail(`no principal: neither "*" nor an object`)
		}
		return Principals{"*": {"*"}}, nil
	}
	kinds, err := value.Keys()
	if err != nil {
		return nil, err
	}
	out := make(Principals)
	for _, kind := range kinds {
		if out[kind], err = value.Get(kind).Texts(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readCondition(value export.Value) (map[string]map[string][]string, error) {
	operators, err := value.Keys()
	if err != nil {
		return nil, err
	}
	out := make(map[string]map[string][]string)
	for _, name := range operators {
		keys, err := value.Get(name).Keys()
		if err != nil {
			return nil, err
		}
		out[name] = make(map[string][]string)
		spelt := make(map[string]bool) // keys, for which case does not count
		for _, key := range keys {
			if spelt[strings.ToLower(key)] {
				return nil, value.Get(name).Get(key).Fail("is there twice, in another case")
			}
			spelt[strings.ToLower(key)] = true
			if out[name][key], err = value.Get(name).Get(key).Texts(); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func readAssociation(value export.Value) (Association, error) {
	var out Association
	for _, field := range []struct {
		key      string
		to       *string
		required bool
	}{
		{"associationId", &out.AssociationID, false},
		{"clusterName", &out.ClusterName, true},
		{"externalId", &out.ExternalID, false},
		{"namespace", &out.Namespace, true},
		{"roleArn", &out.RoleARN, false},
		{"serviceAccount", &out.ServiceAccount, true},
		{"targetRoleArn", &out.TargetRoleARN, false},
	} {
		var err error
		if *field.to, err = value.Get(field.key).Text(); err != nil {
			return Association{}, err
		}
		if field.required && *field.to == "" {
			return Association{}, value.Get(field.key).Fail("is not there")
		}
	}
	var err error
	out.DisableSessionTags, err = value.Get("disableSessionTags").Bool()
	return out, err
}
