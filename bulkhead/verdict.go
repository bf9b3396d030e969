// SPDX-License-Identifier: Apache-2.0

package bulkhead

import "fmt"

// A Verdict answers whether a boundary holds. The zero value is Undetermined: an
// answer that was never worked out must not pass for a proof.
type Verdict int

const (
	// Undetermined means that the evidence does not tell.
	Undetermined Verdict = iota
	// Sealed means that no path crosses the boundary.
	Sealed
	// Breached means that at least one path crosses it.
	Breached
)

// String gives "Undetermined", "Sealed" or "Breached".
func (v Verdict) String() string {
	switch v {
	case Sealed:
		return "Sealed"
	case Breached:
		return "Breached"
	default:
		return "Undetermined"
	}
}

// MarshalText makes reports say the word instead of a number.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText accepts what [Verdict.MarshalText] writes and refuses all else.
func (v *Verdict) UnmarshalText(text []byte) error {
	for _, known := range []Verdict{Undetermined, Sealed, Breached} {
		if string(text) == known.String() {
			*v = known
			return nil
		}
	}
	return fmt.Errorf("verdict %q: want Undetermined, Sealed or Breached", text)
}
