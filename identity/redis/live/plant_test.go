// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/redis"
	"github.com/watertight-go/watertight/internal/dbtest"
)

// A leak is what somebody adds to a server on which staging is confined.
type leak struct {
	rules   []string            // to staging's
	others  map[string][]string // users
	config  map[string]string
	want    []string // rules of the breaches
	neutral bool     // nothing is expected: a neighbour of a leak
	valkey  bool     // only Valkey has it
}

func leaks() map[string]leak {
	return map[string]leak{
		"scan":                      {rules: []string{"+scan"}, want: []string{redis.ListsKeys}},
		"keys":                      {rules: []string{"+keys"}, want: []string{redis.ListsKeys}},
		"randomkey":                 {rules: []string{"+randomkey"}, want: []string{redis.ListsKeys}},
		"tracking":                  {rules: []string{"+client|tracking"}, want: []string{redis.WatchesKeys}},
		"the client commands":       {rules: []string{"+client"}, want: []string{redis.StopsServer, redis.WatchesCommands, redis.WatchesKeys}},
		"the slow log":              {rules: []string{"+slowlog|get"}, want: []string{redis.WatchesCommands}},
		"the command log":           {rules: []string{"+commandlog|get"}, want: []string{redis.WatchesCommands}, valkey: true},
		"monitor":                   {rules: []string{"+monitor"}, want: []string{redis.WatchesCommands}},
		"channel names":             {rules: []string{"+pubsub|channels"}, want: []string{redis.ListsChannels}},
		"flushdb":                   {rules: []string{"+flushdb"}, want: []string{redis.DeletesData}},
		"swapdb":                    {rules: []string{"+swapdb"}, want: []string{redis.DeletesData}},
		"a replica":                 {rules: []string{"+psync", "+replconf"}, want: []string{redis.CopiesData}},
		"functions":                 {rules: []string{"+function|flush"}, want: []string{redis.ChangesCode}},
		"scripts":                   {rules: []string{"+script|flush"}, want: []string{redis.ChangesCode}},
		"a pause":                   {rules: []string{"+client|pause"}, want: []string{redis.StopsServer}},
		"migrate":                   {rules: []string{"+migrate"}, want: []string{redis.StopsServer}},
		"users":                     {rules: []string{"+acl|setuser"}, want: []string{redis.Administers}},
		"the configuration":         {rules: []string{"+config|get"}, want: []string{redis.Administers}},
		"a prefix without a colon":  {rules: []string{"~stag*"}, want: []string{redis.ReadsKeys, redis.WritesKeys}},
		"a star before the prefix":  {rules: []string{"~*:staging:*"}, want: []string{redis.ReadsKeys, redis.WritesKeys}},
		"a class":                   {rules: []string{"~[ps]*:*"}, want: []string{redis.ReadsKeys, redis.WritesKeys}},
		"read only":                 {rules: []string{"%R~prod:*"}, want: []string{redis.ReadsKeys}},
		"write only":                {rules: []string{"%W~prod:*"}, want: []string{redis.WritesKeys}},
		"a selector":                {rules: []string{"(%R~prod:cfg:* +get)"}, want: []string{redis.ReadsKeys}},
		"a selector that asks":      {rules: []string{"(~prod:* -@all +exists)"}, want: []string{redis.ProbesKeys}},
		"one key":                   {rules: []string{"(~prod:* +get|prod:a)"}, want: []string{redis.ReadsKeys}},
		"events that it makes up":   {rules: []string{"&__keyevent@0__:*"}, want: []string{redis.WritesChannels}},
		"one of several keys":       {rules: []string{"(~* +mget|staging:a)"}, want: []string{redis.ReadsKeys}},
		"a key in other letters":    {rules: []string{"(~* +get|PROD:A)"}, want: []string{redis.ReadsKeys}},
		"where to store":            {rules: []string{"(~staging:* %W~prod:* +sort)"}, want: []string{redis.WritesKeys}},
		"a pattern with a quote":    {rules: []string{`("%R~prod:\"'x*" +get)`, `("~staging:\"a*" +get)`}, want: []string{redis.ReadsKeys}},
		"all channels":              {rules: []string{"&*"}, want: []string{redis.ReadsChannels, redis.WritesChannels}},
		"one channel":               {rules: []string{"&prod:news"}, want: []string{redis.ReadsChannels, redis.WritesChannels}},
		"sentinel's channel":        {rules: []string{"&__sentinel__:hello"}, want: []string{redis.WritesChannels}},
		"key events":                {rules: []string{"&__keyevent@0__:*"}, config: map[string]string{"notify-keyspace-events": "KEA"}, want: []string{redis.SeesKeyEvents, redis.WritesChannels}},
		"events of keys":            {rules: []string{"&__keyspace@*__:*"}, config: map[string]string{"notify-keyspace-events": "KA"}, want: []string{redis.SeesKeyEvents, redis.WritesChannels}},
		"default without password":  {others: map[string][]string{"default": {"on", "nopass", "~*", "&*", "+@all"}}, want: []string{redis.LogsIn}},
		"another without password":  {others: map[string][]string{"metrics": {"on", "nopass", "-@all", "+scan"}}, want: []string{redis.LogsIn}},
		"one password for two":      {others: map[string][]string{"worker": {"on", ">" + password, "~prod:*", "+get"}}, want: []string{redis.LogsIn}},
		"over a chain of passwords": {others: map[string][]string{"a": {"on", ">" + password, ">chain-of-passwords"}, "b": {"on", ">chain-of-passwords", "~prod:*", "+get"}}, want: []string{redis.LogsIn}},

		"events of its own keys":           {rules: []string{"&__keyspace@0__:staging:*"}, config: map[string]string{"notify-keyspace-events": "KEA"}, neutral: true},
		"key events that nobody publishes": {rules: []string{"(&__keyevent@0__:* +psubscribe)"}, neutral: true},
		"a narrower pattern":               {rules: []string{"~staging:x[0-9]:*"}, neutral: true},
		"a pattern without a command":      {rules: []string{"(~prod:*)"}, neutral: true},
		"a command without a pattern":      {rules: []string{"(+get)"}, neutral: true},
		"a script without commands":        {rules: []string{"(~prod:* +eval)"}, neutral: true},
		"copy out of nothing":              {rules: []string{"(%W~prod:* +getdel)"}, neutral: true},
		"one key that is its own":          {rules: []string{"(~staging:* +get|staging:a)"}, neutral: true},
		"no command after all":             {rules: []string{"+scan", "-scan"}, neutral: true},
		"a door that leads nowhere":        {others: map[string][]string{"metrics": {"on", "nopass", "-@all", "+ping"}}, neutral: true},
		"a user that is off":               {others: map[string][]string{"metrics": {"off", "nopass", "+@all", "~*"}}, neutral: true},
		"another password":                 {others: map[string][]string{"worker": {"on", ">" + other, "~prod:*", "+get"}}, neutral: true},
	}
}

