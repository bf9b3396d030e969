// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/redis"
)

func TestVerdicts(t *testing.T) {
	for name, tt := range map[string]struct {
		server  string
		rules   []string
		edit    func(*redis.Snapshot, *redis.Boundary)
		want    bulkhead.Verdict
		rule    string // of the breaches, if there is one kind
		missing string // a part of what is missing
	}{
		"below its own prefix": {rules: []string{"~stg:*", "+get", "+set"}, want: bulkhead.Sealed},
		"last rule wins":       {rules: []string{"~stg:*", "+scan", "-scan"}, want: bulkhead.Sealed},
		"last rule wins, the other way": {
			rules: []string{"~stg:*", "-scan", "+@keyspace", "-@dangerous", "-dbsize", "-randomkey"}, want: bulkhead.Breached, rule: redis.ListsKeys,
		},
		"a pattern on neither side": {rules: []string{"~st*", "+get"}, want: bulkhead.Sealed},
		"the same, where the rest is production's": {
			rules: []string{"~st*", "+get"}, edit: func(_ *redis.Snapshot, b *redis.Boundary) { b.Rest = true }, want: bulkhead.Breached, rule: redis.ReadsKeys,
		},
		"a pattern that reaches into a prefix":      {rules: []string{"~p??d:x", "+get"}, want: bulkhead.Breached, rule: redis.ReadsKeys},
		"one that ends too early":                   {rules: []string{"~pro", "+get"}, want: bulkhead.Sealed},
		"an escaped star":                           {rules: []string{`~\*prod:`, "+get"}, want: bulkhead.Sealed},
		"a key pattern without any command":         {rules: []string{"~*"}, want: bulkhead.Sealed},
		"SET with permission to write":              {rules: []string{"%W~prod:*", "+set"}, want: bulkhead.Breached, rule: redis.WritesKeys},
		"SET with permission to read":               {rules: []string{"%R~prod:*", "+set"}, want: bulkhead.Sealed},
		"BITFIELD with permission to read":          {rules: []string{"%R~prod:*", "+bitfield"}, want: bulkhead.Breached, rule: redis.ReadsKeys},
		"COPY with a place to copy to":              {rules: []string{"%R~prod:*", "%W~stg:*", "+copy"}, want: bulkhead.Breached, rule: redis.ReadsKeys},
		"COPY without":                              {rules: []string{"%R~prod:*", "+copy"}, want: bulkhead.Sealed},
		"two selectors do not add up":               {rules: []string{"(~prod:*)", "(+get)"}, want: bulkhead.Sealed},
		"EXISTS tells what is there":                {rules: []string{"%W~prod:*", "+exists"}, want: bulkhead.Breached, rule: redis.ProbesKeys},
		"a channel of production":                   {rules: []string{"resetchannels", "&prod:*", "+subscribe"}, want: bulkhead.Breached, rule: redis.ReadsChannels},
		"to publish there":                          {rules: []string{"resetchannels", "&prod:*", "+publish"}, want: bulkhead.Breached, rule: redis.WritesChannels},
		"a channel without a command":               {rules: []string{"&*"}, want: bulkhead.Sealed},
		"a command whose first argument is fixed":   {rules: []string{"~*", "+get|prod:a"}, want: bulkhead.Breached, rule: redis.ReadsKeys},
		"one whose first argument is staging's":     {rules: []string{"~*", "+get|stg:a"}, want: bulkhead.Sealed},
		"class across 0x80":                         {rules: []string{"~[a-é]*", "+get"}, want: bulkhead.Undetermined, missing: "both sides of 0x80"},
		"class of ASCII":                            {rules: []string{"~[a-b]*", "+get"}, want: bulkhead.Sealed},
		"other databases, where that is a rule":     {server: valkey, rules: []string{"~*", "db=1", "+get", "+scan", "+flushdb"}, edit: inDatabase0, want: bulkhead.Sealed},
		"production's database":                     {server: valkey, rules: []string{"~*", "db=0,1", "+get"}, edit: inDatabase0, want: bulkhead.Breached, rule: redis.ReadsKeys},
		"functions are of no database":              {server: valkey, rules: []string{"~*", "db=1", "+function|flush", "+get", "+swapdb"}, edit: inDatabase0, want: bulkhead.Breached, rule: redis.ChangesCode},
		"FLUSHALL needs all databases":              {server: valkey, rules: []string{"db=1", "+flushall"}, edit: inDatabase0, want: bulkhead.Sealed},
		"a script alone":                            {rules: []string{"~*", "+@scripting", "-function", "-script"}, want: bulkhead.Sealed},
		"channels that no rule speaks of":           {rules: []string{"+subscribe"}, edit: noConfig, want: bulkhead.Undetermined, missing: "acl-pubsub-default"},
		"channels that the server gives to all":     {rules: []string{"+subscribe"}, edit: config("acl-pubsub-default", "allchannels"), want: bulkhead.Breached, rule: redis.ReadsChannels},
		"key events, configuration unknown":         {rules: []string{"resetchannels", "&__keyevent*", "+subscribe"}, edit: noConfig, want: bulkhead.Undetermined, missing: "notify-keyspace-events"},
		"key events that are published":             {rules: []string{"resetchannels", "&__keyevent*", "+subscribe"}, edit: config("notify-keyspace-events", "AKE"), want: bulkhead.Breached, rule: redis.SeesKeyEvents},
		"key events that are not":                   {rules: []string{"resetchannels", "&__keyevent*", "+subscribe"}, edit: config("notify-keyspace-events", "AK"), want: bulkhead.Sealed},
		"users not read":                            {edit: func(s *redis.Snapshot, _ *redis.Boundary) { s.Users = nil }, want: bulkhead.Undetermined, missing: "ACL LIST"},
		"commands not read":                         {edit: func(s *redis.Snapshot, _ *redis.Boundary) { s.Commands = nil }, want: bulkhead.Undetermined, missing: "COMMAND"},
		"a user that is not there":                  {edit: func(_ *redis.Snapshot, b *redis.Boundary) { b.From.Users = []string{"stg", "stg2"} }, want: bulkhead.Undetermined, missing: `"stg2"`},
		"a rule of a later version":                 {rules: []string{"+get", "~stg:*", "net=10.0.0.0/8"}, want: bulkhead.Undetermined, missing: "rules[3]"},
		"a command that is renamed":                 {rules: []string{"+get", "-flushall-x"}, want: bulkhead.Undetermined, missing: "rules[2]"},
		"bytes that were lost":                      {rules: []string{"+get", "~a\uFFFD*"}, want: bulkhead.Undetermined, missing: "UTF-8"},
		"an unknown command of a module":            {rules: []string{"+@all", "-@all", "+ft.search"}, edit: module("ft.search", "module"), want: bulkhead.Undetermined, missing: "ft.search"},
		"an unknown command without keys":           {rules: []string{"+newcmd"}, edit: module("newcmd"), want: bulkhead.Undetermined, missing: "newcmd"},
		"one that nobody may run":                   {rules: []string{"+get"}, edit: module("ft.search", "module"), want: bulkhead.Sealed},
		"production's user without a password":      {rules: []string{"+get"}, edit: func(s *redis.Snapshot, _ *redis.Boundary) { s.Users[1].Rules = []string{"on", "nopass"} }, want: bulkhead.Breached, rule: redis.LogsIn},
		"a user without a password that is off":     {rules: []string{"+get"}, edit: func(s *redis.Snapshot, _ *redis.Boundary) { s.Users[1].Rules = []string{"on", "nopass", "off"} }, want: bulkhead.Sealed},
		"a password of production's":                {rules: []string{"+get"}, edit: func(s *redis.Snapshot, _ *redis.Boundary) { s.Users[1].SharesPassword = []string{"stg"} }, want: bulkhead.Breached, rule: redis.LogsIn},
		"the first of several keys is fixed":        {rules: []string{"~*", "+mget|stg:a"}, want: bulkhead.Breached, rule: redis.ReadsKeys},
		"a first key that no pattern matches":       {rules: []string{"~prod:*", "+mget|stg:a"}, want: bulkhead.Sealed},
		"a first argument in other letters":         {rules: []string{"~*", "+get|PROD:a"}, want: bulkhead.Breached, rule: redis.ReadsKeys},
		"a place to store what is sorted":           {rules: []string{"~stg:*", "%W~prod:*", "+sort"}, want: bulkhead.Breached, rule: redis.WritesKeys},
		"no key to sort":                            {rules: []string{"%W~prod:*", "+sort"}, want: bulkhead.Sealed},
		"keys that only the server finds":           {rules: []string{"~prod:*", "+newcmd"}, edit: module("newcmd", "movablekeys"), want: bulkhead.Undetermined, missing: "newcmd"},
		"the same below its own prefix":             {rules: []string{"~stg:*", "+newcmd"}, edit: module("newcmd", "movablekeys"), want: bulkhead.Sealed},
		"keys of which it depends what is done":     {rules: []string{"%R~prod:*", "+newcmd"}, edit: newCommand("variable_flags", "slow"), want: bulkhead.Undetermined, missing: "newcmd"},
		"an unknown command that is dangerous":      {rules: []string{"~stg:*", "+newcmd"}, edit: newCommand("access", "dangerous"), want: bulkhead.Undetermined, missing: "newcmd"},
		"an unknown command with a key":             {rules: []string{"~stg:*", "+newcmd"}, edit: newCommand("access", "slow"), want: bulkhead.Sealed},
		"a command of a module that is called help": {rules: []string{"+x|help"}, edit: module("x|help", "module"), want: bulkhead.Undetermined, missing: "x|help"},
		"events that staging makes up":              {rules: []string{"resetchannels", "&__keyevent@0__:*", "+publish"}, want: bulkhead.Breached, rule: redis.WritesChannels},
		"events of its own keys, made up":           {rules: []string{"resetchannels", "&__keyspace@0__:stg:*", "+publish"}, want: bulkhead.Sealed},
		"events of a database that may be there":    {rules: []string{"resetchannels", "&__keyspace@20__:*", "+subscribe"}, edit: without("databases"), want: bulkhead.Undetermined, missing: "databases"},
		"events of a database that is not":          {rules: []string{"resetchannels", "&__keyspace@20__:*", "+subscribe"}, edit: config("notify-keyspace-events", "KEA"), want: bulkhead.Sealed},
		"FLUSHALL of who knows how many databases":  {server: valkey, rules: []string{"db=0", "+flushall"}, edit: without("databases"), want: bulkhead.Undetermined, missing: "databases"},
		"FLUSHALL of one database":                  {server: valkey, rules: []string{"db=0", "+flushall"}, edit: config("databases", "1"), want: bulkhead.Breached, rule: redis.DeletesData},
		"FLUSHALL of another database":              {server: valkey, rules: []string{"db=1", "+flushall"}, edit: without("databases"), want: bulkhead.Sealed},
		"FLUSHALL of a cluster":                     {server: valkey, rules: []string{"db=0", "+flushall"}, edit: cluster, want: bulkhead.Breached, rule: redis.DeletesData},
		"a default of channels that nobody knows":   {rules: []string{"+subscribe"}, edit: config("acl-pubsub-default", "some"), want: bulkhead.Undetermined, missing: "acl-pubsub-default"},
		"a blank that is none for the server":       {rules: []string{"(~prod:*\u00a0resetkeys +get)"}, want: bulkhead.Breached, rule: redis.ReadsKeys},
		"letters that get shorter in lower case":    {rules: []string{"+" + strings.Repeat("\u212a", 9) + "|a"}, want: bulkhead.Undetermined, missing: "rules[1]"},
		"default is off, and a connection stays":    {edit: lingering("off", "nopass", "~*", "+@all"), want: bulkhead.Undetermined, missing: "connections are user \"default\""},
		"one that could do nothing":                 {edit: lingering("off", "nopass", "+ping"), want: bulkhead.Sealed},
		"one that needed a password":                {edit: lingering("off", "~*", "+@all"), want: bulkhead.Sealed},
		"default is off, connections not read": {edit: func(s *redis.Snapshot, b *redis.Boundary) {
			lingering("off", "nopass", "~*", "+@all")(s, b)
			s.Connections = nil
		}, want: bulkhead.Undetermined, missing: "CLIENT LIST"},
		"no commands":                       {rules: []string{"~*", "+@all"}, edit: func(s *redis.Snapshot, _ *redis.Boundary) { s.Commands = []redis.Command{} }, want: bulkhead.Undetermined, missing: "COMMAND"},
		"a category, and a command without": {rules: []string{"+@read"}, edit: module("newcmd"), want: bulkhead.Undetermined, missing: "newcmd"},
		"a command that needs no login":     {edit: func(s *redis.Snapshot, _ *redis.Boundary) { at(s, "scan").Flags = []string{"no_auth"} }, want: bulkhead.Breached, rule: redis.ListsKeys},
		"a password in common, said by one": {rules: []string{"+get"}, edit: func(s *redis.Snapshot, _ *redis.Boundary) { s.Users[2].SharesPassword = []string{"prod"} }, want: bulkhead.Breached, rule: redis.LogsIn},
		"passwords not compared":            {rules: []string{"+get"}, edit: func(s *redis.Snapshot, _ *redis.Boundary) { s.Users[2].SharesPassword = nil }, want: bulkhead.Undetermined, missing: "sharesPassword"},
		"a door to a user that is not understood": {
			rules: []string{"+get"}, edit: func(s *redis.Snapshot, _ *redis.Boundary) { s.Users[0].Rules = []string{"on", "nopass", "?"} }, want: bulkhead.Undetermined, missing: "default",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := tt.server
			if server == "" {
				server = redis8
			}
			s, b := with(t, server, tt.rules...), boundary()
			if tt.edit != nil {
				tt.edit(s, &b)
			}
			proof := prove(t, s, b)
			want := []string(nil)
			if tt.rule != "" {
				want = []string{tt.rule}
			}
			if proof.Verdict != tt.want || !slices.Equal(rulesOf(proof), want) {
				t.Errorf("got %v %q, want %v %q: %+v, missing %q", proof.Verdict, rulesOf(proof), tt.want, want, proof.Breaches, proof.Missing)
			}
			if !strings.Contains(strings.Join(proof.Missing, "\n"), tt.missing) || tt.missing == "" && len(proof.Missing) > 0 {
				t.Errorf("missing %q, want something of %q", proof.Missing, tt.missing)
			}
		})
	}
}

