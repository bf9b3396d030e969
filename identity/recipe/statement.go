// SPDX-License-Identifier: Apache-2.0

package recipe

// A Statement is one change to a server.
type Statement struct {
	// Database is the one to be connected to; empty where any will do.
	Database string `json:"database,omitempty"`
	// Text is the statement, without a semicolon at its end. Where [Placeholder] stands
	// for a secret, see [Statement.WithSecret].
	Text string `json:"text"`
	// Done is a query of one boolean: true if the statement has nothing left to change.
	// Empty means that the server cannot tell: the statement runs each time, and makes
	// what is there already.
	Done string `json:"done,omitempty"`
	// Refuse is a query of one boolean: true if the statement would change what the
	// recipe was not written for, such as a role that somebody else made. Empty means
	// that it cannot.
	Refuse string `json:"refuse,omitempty"`
	// Changes says what is different afterwards, and for whom.
	Changes string `json:"changes"`
	// Undo is the statement that takes it back; empty if nothing does.
	Undo string `json:"undo,omitempty"`

	// Behind pointers, which no verb of fmt follows here.
	sent, secret *string
}

// Placeholder stands in the text of a statement for its secret.
const Placeholder = "{secret}"

// WithSecret returns the statement with the text before, secret, after, of which only
// the server gets the secret: Text has [Placeholder] there. The secret is quoted as the
// server needs it.
func (s Statement) WithSecret(before, secret, after string) Statement {
	sent := before + secret + after
	s.Text = before + Placeholder + after
	s.sent, s.secret = &sent, &secret
	return s
}

// String returns the text for people to read: a secret is left out.
func (s Statement) String() string { return s.Text }

// executed is what the server is sent.
func (s Statement) executed() string {
	if s.sent == nil {
		return s.Text
	}
	return *s.sent
}
