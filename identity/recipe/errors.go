// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrForeign means that a statement would change what the recipe was not written for:
	// somebody else made it, or an earlier recipe did, with another limit or owner.
	ErrForeign = errors.New("what is there is not as this recipe makes it, and was left alone")
	// ErrNotDone means that the server took a statement, and nothing is different.
	ErrNotDone = errors.New("the server took it, but it is not done")
)

// A StoppedError says where a recipe stopped, and why.
type StoppedError struct {
	Index     int // of the statement in the recipe, from 0
	Statement Statement
	Err       error
}

// Error names the statement and the database, and says why the recipe stopped there.
func (e *StoppedError) Error() string {
	where := ""
	if e.Statement.Database != "" {
		where = fmt.Sprintf(" in database %q", e.Statement.Database)
	}
	return fmt.Sprintf("statement %d%s: %s: %v", e.Index+1, where, e.Statement, e.Err)
}

// Unwrap lets errors.As reach the server's error, unless the statement has a secret.
func (e *StoppedError) Unwrap() error { return e.Err }

// A redactedError stands for an error of a server that was sent a secret: its message may
// repeat a part of it, and its fields more, so errors.As does not reach it.
type redactedError struct {
	text  string
	cause *error // behind a pointer, which no verb of fmt follows
}

func (e *redactedError) Error() string { return e.text }

// Is lets errors.Is compare what was replaced.
func (e *redactedError) Is(target error) bool { return errors.Is(*e.cause, target) }

// withoutSecret hides a secret in an error of its statement.
func withoutSecret(err error, secret *string) error {
	if secret == nil || errors.Is(err, ErrForeign) || errors.Is(err, ErrNotDone) {
		return err
	}
	return &redactedError{text: redact(err.Error(), *secret), cause: &err}
}

// redact puts [Placeholder] where a text has a piece of a secret: servers repeat of a
// statement what stands around a mistake, cut where they like.
func redact(text, secret string) string {
	const shortest = 6 // what is shorter is in many a message by chance
	size := min(shortest, len(secret))
	hidden := make([]bool, len(text))
	for i := 0; size > 0 && i+size <= len(text); i++ {
		if strings.Contains(secret, text[i:i+size]) {
			for k := range size {
				hidden[i+k] = true
			}
		}
	}
	var out strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			out.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			out.WriteString(Placeholder)
		}
	}
	return out.String()
}