func inDatabase0(_ *redis.Snapshot, b *redis.Boundary) { b.Databases = []int{0} }
func noConfig(s *redis.Snapshot, _ *redis.Boundary)    { s.Config = nil }

func config(name, value string) func(*redis.Snapshot, *redis.Boundary) {
	return func(s *redis.Snapshot, _ *redis.Boundary) { s.Config[name] = value }
}

func without(name string) func(*redis.Snapshot, *redis.Boundary) {
	return func(s *redis.Snapshot, _ *redis.Boundary) {
		s.Config["notify-keyspace-events"] = "KEA"
		delete(s.Config, name)
	}
}

func cluster(s *redis.Snapshot, _ *redis.Boundary) {
	s.Cluster, s.Config["cluster-databases"] = true, "1"
}

// lingering is a user default of some rules that somebody is connected as.
func lingering(rules ...string) func(*redis.Snapshot, *redis.Boundary) {
	return func(s *redis.Snapshot, _ *redis.Boundary) {
		s.Users[0].Rules, s.Connections = rules, map[string]int{"default": 1}
	}
}

func newCommand(flag, category string) func(*redis.Snapshot, *redis.Boundary) {
	return func(s *redis.Snapshot, _ *redis.Boundary) {
		key := redis.KeySpec{Flags: []string{"access", flag}, Index: 1, Range: &redis.KeyRange{KeyStep: 1}}
		s.Commands = append(s.Commands, redis.Command{Name: "newcmd", Arity: -2, Categories: []string{category}, Keys: []redis.KeySpec{key}})
	}
}

