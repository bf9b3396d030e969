// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
)

// TestAUserThatDiffersInOneThingIsForeign is about what makes a user of the same name
// another one.
func TestAUserThatDiffersInOneThingIsForeign(t *testing.T) {
	for name, edit := range map[string]func([]string) []string{
		"the same":           func(r []string) []string { return r },
		"a pattern of keys":  func(r []string) []string { return append(r, "~prod:*") },
		"another prefix":     func(r []string) []string { r[1] = "~other:*"; return r },
		"permission to read": func(r []string) []string { r[1] = "%R" + r[1]; return r },
		"a channel":          func(r []string) []string { return append(r, "&prod:*") },
		"a command":          func(r []string) []string { return append(r, "+scan") },
		"a first argument":   func(r []string) []string { return append(r, "+select|0") },
		"a selector":         func(r []string) []string { return append(r, "(~prod:* +get)") },
		"no password needed": func(r []string) []string { return append(r, "nopass") },
		"switched off":       func(r []string) []string { return append(r, "off") },
	} {
		s := with(t, redis8)
		made, err := s.Confine("stg2", "stg2:", "a-long-password")
		if err != nil {
			t.Fatal(err)
		}
		s.Users[2].Name, s.Users[2].Rules = "stg2", edit(slices.Clone(made.Statements[0].Args[5:]))
		_, err = s.Confine("stg2", "stg2:", "a-long-password")
		var invalid *bulkhead.InvalidError
		if foreign := errors.As(err, &invalid) && strings.Contains(err.Error(), "other rules"); foreign == (name == "the same") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
