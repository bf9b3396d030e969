// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity/recipe"
)

// A Session asks and changes one server. The context limits each call.
type Session interface {
	// Snapshot reads the server as it is now.
	Snapshot(ctx context.Context) (*Snapshot, error)
	// Hashes returns the hashes of the passwords of a user, as ACL GETUSER has them.
	Hashes(ctx context.Context, user string) ([]string, error)
	// Execute runs a command.
	Execute(ctx context.Context, args []string) error
}

// A Step is what became of a statement.
type Step struct {
	Statement Statement
	Outcome   recipe.Outcome
}

// A StoppedError says where a recipe stopped, and why. Nothing behind it was executed.
type StoppedError struct {
	Index     int // of the statement in the recipe, from 0
	Statement Statement
	Err       error // wraps [recipe.ErrForeign], [recipe.ErrNotDone], or what the session said
}

// Error names the statement and says why the recipe stopped there.
func (e *StoppedError) Error() string {
	return fmt.Sprintf("statement %d: %s: %v", e.Index+1, e.Statement, e.Err)
}

// Unwrap lets errors.As reach the server's error.
func (e *StoppedError) Unwrap() error { return e.Err }

// Run executes the statements of a recipe that are not done, in their order, and returns
// what became of each. It stops at the first surprise with a [*StoppedError]: the server
// cannot be read, has something there that the statement was not written for, refuses
// it, or is no different after it. Run again after mending, and what is done is skipped.
func (r Recipe) Run(ctx context.Context, session Session) ([]Step, error) {
	var steps []Step
	for i, s := range r.Statements {
		outcome, err := s.run(ctx, session)
		if err != nil {
			return steps, &StoppedError{Index: i, Statement: s, Err: s.redact(err)}
		}
		steps = append(steps, Step{Statement: s, Outcome: outcome})
	}
	return steps, nil
}

func (s Statement) run(ctx context.Context, session Session) (recipe.Outcome, error) {
	before, err := session.Snapshot(ctx)
	if err != nil {
		return "", fmt.Errorf("reading the server: %w", err)
	}
	done, err := s.isDone(ctx, session, before)
	if err != nil {
		return "", fmt.Errorf("asking whether it is done: %w", err)
	}
	if done {
		return recipe.Skipped, nil
	}
	if s.foreign != nil {
		if why := s.foreign(before); why != "" {
			return "", fmt.Errorf("%w: %s", recipe.ErrForeign, why)
		}
	}
	if err := session.Execute(ctx, s.executed()); err != nil {
		return "", fmt.Errorf("executing: %w", err)
	}
	after, err := session.Snapshot(ctx)
	if err != nil {
		return "", fmt.Errorf("reading the server again: %w", err)
	}
	done, err = s.isDone(ctx, session, after)
	switch {
	case err != nil:
		return "", fmt.Errorf("asking whether it is done now: %w", err)
	case !done:
		return "", recipe.ErrNotDone
	default:
		return recipe.Executed, nil
	}
}

// isDone reports whether the statement has nothing left to change.
func (s Statement) isDone(ctx context.Context, session Session, now *Snapshot) (bool, error) {
	if s.done == nil || !s.done(now) {
		return false, nil
	}
	if s.secret == nil {
		return true, nil
	}
	hashes, err := session.Hashes(ctx, s.user)
	return slices.Equal(hashes, []string{*s.secret}), err
}

// A redactedError replaces an error whose message holds a secret.
type redactedError struct{ text string }

func (e *redactedError) Error() string { return e.text }

func (s Statement) redact(err error) error {
	if s.secret == nil || !strings.Contains(err.Error(), *s.secret) {
		return err
	}
	return &redactedError{strings.ReplaceAll(err.Error(), *s.secret, "{secret}")}
}
