// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"errors"
	"fmt"
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

// Unwrap lets errors.As reach the server's error.
func (e *StoppedError) Unwrap() error { return e.Err }

// A redactedError replaces an error whose message, or whose fields, hold a secret.
type redactedError struct{ text string }

func (e *redactedError) Error() string { return e.text }