// TestEachLeakAloneIsFoundAndClosed plants one leak after the other on a server that is
// sealed, expects it and nothing else, does what the proof says, and is sealed again.
func TestEachLeakAloneIsFoundAndClosed(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		admin := confined(t, s, client)
		for _, name := range slices.Sorted(maps.Keys(leaks())) {
			l := leaks()[name]
			if l.valkey && !strings.HasPrefix(s.Version, "Valkey") {
				continue
			}
			t.Run(name, func(t *testing.T) {
				plant(t, admin, l)
				proof := prove(t, snapshot(t, admin), everythingElse())
				var got []string
				for _, b := range proof.Breaches {
					got = append(got, b.Rule)
					if len(b.Path) < 2 || b.Path[0].Field == "" || b.Change.Text == "" {
						t.Errorf("a breach without path or change: %+v", b)
					}
				}
				slices.Sort(got)
				if got = slices.Compact(got); !slices.Equal(got, l.want) || len(proof.Missing) > 0 {
					t.Fatalf("found %q, want %q: %+v, missing %q", got, l.want, proof.Breaches, proof.Missing)
				}
				for range 8 { // a change may close one of several
					if len(proof.Breaches) == 0 {
						break
					}
					change(t, admin, proof.Breaches[0].Change)
					proof = prove(t, snapshot(t, admin), everythingElse())
				}
				if proof.Verdict != bulkhead.Sealed {
					t.Errorf("after the changes: %+v", proof.Breaches)
				}
			})
			unplant(t, admin, l)
		}
	})
}

