// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/redis"
)

func TestSnapshotsRoundTrip(t *testing.T) {
	for _, name := range []string{redis7, redis8, valkey} {
		s := stored(t, name)
		var text bytes.Buffer
		if err := s.Write(&text); err != nil {
			t.Fatal(err)
		}
		again, err := redis.ReadSnapshot(name, &text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, again); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestNotReadAndEmptyStayApart(t *testing.T) {
	for users, want := range map[string]bool{"null": true, "[]": false} {
		text := `{"kind":"RedisSnapshot/v1","server":"","cluster":false,"users":` + users + `,"commands":null,"config":null,"connections":null}`
		s, err := redis.ReadSnapshot("s.json", strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if (s.Users == nil) != want {
			t.Errorf("%s: not read is %v", text, s.Users == nil)
		}
	}
}

func TestWhatIsNoSnapshotIsRefusedWithItsPlace(t *testing.T) {
	const whole = `{"kind":"RedisSnapshot/v1","server":"7.0.15","cluster":false,"users":[{"name":"a","rules":["on"],"password":true},` +
		`{"name":"b","rules":[],"password":false}],"commands":[{"name":"get","arity":2},{"name":"set","arity":-3}],"config":{"aclfile":""},"connections":{}}`
	if _, err := redis.ReadSnapshot("s.json", strings.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ before, after, place string }{
		"nothing":                        {whole, "", ""},
		"a list":                         {whole, "[]", ""},
		"cut off":                        {`,"rules":["on"],"password":true},{"name":"b","rules":[],"password":false}],"commands":[{"name":"get","arity":2},{"name":"set","arity":-3}],"config":{"aclfile":""},"connections":{}}`, "", "users[0]"},
		"no kind":                        {`"kind":"RedisSnapshot/v1",`, ``, "kind"},
		"another kind":                   {`RedisSnapshot/v1`, `RedisSnapshot/v2`, "kind"},
		"a snapshot of PostgreSQL":       {`RedisSnapshot/v1","server":"7.0.15"`, `PostgreSQLSnapshot/v1","version":150018`, "kind"},
		"users that are not there":       {`"users":`, `"people":`, "people"},
		"a flag that is not there":       {`,"password":true`, ``, "users[0].password"},
		"a field that is not known":      {`"password":true`, `"password":true,"hash":"x"`, "users[0].hash"},
		"a field in other letters":       {`"users"`, `"Users"`, "Users"},
		"a field twice":                  {`"users":`, `"users":[],"users":`, "users"},
		"a key of a map twice":           {`"aclfile":""`, `"aclfile":"","aclfile":"x"`, `config["aclfile"]`},
		"a user twice":                   {`"b"`, `"a"`, "users[1].name"},
		"a user without a name":          {`"a"`, `""`, "users[0].name"},
		"a user with a blank":            {`"a"`, `"a b"`, "users[0].name"},
		"the hash of a password":         {`"on"`, `"on","#0123"`, "users[0].rules[1]"},
		"a password":                     {`"on"`, `">secret-of-a"`, "users[0].rules[0]"},
		"a command twice":                {`"set"`, `"get"`, "commands[1].name"},
		"a command in capitals":          {`"get"`, `"GET"`, "commands[0].name"},
		"a number for a text":            {`"7.0.15"`, `7`, "server"},
		"a text for a number":            {`:2`, `:"2"`, "commands[0].arity"},
		"a fraction":                     {`:2`, `:1.5`, "commands[0].arity"},
		"a number of many digits":        {`:2`, `:99999999999`, "commands[0].arity"},
		"null for a bool":                {`"cluster":false`, `"cluster":null`, "cluster"},
		"an object for a list":           {`["on"]`, `{}`, "users[0].rules"},
		"a parameter that may be secret": {`"aclfile"`, `"requirepass"`, `config["requirepass"]`},
		"rules without end":              {`"on"`, `"on` + strings.Repeat(`","on`, 1000) + `"`, "users[0].rules"},
		"a selector without end":         {`"on"`, `"(` + strings.Repeat("+get ", 1000) + `)"`, "users[0].rules"},
		"something behind":               {whole, whole + "{}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(whole, tt.before, tt.after, 1)
			if text == whole {
				t.Fatal("the case edits nothing")
			}
			_, err := redis.ReadSnapshot("s.json", strings.NewReader(text))
			var document *identity.DocumentError
			if !errors.As(err, &document) || document.Document != "s.json" || document.Place != tt.place {
				t.Errorf("got %v at %+v, want %q", err, document, tt.place)
			}
			if err != nil && (strings.Contains(err.Error(), "secret-of-a") || strings.Contains(err.Error(), "0123")) {
				t.Errorf("the error shows the value: %v", err)
			}
		})
	}
}

// blanks is a document that never ends.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestADocumentWithoutEndIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 64 MB")
	}
	_, err := redis.ReadSnapshot("s.json", io.MultiReader(strings.NewReader(`{"kind":`), blanks{}))
	var document *identity.DocumentError
	if !errors.As(err, &document) || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("got %v", err)
	}
}

// FuzzReadSnapshot reads anything, and asks everything of what it reads.
func FuzzReadSnapshot(f *testing.F) {
	for _, name := range []string{redis7, valkey} {
		text, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text[:2000])
	}
	f.Add([]byte(`{"kind":"RedisSnapshot/v1","server":"","cluster":false,"connections":null,"users":[{"name":"stg","password":false,"rules":["on","~[a-\u00e9]*","(+get ~p*)","+get|a","db=1"]}],
		"commands":[{"name":"get","arity":2,"categories":["read"],"keys":[{"index":1,"flags":["access"],"range":{"lastKey":0,"keyStep":1,"limit":0}}]},
		{"name":"eval","arity":-3,"keys":[{"index":2,"keyNum":{"keyNumIdx":0,"firstKey":1,"keyStep":1}}]},
		{"name":"x","arity":1,"keys":[{"keyword":"K","startFrom":-2,"range":{"lastKey":-1,"keyStep":-1,"limit":2}}]}],"config":{"databases":"3"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := redis.ReadSnapshot("s.json", bytes.NewReader(text))
		if err != nil {
			return
		}
		b := boundary()
		if proof, err := s.NoAccess(b); err != nil || proof.Verdict == 0 && len(proof.Missing) == 0 {
			t.Errorf("proof %+v, %v", proof, err)
		}
		if _, err := s.Lint(b); err != nil {
			t.Error(err)
		}
		for _, u := range s.Users {
			for _, c := range s.Commands {
				for _, call := range [][]string{nil, {c.Name}, {c.Name, "1"}, {c.Name, "1", "K", "stg:a", "STORE"}} {
					_ = s.Allows(u.Name, 0, call...)
				}
			}
		}
		_, _ = s.Confine("fresh", "fresh:", "password")
		_, _ = s.CloseDefault("prod")
	})
}