func at(s *redis.Snapshot, command string) *redis.Command {
	return &s.Commands[slices.IndexFunc(s.Commands, func(c redis.Command) bool { return c.Name == command })]
}

func module(name string, flags ...string) func(*redis.Snapshot, *redis.Boundary) {
	return func(s *redis.Snapshot, _ *redis.Boundary) {
		s.Commands = append(s.Commands, redis.Command{Name: name, Arity: -1, Flags: flags})
	}
}

func TestBoundariesOverNothingAreRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		edit func(*redis.Boundary)
		want []string
	}{
		"nothing at all":           {func(b *redis.Boundary) { *b = redis.Boundary{} }, []string{"from.users", "away.prefixes"}},
		"the rest of nothing":      {func(b *redis.Boundary) { b.Rest, b.From.Prefixes = true, nil }, []string{"from.prefixes"}},
		"an empty prefix":          {func(b *redis.Boundary) { b.Away.Prefixes = []string{"prod:", ""} }, []string{"away.prefixes[1]"}},
		"prefixes that overlap":    {func(b *redis.Boundary) { b.Away.Prefixes = []string{"stg:prod:"} }, []string{"away.prefixes[0]"}},
		"a user on both sides":     {func(b *redis.Boundary) { b.Away.Users = []string{"stg"} }, []string{"away.users[0]"}},
		"a name with a blank":      {func(b *redis.Boundary) { b.From.Users = []string{"a b"} }, []string{"from.users[0]"}},
		"an empty name":            {func(b *redis.Boundary) { b.Away.Users = []string{""} }, []string{"away.users[0]"}},
		"a prefix of many bytes":   {func(b *redis.Boundary) { b.Away.Prefixes = []string{strings.Repeat("p", 600)} }, []string{"away.prefixes[0]"}},
		"a database below zero":    {func(b *redis.Boundary) { b.Databases = []int{-1} }, []string{"databases[0]"}},
		"several mistakes at once": {func(b *redis.Boundary) { b.From.Users, b.Away.Prefixes = nil, nil }, []string{"from.users", "away.prefixes"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := boundary()
			tt.edit(&b)
			_, err := stored(t, redis8).NoAccess(b)
			var invalid *bulkhead.InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, e := range invalid.Errs {
				got = append(got, e.Field)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if _, lintErr := stored(t, redis8).Lint(b); lintErr == nil {
				t.Error("Lint took it")
			}
		})
	}
}
