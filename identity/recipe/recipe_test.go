// SPDX-License-Identifier: Apache-2.0

package recipe_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/recipe"
)

// A server is a set of facts: a statement adds its text, and a query asks for a fact.
type server struct {
	facts    map[string]bool
	executed []string
	fail     map[string]error
	deaf     bool // takes statements and changes nothing
}

func (s *server) Ask(_ context.Context, _, query string) (bool, error) {
	return s.facts[query], s.fail[query]
}

func (s *server) Execute(_ context.Context, _, text string) error {
	if err := s.fail[text]; err != nil {
		return err
	}
	s.executed = append(s.executed, text)
	if !s.deaf {
		s.facts[text] = true
	}
	return nil
}

func statement(text string) recipe.Statement { return recipe.Statement{Text: text, Done: text} }

func TestRunSkipsWhatIsDone(t *testing.T) {
	s := &server{facts: map[string]bool{"a": true}}
	statements := []recipe.Statement{statement("a"), statement("b")}
	steps, err := recipe.Run(t.Context(), s, statements)
	if err != nil || len(steps) != 2 || steps[0].Outcome != recipe.Skipped || steps[1].Outcome != recipe.Executed {
		t.Fatalf("got %v, %v", steps, err)
	}
	if _, err := recipe.Run(t.Context(), s, statements); err != nil || !slices.Equal(s.executed, []string{"b"}) {
		t.Errorf("a second run executed more: %v, %v", s.executed, err)
	}
}

func TestRunRepeatsWhatTheServerCannotTell(t *testing.T) {
	s := &server{facts: map[string]bool{}}
	for range 2 {
		if _, err := recipe.Run(t.Context(), s, []recipe.Statement{{Text: "a"}}); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(s.executed, []string{"a", "a"}) {
		t.Errorf("executed %v", s.executed)
	}
}

func TestRunStopsAtTheFirstSurprise(t *testing.T) {
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		server server
		second recipe.Statement
		want   error
	}{
		"the server refuses":             {server{fail: map[string]error{"b": broken}}, recipe.Statement{Text: "b"}, broken},
		"whether it is done fails":       {server{fail: map[string]error{"b?": broken}}, recipe.Statement{Text: "b", Done: "b?"}, broken},
		"whether it may run fails":       {server{fail: map[string]error{"b?": broken}}, recipe.Statement{Text: "b", Refuse: "b?"}, broken},
		"somebody else's thing is there": {server{facts: map[string]bool{"b?": true}}, recipe.Statement{Text: "b", Refuse: "b?"}, recipe.ErrForeign},
		"nothing is different":           {server{deaf: true}, statement("b"), recipe.ErrNotDone},
	} {
		t.Run(name, func(t *testing.T) {
			s := tt.server
			if s.facts == nil {
				s.facts = map[string]bool{}
			}
			steps, err := recipe.Run(t.Context(), &s, []recipe.Statement{{Text: "a"}, tt.second, {Text: "c"}})
			var stopped *recipe.StoppedError
			if !errors.As(err, &stopped) || stopped.Index != 1 || !errors.Is(err, tt.want) {
				t.Fatalf("got %v", err)
			}
			if len(steps) != 1 || slices.Contains(s.executed, "c") {
				t.Errorf("went on: %v, %v", steps, s.executed)
			}
		})
	}
}

func TestRunRefusesBeforeItExecutes(t *testing.T) {
	s := &server{facts: map[string]bool{"foreign": true}}
	if _, err := recipe.Run(t.Context(), s, []recipe.Statement{{Text: "a", Refuse: "foreign"}}); err == nil || len(s.executed) > 0 {
		t.Errorf("executed %v, %v", s.executed, err)
	}
}

type driverError struct{ Code, Query string }

func (e *driverError) Error() string { return "refused: " + e.Code }

func TestSecretsReachOnlyTheServer(t *testing.T) {
	const verifier = "'SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy'"
	s := recipe.Statement{}.WithSecret("ALTER ROLE app PASSWORD ", verifier, " VALID UNTIL 'infinity'")
	srv := &server{facts: map[string]bool{}}
	steps, err := recipe.Run(t.Context(), srv, []recipe.Statement{s})
	if err != nil || !slices.Equal(srv.executed, []string{"ALTER ROLE app PASSWORD " + verifier + " VALID UNTIL 'infinity'"}) {
		t.Fatalf("the server was sent %v, %v", srv.executed, err)
	}
	// Servers repeat a part of a statement, and errors of drivers have fields that their
	// messages leave out.
	for sentence, refused := range map[string]error{
		"the whole statement": errors.New("syntax error in " + srv.executed[0]),
		"its middle":          errors.New("syntax error near '" + srv.executed[0][40:60] + "...' at line 1"),
		"its beginning":       errors.New("near '" + verifier[:25] + "'"),
		"in a field":          &driverError{Code: "42601", Query: srv.executed[0]},
	} {
		srv.fail = map[string]error{srv.executed[0]: refused}
		_, failure := recipe.Run(t.Context(), srv, []recipe.Statement{s})
		printed := ""
		for err := failure; err != nil; err = errors.Unwrap(err) {
			printed += fmt.Sprintf("%v %+v %#v %s\n", err, err, err, bulkhead.Must(json.Marshal(err)))
		}
		for i := range len(verifier) - 8 {
			if strings.Contains(printed, verifier[i:i+8]) {
				t.Errorf("%s: printed %s of the secret: %s", sentence, verifier[i:i+8], printed)
				break
			}
		}
		if !errors.Is(failure, refused) || !strings.Contains(failure.Error(), strings.Fields(refused.Error())[0]) {
			t.Errorf("%s: does not say what the server said: %v", sentence, failure)
		}
	}
	srv.fail = map[string]error{srv.executed[0]: errors.New("syntax error in " + srv.executed[0])}
	_, failure := recipe.Run(t.Context(), srv, []recipe.Statement{s})
	asJSON, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{
		fmt.Sprint(s), fmt.Sprintf("%+v", s), fmt.Sprintf("%#v", s), fmt.Sprintf("%+v", steps), fmt.Sprintf("%#v", steps),
		string(asJSON), failure.Error(), fmt.Sprintf("%+v", failure), fmt.Sprintf("%#v", errors.Unwrap(failure)),
	} {
		if strings.Contains(printed, "c3RvcmVk") {
			t.Errorf("printed %s", printed)
		}
	}
}
