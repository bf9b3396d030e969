// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rights are what the rules of a user come to.
type rights struct {
	user      User
	selectors []*selector
	// lost are rules that were not understood; with one of them, nothing is known.
	lost []string
}

// A selector is a set of commands, keys, channels and databases that go together. The
// first one of a user is the rules outside of parentheses.
type selector struct {
	rule   int      // its place among the rules of the user; -1 for the first
	rules  []string // its own
	table  table
	config map[string]string

	keys         []pattern
	allKeys      int // the rule that says so, -1 if none does
	channels     []pattern
	allChannels  int
	channelsSaid bool // false: acl-pubsub-default decides
	allDBs       bool
	dbs          map[int]bool

	granted   map[string]int      // the rule that allows a command
	firstArgs map[string][]string // a command is allowed with one of these first arguments
	argRule   map[string]int
	future    int // the rule that allows what is not there yet; -1 if none does
}

// A pattern is what keys or channels are matched against.
type pattern struct {
	text        string
	glob        glob
	read, write bool
	rules       []int
}

// parse works out the rules of a user, in their order, as ACLSetUser does (Redis 7.0 to
// 8.0 and Valkey 9.1, src/acl.c). The user begins as one that was just made.
func (s *Snapshot) parse(u User, t table) *rights {
	r := &rights{user: u}
	root := newSelector(t, s.Config, -1, u.Rules)
	r.selectors = []*selector{root}
	for i, rule := range u.Rules {
		var err error
		switch word := lower(rule); {
		case slices.Contains([]string{"on", "off", "nopass", "resetpass", "sanitize-payload", "skip-sanitize-payload"}, word):
			// about logging in, which is a door, and about payloads
		case word == "clearselectors":
			r.selectors = r.selectors[:1]
		case word == "reset":
			fresh := newSelector(t, s.Config, -1, u.Rules)
			*root = *fresh
			r.selectors = []*selector{root}
		case strings.HasPrefix(rule, "(") && strings.HasSuffix(rule, ")"):
			added := newSelector(t, s.Config, i, strings.FieldsFunc(rule[1:len(rule)-1], isBlank))
			for k, inner := range added.rules {
				if err = added.set(inner, k); err != nil {
					break
				}
			}
			r.selectors = append(r.selectors, added)
		default:
			err = root.set(rule, i)
		}
		if err != nil {
			r.lost = append(r.lost, fmt.Sprintf("what rules[%d] of user %s means: %v", i, quote(u.Name), err))
		}
	}
	return r
}

func newSelector(t table, config map[string]string, rule int, rules []string) *selector {
	return &selector{
		rule: rule, rules: rules, table: t, config: config, allKeys: -1, allChannels: -1, allDBs: true, future: -1,
		granted: make(map[string]int), firstArgs: make(map[string][]string), argRule: make(map[string]int),
	}
}

// set applies one rule, as ACLSetSelector does.
func (s *selector) set(rule string, i int) error {
	if !utf8.ValidString(rule) || strings.ContainsRune(rule, utf8.RuneError) {
		return fmt.Errorf("it has bytes that are no UTF-8, which a snapshot does not hold")
	}
	if len(rule) > longestRule {
		return fmt.Errorf("it has %d bytes, and at most %d are judged", len(rule), longestRule)
	}
	switch word := lower(rule); {
	case word == "allkeys", rule == "~*":
		s.allKeys, s.keys = i, nil
	case word == "resetkeys":
		s.allKeys, s.keys = -1, nil
	case word == "allchannels", rule == "&*":
		s.allChannels, s.channels, s.channelsSaid = i, nil, true
	case word == "resetchannels":
		s.allChannels, s.channels, s.channelsSaid = -1, nil, true
	case word == "alldbs":
		s.allDBs, s.dbs = true, nil
	case word == "resetdbs":
		s.allDBs, s.dbs = false, nil
	case strings.HasPrefix(word, "db="):
		return s.setDatabases(rule[len("db="):])
	case word == "allcommands", word == "+@all":
		s.resetCommands()
		for _, name := range s.table.names {
			s.granted[name] = i
		}
		s.future = i
	case word == "nocommands", word == "-@all":
		s.resetCommands()
		s.future = -1
	case strings.HasPrefix(rule, "~"), strings.HasPrefix(rule, "%"):
		return s.addKeys(rule, i)
	case strings.HasPrefix(rule, "&"):
		return s.addChannels(rule[1:], i)
	case strings.HasPrefix(rule, "+@"), strings.HasPrefix(rule, "-@"):
		return s.setCategory(word[2:], word[0] == '+', i)
	case strings.HasPrefix(rule, "+"), strings.HasPrefix(rule, "-"):
		return s.setCommand(word[1:], rule[1:], word[0] == '+', i)
	case rule == "":
	default:
		return fmt.Errorf("it is no rule of Redis 7.0 to 8.0 or Valkey 9.1")
	}
	return nil
}

