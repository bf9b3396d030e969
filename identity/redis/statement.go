// SPDX-License-Identifier: Apache-2.0

package redis

import "slices"

// A Recipe is what changes a server, for people to review.
type Recipe struct {
	Statements []Statement `json:"statements"`
	// Open says what the statements do not close, one sentence each.
	Open []string `json:"open,omitempty"`
}

// A Statement is one command to a server.
type Statement struct {
	// Args are the command and its arguments. [Placeholder] stands for a secret.
	Args []string `json:"args"`
	// Changes says what is different afterwards, and for whom.
	Changes string `json:"changes"`
	// Undo is the command that takes it back.
	Undo []string `json:"undo,omitempty"`

	// Behind a pointer, which no verb of fmt follows here.
	secret *string
	user   string // whose password the secret is the hash of
	done   func(*Snapshot) bool
	// foreign says why the statement would change what it was not written for; empty if
	// it would not.
	foreign func(*Snapshot) string
}

// Placeholder stands among the arguments of a statement for the hash of a password.
const Placeholder = "#{secret}"

// String returns the command as redis-cli takes it. A secret is left out.
func (s Statement) String() string { return words(s.Args) }

// executed is what the server is sent.
func (s Statement) executed() []string {
	out := slices.Clone(s.Args)
	for i, arg := range out {
		if s.secret != nil && arg == Placeholder {
			out[i] = "#" + *s.secret
		}
	}
	return out
}
