// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"
)

// An Answer is one of three: what the input cannot tell is Unknown.
type Answer int

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

// String returns the answer as a word.
func (a Answer) String() string {
	switch a {
	case Yes:
		return "yes"
	case No:
		return "no"
	default:
		return "unknown"
	}
}

// A Match says whether an identity is a member, or one of a set of members.
type Match struct {
	Answer Answer
	// Why is one sentence about what decided. It is empty if the answer is Unknown.
	Why string
	// Missing is the evidence that would tell. It is empty unless the answer is
	// Unknown.
	Missing []string
}

func yes(why string) Match             { return Match{Answer: Yes, Why: why} }
func no(why string) Match              { return Match{Answer: No, Why: why} }
func missing(evidence ...string) Match { return Match{Missing: evidence} }

// all joins the answers to questions that must all be answered with yes. One no
// decides, whatever else is not known.
func all(parts ...Match) Match {
	out := yes("")
	for _, part := range parts {
		switch {
		case part.Answer == No:
			return part
		case part.Answer == Unknown:
			out = missing(append(out.Missing, part.Missing...)...)
		case out.Answer == Yes && out.Why == "":
			out.Why = part.Why
		case out.Answer == Yes && part.Why != "":
			out.Why += ", " + part.Why
		}
	}
	return out
}

// same compares a part of an identity with what a member names.
func same(what, got, named string) Match {
	switch got {
	case "":
		return missing("the " + what + " of the workload")
	case named:
		return yes(what + " " + named)
	default:
		return no("the " + what + " is " + got + ", not " + named)
	}
}

// matchOutside answers for members that say nothing of pools and addresses, and
// reports whether m is one.
func matchOutside(m Member) (Match, bool) {
	switch {
	case m.Deleted:
		return no("the member is deleted; it grants again if it is restored"), true
	case m.Kind == AllUsersMember:
		return yes("everyone is"), true
	case m.Kind == AllAuthenticatedMember:
		return yes("everyone with any Google identity is"), true
	case m.Kind == GroupMember:
		return missing("who is in the group " + m.Name), true
	case m.Kind == DomainMember:
		return missing("who is in the domain " + m.Name), true
	case m.Kind == ProjectOwnerMember, m.Kind == ProjectEditorMember, m.Kind == ProjectViewerMember:
		role := strings.ToLower(strings.TrimPrefix(strings.TrimSuffix(m.String(), ":"+m.Name), "project"))
		return missing("who holds roles/" + role + " on the project " + m.Name), true
	case m.Kind == UnknownMember:
		return missing("what the member " + m.Text + " stands for"), true
	default:
		return Match{}, false
	}
}

// Matches says whether a Google service account is a member of this form. Addresses
// are compared without regard to case.
//
// An account made for workloads may be in a group, and whether it counts as in a
// domain is not documented, so both are Unknown.
func (e Email) Matches(m Member) Match {
	if out, ok := matchOutside(m); ok {
		return out
	}
	switch {
	case m.Kind != UserMember && m.Kind != ServiceAccountMember:
		return no("the member is no Google service account")
	case e == "":
		return missing("the address of the service account")
	case strings.EqualFold(string(e), m.Name):
		return yes("it is the address")
	default:
		return no("the address is " + string(e) + ", not " + m.Name)
	}
}
