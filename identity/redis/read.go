// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/strict"
)

// What a snapshot may hold, far above what servers have, so that a hostile one takes
// bounded time and memory.
const (
	mostUsers       = 10_000
	mostCommands    = 1_000
	mostKeySpecs    = 16
	mostRulesOfUser = 1_000
	mostRules       = 20_000
)

// Write writes the snapshot as JSON, for [ReadSnapshot]. Errors are those of the writer.
func (s *Snapshot) Write(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(s)
}

// ReadSnapshot reads a snapshot that [Snapshot.Write] wrote. The name is what errors call
// the document, such as that of its file. It takes nothing that it does not know: a
// field of another name, one that is there twice, a value of another type, two users or
// two commands of one name, a rule about a password, something behind the snapshot, or
// more than 64 MB. Errors are [*identity.DocumentError] and name the place.
func ReadSnapshot(name string, r io.Reader) (*Snapshot, error) {
	var s Snapshot
	err := strict.Decode(r, &s)
	at := ""
	if wrong, ok := errors.AsType[*strict.Error](err); ok {
		at, err = wrong.Place, wrong.Err
	}
	if err != nil && s.Kind != "" && s.Kind != SnapshotKind {
		at, err = "kind", wrongKind() // all else of another kind is wrong too
	}
	if err == nil {
		at, err = s.judge()
	}
	if err != nil {
		return nil, &identity.DocumentError{Document: name, Place: at, Err: err}
	}
	return &s, nil
}

// judge returns the first place of a snapshot that says what none can say, and why.
func (s *Snapshot) judge() (string, error) {
	if s.Kind != SnapshotKind {
		return "kind", wrongKind()
	}
	if len(s.Commands) > mostCommands {
		return "commands", fmt.Errorf("more than %d", mostCommands)
	}
	if len(s.Users) > mostUsers {
		return "users", fmt.Errorf("more than %d", mostUsers)
	}
	users := make(map[string]bool)
	total := 0
	for i, u := range s.Users {
		at := fmt.Sprintf("users[%d]", i)
		if wrong := wrongName(u.Name); wrong != "" {
			return at + ".name", errors.New(wrong)
		}
		if users[u.Name] {
			return at + ".name", errors.New("another user has this name")
		}
		users[u.Name] = true
		own := 0
		for _, rule := range u.Rules {
			own += 1 + strings.Count(rule, " ") // a selector has several
		}
		if total += own; own > mostRulesOfUser || total > mostRules {
			return at + ".rules", fmt.Errorf("more than %d rules of a user, or %d in all", mostRulesOfUser, mostRules)
		}
		for k, rule := range u.Rules {
			if isPassword(rule) {
				return fmt.Sprintf("%s.rules[%d]", at, k), errors.New("a password, or its hash, has no place in a snapshot")
			}
		}
	}
	commands := make(map[string]bool)
	for i, c := range s.Commands {
		at := fmt.Sprintf("commands[%d].name", i)
		switch {
		case c.Name == "" || c.Name != strings.ToLower(c.Name):
			return at, errors.New("no name in lower case")
		case commands[c.Name]:
			return at, errors.New("another command has this name")
		}
		if len(c.Keys) > mostKeySpecs {
			return fmt.Sprintf("commands[%d].keys", i), fmt.Errorf("more than %d", mostKeySpecs)
		}
		commands[c.Name] = true
	}
	for name := range s.Config {
		if !slices.Contains(ConfigParameters(), name) {
			return fmt.Sprintf("config[%q]", name), errors.New("a parameter that is no part of a snapshot")
		}
	}
	return "", nil
}

func wrongKind() error {
	return fmt.Errorf("want %q: no snapshot of Redis or Valkey, or one of another version", SnapshotKind)
}

// isPassword reports whether a rule gives or takes a password or its hash.
// Those in a selector, which the server refuses, are asked about too.
func isPassword(rule string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(strings.TrimLeft(rule, "("), isBlank), func(word string) bool {
		return strings.ContainsRune("><#!", rune(word[0]))
	})
}