func plant(t *testing.T, admin *goredis.Client, l leak) {
	t.Helper()
	if len(l.rules) > 0 {
		if slices.Contains(l.rules, "&*") {
			do(t, admin, "ACL", "SETUSER", staging, "resetchannels")
		}
		do(t, admin, append([]string{"ACL", "SETUSER", staging}, l.rules...)...)
	}
	for user, rules := range l.others {
		setUser(t, admin, user, rules...)
	}
	for name, value := range l.config {
		do(t, admin, "CONFIG", "SET", name, value)
	}
}

// unplant makes the server as it was.
func unplant(t *testing.T, admin *goredis.Client, l leak) {
	t.Helper()
	do(t, admin, "ACL", "DELUSER", staging)
	for user := range l.others {
		if user == "default" {
			setUser(t, admin, user, "off")
		} else {
			do(t, admin, "ACL", "DELUSER", user)
		}
	}
	for name := range l.config {
		do(t, admin, "CONFIG", "SET", name, "")
	}
	r, err := snapshot(t, admin).Confine(staging, "staging:", password)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, admin, r)
}

// change does what a change says. Where that is a new password, it gives one.
func change(t *testing.T, admin *goredis.Client, c bulkhead.Change) {
	t.Helper()
	_, command, ok := strings.Cut(c.Text, "run ")
	if !ok {
		do(t, admin, "ACL", "SETUSER", c.Object.Name, "resetpass", ">a-password-that-nobody-else-has")
		return
	}
	do(t, admin, split(command)...)
}

// split reads a command as redis-cli does, as far as changes are quoted.
func split(command string) []string {
	var out []string
	var word strings.Builder
	quoted := false
	for i := 0; i < len(command); i++ {
		switch c := command[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
			word.WriteByte(command[i])
		case c == ' ' && !quoted:
			out = append(out, word.String())
			word.Reset()
		default:
			word.WriteByte(c)
		}
	}
	return append(out, word.String())
}

// TestTheNaiveUserLeaks is the user that most would make.
func TestTheNaiveUserLeaks(t *testing.T) {
	eachServer(t, func(t *testing.T, s dbtest.Server, client *goredis.Client) {
		setUser(t, client, production, "on", ">"+other, "~*", "&*", "+@all")
		setUser(t, client, staging, "on", ">"+password, "~staging:*", "+@all", "-@dangerous", "-@admin")
		proof := prove(t, snapshot(t, client), everythingElse())
		var got []string
		for _, b := range proof.Breaches {
			got = append(got, b.Rule)
		}
		slices.Sort(got)
		want := []string{redis.ChangesCode, redis.ListsChannels, redis.ListsKeys, redis.LogsIn, redis.StopsServer, redis.WatchesKeys}
		if !slices.Equal(got, want) || len(proof.Missing) > 0 {
			t.Errorf("found %q, want %q, missing %q", got, want, proof.Missing)
		}
		// Each is so: the user does it.
		stg := connect(t, s, staging, password)
		do(t, client, "SET", "prod:a", "1")
		do(t, client, "FUNCTION", "LOAD", "#!lua name=prod\nredis.register_function('answer', function() return 42 end)")
		for _, call := range []string{"SCAN 0", "RANDOMKEY", "PUBSUB CHANNELS", "FUNCTION FLUSH", "SCRIPT FLUSH"} {
			do(t, stg, strings.Fields(call)...)
		}
		if err := client.FCall(t.Context(), "answer", nil).Err(); err == nil {
			t.Error("production's function is still there")
		}
		do(t, stg, "AUTH", "default", "anything")
		if got := do(t, stg, "GET", "prod:a"); got != "1" {
			t.Errorf("as default, staging read %v", got)
		}
	})
}
