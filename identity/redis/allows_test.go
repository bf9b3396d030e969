// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/redis"
)

func TestAllows(t *testing.T) {
	for name, tt := range map[string]struct {
		rules []string
		call  string
		edit  func(*redis.Snapshot)
		want  identity.Answer
	}{
		"a key below a pattern":             {rules: []string{"~stg:*", "+get"}, call: "get stg:a", want: identity.Yes},
		"another key":                       {rules: []string{"~stg:*", "+get"}, call: "get prod:a", want: identity.No},
		"letters of commands do not matter": {rules: []string{"~stg:*", "+GET"}, call: "gEt stg:a", want: identity.Yes},
		"letters of keys do":                {rules: []string{"~stg:*", "+get"}, call: "get STG:a", want: identity.No},
		"a command that nobody allowed":     {rules: []string{"~*"}, call: "get a", want: identity.No},
		"logging in":                        {call: "auth a b", want: identity.Yes},
		"reading and writing apart":         {rules: []string{"%R~a", "%W~a*", "+set"}, call: "set a 1 get", want: identity.No},
		"two permissions of one pattern":    {rules: []string{"%R~a", "%W~a", "+set"}, call: "set a 1 get", want: identity.Yes},
		"no key at all":                     {rules: []string{"+eval"}, call: "eval x 0", want: identity.Yes},
		"the keys of a script":              {rules: []string{"+eval", "~a"}, call: "eval x 2 a b", want: identity.No},
		"a channel":                         {rules: []string{"+subscribe", "&a*"}, call: "subscribe ab", want: identity.Yes},
		"a pattern that is the user's":      {rules: []string{"+psubscribe", "&a*"}, call: "psubscribe a*", want: identity.Yes},
		"a narrower pattern":                {rules: []string{"+psubscribe", "&a*"}, call: "psubscribe ab*", want: identity.No},
		"a subcommand":                      {rules: []string{"+client|id"}, call: "client id", want: identity.Yes},
		"another subcommand":                {rules: []string{"+client|id"}, call: "client list", want: identity.No},
		"a command that is not there":       {rules: []string{"+@all"}, call: "nosuch", want: identity.Unknown},
		"a call of another length":          {rules: []string{"+@all"}, call: "get", want: identity.Unknown},
		"keys that only the server finds":   {rules: []string{"+zunion", "~a"}, call: "zunion 5 a", want: identity.Unknown},
		"users not read":                    {call: "get a", edit: func(s *redis.Snapshot) { s.Users = nil }, want: identity.Unknown},
		"commands not read":                 {call: "get a", edit: func(s *redis.Snapshot) { s.Commands = nil }, want: identity.Unknown},
		"a user that is not there":          {call: "get a", edit: func(s *redis.Snapshot) { s.Users = s.Users[:2] }, want: identity.Unknown},
		"nothing":                           {want: identity.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			s := with(t, valkey, tt.rules...)
			if tt.edit != nil {
				tt.edit(s)
			}
			got := s.Allows("stg", 0, strings.Fields(tt.call)...)
			if got.Answer != tt.want || (got.Answer == identity.Unknown) != (len(got.Missing) > 0) || (got.Answer == identity.Unknown) != (got.Why == "") {
				t.Errorf("got %+v, want %v", got, tt.want)
			}
		})
	}
}

// TestPatterns has the corners of the language, as stringmatchlen reads it.
func TestPatterns(t *testing.T) {
	one := commands(t, "get")
	for pattern, keys := range map[string]struct{ yes, no string }{
		"a*c": {"ac abc abcbc", "a c acb"}, "a?c": {"abc a?c", "ac abbc"}, "**a": {"a ba", "b ab"},
		"[ab]c": {"ac bc", "cc c"}, "[^ab]c": {"cc ^c", "ac bc c"}, "[a-c]": {"a b c", "d - abc"}, "[c-a]": {"a b c", "d -"},
		`\*`: {"*", "a"}, `a\`: {`a\`, "a"}, `\\`: {`\`, "a"}, `[\]]`: {"]", `\ a`}, `[a\-c]`: {"a - c", `b \`},
		"[ab": {"a b", "[ab c"}, "[": {"", "[ a"}, "[^": {"a [ ^", "ab"}, "[]": {"", "a ] []"}, "[^]": {"a ]", "ab"}, "[a-": {"a -", "b"}, "a]": {"a]", "a"},
	} {
		s := one("on", "~"+pattern, "+get")
		for key := range strings.FieldsSeq(keys.yes) {
			if got := s.Allows("stg", 0, "get", key); got.Answer != identity.Yes {
				t.Errorf("%s does not match %q: %v", pattern, key, got)
			}
		}
		for key := range strings.FieldsSeq(keys.no) {
			if got := s.Allows("stg", 0, "get", key); got.Answer != identity.No {
				t.Errorf("%s matches %q: %v", pattern, key, got)
			}
		}
	}
}
