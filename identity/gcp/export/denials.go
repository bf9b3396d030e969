// SPDX-License-Identifier: Apache-2.0

package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/watertight-go/watertight/identity/gcp"
)

// DenyPolicies reads gcloud iam policies get --kind=denypolicies --format=json, one
// policy or several. What list prints has no rules, and denies nothing. A policy with a
// rule that has unknown fields is refused, since these could narrow it.
func DenyPolicies(file string, r io.Reader) ([]gcp.DenyPolicy, error) {
	var out []gcp.DenyPolicy
	err := each(file, r, func(found struct {
		Name        string            `json:"name"`
		DisplayName string            `json:"displayName"`
		Etag        string            `json:"etag"`
		Kind        string            `json:"kind"`
		Deleted     string            `json:"deleteTime"`
		Rules       []json.RawMessage `json:"rules"`
	},
	) error {
		switch {
		case !strings.HasPrefix(found.Name, "policies/") || !strings.Contains(found.Name, "/denypolicies/"):
			return &wrong{".name", "no name of a deny policy: policies/ATTACHMENT/denypolicies/ID"}
		case found.Kind != "" && found.Kind != "DenyPolicy":
			return &wrong{".kind", "no deny policy"}
		case found.Deleted != "":
			return &wrong{".deleteTime", "the policy is deleted, and denies nothing"}
		}
		policy := gcp.DenyPolicy{Name: found.Name, DisplayName: found.DisplayName, Etag: found.Etag}
		for i, raw := range found.Rules {
			var rule gcp.DenyPolicyRule
			if err := exactly(raw, &rule); err != nil {
				return &wrong{fmt.Sprintf(".rules[%d]", i), plain(err)}
			}
			policy.Rules = append(policy.Rules, rule)
		}
		out = append(out, policy)
		return nil
	})
	return out, err
}

// exactly decodes what must have no field that is not known.
func exactly(raw json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// BoundaryPolicies reads gcloud iam principal-access-boundary-policies describe
// --format=json, one policy or several.
func BoundaryPolicies(file string, r io.Reader) ([]gcp.BoundaryPolicy, error) {
	var out []gcp.BoundaryPolicy
	err := each(file, r, func(policy gcp.BoundaryPolicy) error {
		if !strings.Contains(policy.Name, "/principalAccessBoundaryPolicies/") {
			return &wrong{".name", "no name of a principal access boundary policy"}
		}
		for i, rule := range policy.Details.Rules {
			if rule.Effect != "ALLOW" {
				return &wrong{fmt.Sprintf(".details.rules[%d].effect", i), "no effect that is known: ALLOW"}
			}
		}
		out = append(out, policy)
		return nil
	})
	return out, err
}

// BoundaryBindings reads gcloud iam policy-bindings describe --format=json, one binding
// or several.
func BoundaryBindings(file string, r io.Reader) ([]gcp.BoundaryBinding, error) {
	var out []gcp.BoundaryBinding
	err := each(file, r, func(binding gcp.BoundaryBinding) error {
		if binding.Target.PrincipalSet == "" || binding.Policy == "" {
			return &wrong{"", "no policy binding: it has no target.principalSet, or no policy"}
		}
		out = append(out, binding)
		return nil
	})
	return out, err
}
