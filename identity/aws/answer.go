// SPDX-License-Identifier: Apache-2.0

package aws

import (
	"slices"

	"github.com/watertight-go/watertight/identity"
)

func yes() identity.Match                      { return identity.Match{Answer: identity.Yes} }
func no() identity.Match                       { return identity.Match{Answer: identity.No} }
func unknown(missing ...string) identity.Match { return identity.Match{Missing: missing} }

func answer(holds bool) identity.Match {
	if holds {
		return yes()
	}
	return no()
}

func not(m identity.Match) identity.Match {
	switch m.Answer {
	case identity.Yes:
		return no()
	case identity.No:
		return yes()
	default:
		return m
	}
}

// all answers whether all parts hold. One no decides.
func all(parts ...identity.Match) identity.Match {
	out := yes()
	for _, part := range parts {
		if part.Answer == identity.No {
			return no()
		}
		if part.Answer == identity.Unknown {
			out = unknown(append(slices.Clip(out.Missing), part.Missing...)...)
		}
	}
	return out
}

// some answers whether one part holds. One yes decides.
func some(parts ...identity.Match) identity.Match {
	turned := make([]identity.Match, len(parts))
	for i, part := range parts {
		turned[i] = not(part)
	}
	return not(all(turned...))
}