func (s *selector) resetCommands() {
	clear(s.granted)
	clear(s.firstArgs)
	clear(s.argRule)
}

// addKeys takes ~PATTERN and %RW~PATTERN.
func (s *selector) addKeys(rule string, i int) error {
	if s.allKeys >= 0 {
		return fmt.Errorf("it follows a rule that allows all keys, and the server refuses it")
	}
	p := pattern{read: true, write: true, rules: []int{i}}
	permissions, text, ok := strings.Cut(rule, "~")
	if permissions != "" {
		p.read, p.write = false, false
		for _, c := range lower(permissions[1:]) {
			switch {
			case c == 'r' && !p.read:
				p.read = true
			case c == 'w' && !p.write:
				p.write = true
			default:
				ok = false
			}
		}
		ok = ok && (p.read || p.write)
	}
	if !ok {
		return fmt.Errorf("a permission is R, W or both, before a ~")
	}
	if err := checkPattern(text); err != nil {
		return err
	}
	for k := range s.keys {
		if known := &s.keys[k]; known.text == text {
			known.read, known.write = known.read || p.read, known.write || p.write
			known.rules = append(known.rules, i)
			return nil
		}
	}
	p.text, p.glob = text, compile(text)
	s.keys = append(s.keys, p)
	return nil
}

func (s *selector) addChannels(text string, i int) error {
	if s.allChannels >= 0 {
		return fmt.Errorf("it follows a rule that allows all channels, and the server refuses it")
	}
	if err := checkPattern(text); err != nil {
		return err
	}
	for k := range s.channels {
		if known := &s.channels[k]; known.text == text {
			known.rules = append(known.rules, i)
			return nil
		}
	}
	s.channels = append(s.channels, pattern{text: text, glob: compile(text), read: true, write: true, rules: []int{i}})
	return nil
}

func checkPattern(text string) error {
	switch {
	case strings.ContainsAny(text, " \t\n\v\f\r\x00"):
		return fmt.Errorf("a pattern has no blanks")
	case len(text) > longestPattern:
		return fmt.Errorf("its pattern has %d bytes, and at most %d are judged", len(text), longestPattern)
	default:
		return nil
	}
}

func (s *selector) setDatabases(list string) error {
	dbs := make(map[int]bool)
	for number := range strings.SplitSeq(list, ",") {
		db, err := strconv.ParseInt(number, 10, 32)
		if err != nil || db < 0 {
			return fmt.Errorf("a database is a number from 0 on")
		}
		dbs[int(db)] = true
	}
	s.allDBs, s.dbs = false, dbs
	return nil
}

// allChannelsMissing names what decides about channels, if the rules do not.
func (s *selector) allChannelsMissing() string {
	if s.channelsSaid || s.config["acl-pubsub-default"] == "resetchannels" {
		return ""
	}
	return "whether a user whose rules name no channel may use all of them: acl-pubsub-default of CONFIG GET"
}

// databases returns those that a selector is kept to, sorted.
func (s *selector) databases() []int { return slices.Sorted(maps.Keys(s.dbs)) }

// isBlank is isspace of the C locale, at which the server splits.
func isBlank(r rune) bool { return strings.ContainsRune(" \t\n\v\f\r", r) }

// lower is tolower of the C locale: it changes ASCII letters only, and no length.
func lower(s string) string {
	out := []byte(s)
	for i, b := range out {
		if 'A' <= b && b <= 'Z' {
			out[i] = b | 0x20
		}
	}
	return string(out)
}

func quote(s string) string { return strconv.QuoteToGraphic(s) }
