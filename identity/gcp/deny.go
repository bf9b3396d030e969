// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// A DenyPolicy is a deny policy, as gcloud iam policies get prints it (IAM API v2,
// Policy). It holds for what it is attached to and everything below.
type DenyPolicy struct {
	// Name is policies/ATTACHMENT/denypolicies/ID, where the attachment is
	// cloudresourcemanager.googleapis.com/projects/NUMBER, or that of a folder or an
	// organization, with %2F for each slash.
	Name        string           `json:"name,omitempty"`
	DisplayName string           `json:"displayName,omitempty"`
	Etag        string           `json:"etag,omitempty"`
	Rules       []DenyPolicyRule `json:"rules,omitempty"`
}

// A DenyPolicyRule is a rule of a deny policy.
type DenyPolicyRule struct {
	Description string    `json:"description,omitempty"`
	DenyRule    *DenyRule `json:"denyRule,omitempty"`
}

// A DenyRule denies permissions to principals, both in the spelling of IAM v2.
type DenyRule struct {
	DeniedPrincipals     []string   `json:"deniedPrincipals,omitempty"`
	ExceptionPrincipals  []string   `json:"exceptionPrincipals,omitempty"`
	DeniedPermissions    []string   `json:"deniedPermissions,omitempty"`
	ExceptionPermissions []string   `json:"exceptionPermissions,omitempty"`
	DenialCondition      *Condition `json:"denialCondition,omitempty"`
}

// deniable returns a permission as deny policies spell it: SERVICE_FQDN/RESOURCE.VERB
// (IAM documentation, "Permissions supported in deny policies").
func deniable(permission string) string {
	service, rest, _ := strings.Cut(permission, ".")
	if service == "resourcemanager" {
		service = "cloudresourcemanager"
	}
	return service + ".googleapis.com/" + rest
}

// covers says whether one of the patterns is a permission. A pattern with a star
// covers those of its permissions that deny policies take, which is not known here; a
// permission that they do not take cannot be written into one (same page).
func covers(patterns []string, permission string) identity.Match {
	want := deniable(permission)
	var out identity.Match
	out.Answer = identity.No
	for _, pattern := range patterns {
		if pattern == want {
			return identity.Match{Answer: identity.Yes}
		}
		if before, after, star := strings.Cut(pattern, "*"); star && strings.HasPrefix(want, before) && endsLike(want, after) {
			out = identity.Match{Missing: []string{"whether deny policies take the permission " + want + ", which one denies as " + pattern}}
		}
	}
	return out
}

// endsLike reports whether a permission may end as the rest of a pattern says.
func endsLike(permission, rest string) bool {
	return strings.Contains(rest, "*") || strings.HasSuffix(permission, rest)
}

// denies says whether a rule certainly keeps an identity from a permission on a
// resource.
func (m *model) denies(rule *DenyRule, id who, permission string, on *resource) identity.Match {
	denied := m.among(rule.DeniedPrincipals, id)
	if denied.Answer == identity.No {
		return denied
	}
	permitted := covers(rule.DeniedPermissions, permission)
	if permitted.Answer == identity.No {
		return permitted
	}
	excepted := m.among(rule.ExceptionPrincipals, id)
	spared := covers(rule.ExceptionPermissions, permission)
	if excepted.Answer == identity.Yes || spared.Answer == identity.Yes {
		return identity.Match{Answer: identity.No}
	}
	missing := join(denied, permitted, excepted, spared)
	if rule.DenialCondition != nil {
		holds := m.holds(rule.DenialCondition.Expression, on, permission)
		if holds.Answer == identity.No {
			return holds
		}
		missing = append(missing, "whether the condition of a deny rule always holds: "+shortened(rule.DenialCondition.Expression))
	}
	if len(missing) > 0 {
		return identity.Match{Missing: missing}
	}
	return identity.Match{Answer: identity.Yes}
}

// join returns what is missing in answers.
func join(matches ...identity.Match) []string {
	var missing []string
	for _, match := range matches {
		missing = append(missing, match.Missing...)
	}
	return missing
}

