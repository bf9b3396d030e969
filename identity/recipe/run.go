// SPDX-License-Identifier: Apache-2.0

package recipe

import (
	"context"
	"fmt"
)

// A Session asks and changes one server. The context limits each call.
type Session interface {
	// Ask runs a query of one boolean in a database.
	Ask(ctx context.Context, database, query string) (bool, error)
	// Execute runs a statement in a database.
	Execute(ctx context.Context, database, text string) error
}

// A Step is what became of a statement.
type Step struct {
	Statement Statement
	Outcome   Outcome
}

// Outcome says what [Run] did with a statement.
type Outcome string

// What became of a statement without a surprise.
const (
	Executed Outcome = "executed" // the server took it, and it is done
	Skipped  Outcome = "skipped"  // it was done before
)

// Run executes the statements of a recipe that are not done, in their order, and returns
// what became of each. It stops at the first surprise with a [*StoppedError]: a query
// that fails, something there that the recipe may not change, a statement that the
// server refuses, or one that is not done after the server took it. What ran before
// stays; run again after mending, and it is skipped.
func Run(ctx context.Context, session Session, statements []Statement) ([]Step, error) {
	var steps []Step
	for i, s := range statements {
		outcome, err := run(ctx, session, s)
		if err != nil {
			return steps, &StoppedError{Index: i, Statement: s, Err: withoutSecret(err, s.secret)}
		}
		steps = append(steps, Step{Statement: s, Outcome: outcome})
	}
	return steps, nil
}

func run(ctx context.Context, session Session, s Statement) (Outcome, error) {
	if s.Done != "" {
		done, err := session.Ask(ctx, s.Database, s.Done)
		if err != nil {
			return "", fmt.Errorf("asking whether it is done: %w", err)
		}
		if done {
			return Skipped, nil
		}
	}
	if s.Refuse != "" {
		foreign, err := session.Ask(ctx, s.Database, s.Refuse)
		if err != nil {
			return "", fmt.Errorf("asking whether it may run: %w", err)
		}
		if foreign {
			return "", ErrForeign
		}
	}
	if err := session.Execute(ctx, s.Database, s.executed()); err != nil {
		return "", fmt.Errorf("executing: %w", err)
	}
	if s.Done != "" {
		done, err := session.Ask(ctx, s.Database, s.Done)
		if err != nil {
			return "", fmt.Errorf("asking whether it is done now: %w", err)
		}
		if !done {
			return "", ErrNotDone
		}
	}
	return Executed, nil
}
