// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/identity/mysql"
)

// A pattern matches what the same regular expression matches.
func TestLike(t *testing.T) {
	texts := func(alphabet string) *rapid.Generator[string] {
		return rapid.StringOfN(rapid.SampledFrom([]rune(alphabet)), 0, 8, -1)
	}
	rapid.Check(t, func(t *rapid.T) {
		pattern, text := texts(`ab%_\ß`).Draw(t, "pattern"), texts(`ab%_\ß`).Draw(t, "text")
		var re strings.Builder
		runes := []rune(pattern)
		for i := 0; i < len(runes); i++ {
			switch r := runes[i]; {
			case r == '%':
				re.WriteString(`(?s:.*)`)
			case r == '_':
				re.WriteString(`(?s:.)`)
			case r == '\\' && i+1 < len(runes):
				i++
				re.WriteString(regexp.QuoteMeta(string(runes[i])))
			default:
				re.WriteString(regexp.QuoteMeta(string(r)))
			}
		}
		if got, want := mysql.Like(pattern, text), regexp.MustCompile("^"+re.String()+"$").MatchString(text); got != want {
			t.Fatalf("%q matches %q: %t, want %t", pattern, text, got, want)
		}
	})
}

// What is escaped matches itself, and nothing else.
func TestEscape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name, other := rapid.String().Draw(t, "name"), rapid.StringOfN(rapid.SampledFrom([]rune(`ab%_\`)), 0, 4, -1).Draw(t, "other")
		if !mysql.Like(mysql.Escape(name), name) {
			t.Fatalf("%q does not match itself", name)
		}
		if mysql.Like(mysql.Escape(other), name) != (other == name) {
			t.Fatalf("%q escaped matches %q", other, name)
		}
	})
}

// Patterns that would take a naive matcher for ever are matched at once.
func TestLikeIsFast(t *testing.T) {
	if mysql.Like(strings.Repeat("%a", 500)+"b", strings.Repeat("a", 5000)) {
		t.Error("matches")
	}
}

// What is quoted is one token: it ends where it should, and gives the text back.
func TestQuotesHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab`'\"\\;-/*\n"))).Draw(t, "text")
		inside := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(mysql.Quote(text), "`"), "`"), "``", "\x00")
		if strings.Contains(inside, "`") || strings.ReplaceAll(inside, "\x00", "`") != text {
			t.Fatalf("%q as an identifier is %s", text, mysql.Quote(text))
		}
		literal := mysql.Literal(text)
		body := strings.NewReplacer(`\\`, "\x01", `''`, "\x02").Replace(literal[1 : len(literal)-1])
		if strings.ContainsAny(body, `'\`) || strings.NewReplacer("\x01", `\`, "\x02", `'`).Replace(body) != text {
			t.Fatalf("%q as a string is %s", text, literal)
		}
	})
}