// among says whether an identity is one of the principals of a deny rule.
func (m *model) among(principals []string, id who) identity.Match {
	out := identity.Match{Answer: identity.No}
	for _, principal := range principals {
		switch match := m.isPrincipal(principal, id); match.Answer {
		case identity.Yes:
			return match
		case identity.Unknown:
			out.Answer = identity.Unknown
			out.Missing = append(out.Missing, match.Missing...)
		case identity.No:
		}
	}
	return out
}

// isPrincipal says whether an identity is a principal of IAM v2 (IAM documentation,
// "Principal identifiers", "Deny policies").
func (m *model) isPrincipal(principal string, id who) identity.Match {
	answer := func(yes bool) identity.Match {
		if yes {
			return identity.Match{Answer: identity.Yes}
		}
		return identity.Match{Answer: identity.No}
	}
	if principal == "principalSet://goog/public:all" {
		return answer(true)
	}
	if strings.HasPrefix(principal, "deleted:") {
		return answer(false)
	}
	if id.pools != "" && poolsOf(principal) == id.pools {
		return identity.Match{Missing: []string{"whether " + id.String() + " is the principal " + shortened(principal)}}
	}
	if rest, ok := strings.CutPrefix(principal, "principal://iam.googleapis.com/projects/"); ok {
		if _, email, ok := strings.Cut(rest, "/serviceAccounts/"); ok {
			return answer(id.email != "" && strings.EqualFold(email, id.email))
		}
	}
	if email, ok := strings.CutPrefix(principal, "principal://goog/subject/"); ok && identity.Email(id.email).Class() == identity.NotServiceAccount {
		return answer(id.email != "" && strings.EqualFold(email, id.email))
	}
	if group, ok := strings.CutPrefix(principal, "principalSet://goog/group/"); ok {
		return m.groups.contains(group, id)
	}
	if member := identity.ParseMember(principal); member.Kind != identity.UnknownMember {
		return id.matches(member)
	}
	return identity.Match{Missing: []string{"whether " + id.String() + " is the principal " + shortened(principal)}}
}

// A denial is a deny policy in the place that it holds for.
type denial struct {
	policy *DenyPolicy
	on     *resource
	lifted *trail // how somebody who reaches across takes it away, if it is known how
}

// denied says whether deny policies keep an identity from a permission.
func (m *model) denied(id who, permission string, on *resource) identity.Match {
	out := identity.Match{Answer: identity.No}
	for _, d := range on.denied {
		if d.lifted != nil && !d.lifted.unsure {
			continue
		}
		for i := range d.policy.Rules {
			rule := d.policy.Rules[i].DenyRule
			if rule == nil {
				continue
			}
			match := m.denies(rule, id, permission, on)
			if match.Answer == identity.Yes && d.lifted != nil {
				match = identity.Match{Missing: d.lifted.missing()}
			}
			switch match.Answer {
			case identity.Yes:
				return match
			case identity.Unknown:
				out.Answer = identity.Unknown
				out.Missing = append(out.Missing, match.Missing...)
			case identity.No:
			}
		}
	}
	return out
}

// liftedFor returns a deny policy that would keep an identity from a permission, were
// it not taken away.
func (m *model) liftedFor(id who, permission string, on *resource) *denial {
	for _, d := range on.denied {
		if d.lifted == nil || d.lifted.unsure {
			continue
		}
		for _, rule := range d.policy.Rules {
			if rule.DenyRule != nil && m.denies(rule.DenyRule, id, permission, on).Answer == identity.Yes {
				return d
			}
		}
	}
	return nil
}

// ref names a deny policy.
func (d *denial) ref() bulkhead.Ref {
	_, id, _ := strings.Cut(d.policy.Name, "/denypolicies/")
	return bulkhead.Ref{Group: iamHost, Kind: "DenyPolicy", Namespace: d.on.ref.Name, Name: id}
}

// shortened cuts a text from input to what a message can hold.
func shortened(text string) string {
	const most = 200
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "..."
}
