// SPDX-License-Identifier: Apache-2.0

package postgres_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/identity/postgres"
)

// A quoted name or text is one token, however it is read: its quote ends it at its end
// and nowhere before.
func FuzzQuoting(f *testing.F) {
	for _, seed := range []string{"", `"`, `'`, `\`, `\'`, `a"b'c\d`, "'; DROP ROLE prod_app; --", "日本", "\\\\'", " E'"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		quoted := postgres.Quoted(name)
		inner, ok := strings.CutSuffix(strings.TrimPrefix(quoted, `"`), `"`)
		if !ok || strings.Contains(strings.ReplaceAll(inner, `""`, ""), `"`) || strings.ReplaceAll(inner, `""`, `"`) != name {
			t.Errorf("name %q became %s", name, quoted)
		}
		literal := postgres.Literal(name)
		escapes := strings.HasPrefix(literal, " E'")
		got, rest, ok := readLiteral(strings.TrimPrefix(strings.TrimPrefix(literal, " E"), "'"), escapes)
		if !ok || rest != "" || got != name || !escapes && strings.Contains(name, `\`) {
			t.Errorf("text %q became %s, read as %q and %q", name, literal, got, rest)
		}
	})
}

// readLiteral reads a text behind its first quote, as PostgreSQL's scanner does, and
// returns what follows it.
func readLiteral(text string, escapes bool) (got, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case escapes && c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case c == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
			b.WriteByte('\'')
		case c == '\'':
			return b.String(), text[i+1:], true
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

func TestSearchPathsAreRead(t *testing.T) {
	for text, want := range map[string]string{
		"": "", `"$user", public`: "$user|public", "A, b": "a|b", `"A""b",c`: `A"b|c`, ` x ,  "y" `: "x|y", `""`: "",
	} {
		if got, ok := postgres.SplitPath(text); !ok || strings.Join(got, "|") != want {
			t.Errorf("%s: %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{`"a`, "a b", "a,", `"a"b`} {
		if got, ok := postgres.SplitPath(text); ok {
			t.Errorf("%s was read as %q", text, got)
		}
	}
}
