// SPDX-License-Identifier: Apache-2.0

package bulkhead

// A Proof is the answer to whether one side of a boundary can act on the other.
type Proof struct {
	// Verdict is Breached if there is a breach, Undetermined if none is known and
	// something that decides is missing, and Sealed otherwise.
	Verdict  Verdict
	Breaches []Breach
	// Missing lists the evidence that would tell, one sentence each. It may be there
	// beside breaches.
	Missing []string
}

// NewProof returns the proof that breaches and missing evidence make.
func NewProof(breaches []Breach, missing []string) Proof {
	p := Proof{Verdict: Sealed, Breaches: breaches, Missing: missing}
	switch {
	case len(breaches) > 0:
		p.Verdict = Breached
	case len(missing) > 0:
		p.Verdict = Undetermined
	}
	return p
}

// A Breach is one path across the boundary, and a change that closes it.
type Breach struct {
	Rule   string // "package/kebab-name"; stable, as that of a Finding
	Path   []Hop  // from one side to the other, the shortest there is
	Change Change
}

// A Hop is one step of a path: what an object says, in one of its fields, that lets
// whoever has come so far go on.
type Hop struct {
	Object Ref
	Field  string // path such as "subjects[0]"; empty for the whole object
	Text   string // for people; it may change between releases
}

// A Change is what closes a path: to take away what Object has in Field, or Object
// itself if Field is empty. Other paths of the same breach may stay open.
type Change struct {
	Object Ref
	Field  string
	Text   string // an imperative phrase
}
