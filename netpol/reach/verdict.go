// SPDX-License-Identifier: Apache-2.0

package reach

import "fmt"

// Verdict answers whether a connection can be opened. The zero value is Unknown:
// an answer that was never worked out must not pass for one.
type Verdict int

const (
	// Unknown means that the input does not tell, or that dataplanes differ.
	Unknown Verdict = iota
	// Denied means that no such connection can be opened.
	Denied
	// Allowed means that it can.
	Allowed
)

// String gives "unknown", "denied" or "allowed".
func (v Verdict) String() string {
	switch v {
	case Denied:
		return "denied"
	case Allowed:
		return "allowed"
	default:
		return "unknown"
	}
}

// MarshalText makes reports say the word instead of a number.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText accepts what [Verdict.MarshalText] writes and refuses all else.
func (v *Verdict) UnmarshalText(text []byte) error {
	for _, known := range []Verdict{Unknown, Denied, Allowed} {
		if string(text) == known.String() {
			*v = known
			return nil
		}
	}
	return fmt.Errorf("verdict %q: want allowed, denied or unknown", text)
}

// outcomes are what may become of a connection at some point of its way, as far
// as the input tells.
type outcomes uint8

const (
	accepts outcomes = 1 << iota
	denies
	passes // goes to the next tier, by a rule that says so
	falls  // goes on, since nothing has matched
)

// verdict takes outcomes of which nothing is left open.
func (o outcomes) verdict() Verdict {
	switch o {
	case accepts:
		return Allowed
	case denies:
		return Denied
	default:
		return Unknown
	}
}

// and is the outcome of a connection that has to be accepted twice.
func (o outcomes) and(p outcomes) outcomes {
	out := (o | p) & denies
	if o&accepts != 0 && p&accepts != 0 {
		out |= accepts
	}
	if o == denies || p == denies {
		return denies
	}
	return out
}

// A match says whether a selector matches a pod, a rule a peer.
type match uint8

const (
	never match = iota
	maybe       // the input does not tell, or dataplanes differ
	surely
)

func (m match) and(n match) match { return min(m, n) }
func (m match) or(n match) match  { return max(m, n) }
