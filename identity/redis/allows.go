// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"slices"
	"strconv"
	"strings"

	"github.com/watertight-go/watertight/identity"
)

// Allows says whether the rules let a user run a command with its arguments on a
// connection to a logical database: what ACL DRYRUN says (ACLCheckAllUserCommandPerm,
// Redis 7.0 to 8.0 and Valkey 9.1, src/acl.c). It says nothing of what a command asks
// for while it runs, as SORT does for BY and GET, and a script for each of its calls.
//
// The answer is Unknown, with what is missing, if users or commands were not read, the
// user or the command is not among them, the number of arguments is none that the
// command takes, or only the server can tell which arguments are keys.
func (s *Snapshot) Allows(user string, database int, command ...string) identity.Match {
	if s.Users == nil {
		return unknown("the users: ACL LIST")
	}
	if s.Commands == nil {
		return unknown("the commands: COMMAND")
	}
	at := slices.IndexFunc(s.Users, func(u User) bool { return u.Name == user })
	if at < 0 {
		return unknown("user " + quote(user) + ", which is not among the users")
	}
	t := newTable(s.Commands)
	c := t.lookup(command)
	if c == nil {
		return unknown("what the command " + quote(strings.Join(command[:min(1, len(command))], "")) + " is, which is not among the commands")
	}
	if n := len(command); c.Arity >= 0 && n != c.Arity || n < -c.Arity {
		return unknown("a call of " + c.Name + " that has the right number of arguments")
	}
	r := s.parse(s.Users[at], t)
	if len(r.lost) > 0 {
		return identity.Match{Missing: r.lost}
	}
	databases, known := s.databases()
	var out identity.Match
	for i, sel := range r.selectors {
		match := unknown(databasesMissing)
		if known || sel.allDBs {
			match = sel.allows(c, database, databases, command)
		}
		switch {
		case match.Answer == identity.Yes:
			return match
		case i == 0 || match.Answer == identity.Unknown:
			out = match
		}
	}
	return out
}

// lookup returns the command that a call is of.
func (t table) lookup(call []string) *Command {
	if len(call) == 0 {
		return nil
	}
	name := lower(call[0])
	if t.isContainer(name) {
		if len(call) < 2 {
			return t.byName[name]
		}
		name += "|" + lower(call[1])
	}
	return t.byName[name]
}

// allows answers for one selector.
func (s *selector) allows(c *Command, database, databases int, args []string) identity.Match {
	if no := s.deniesDatabase(c, database, databases, args); no != "" {
		return denied(no)
	}
	if _, ok := s.granted[c.Name]; !ok && !c.isWithoutLogin() {
		if len(args) < 2 || !slices.ContainsFunc(s.firstArgs[c.Name], func(a string) bool { return strings.EqualFold(a, args[1]) }) {
			return denied("no rule allows the command " + c.Name)
		}
	}
	if s.allKeys < 0 && c.hasKeys() {
		keys, ok := keysOf(c, args)
		if !ok {
			return unknown("which arguments of this call of " + c.Name + " are keys")
		}
		for _, k := range keys {
			if k.index >= len(args) {
				return unknown("which arguments of this call of " + c.Name + " are keys")
			}
			if match := s.allowsKey(args[k.index], k); match.Answer != identity.Yes {
				return match
			}
		}
	}
	return s.allowsChannels(c, args)
}

// allowsKey asks the patterns, each by itself: one that reads and one that writes do
// not make one that does both (ACLSelectorCheckKey).
func (s *selector) allowsKey(key string, k keyAt) identity.Match {
	out := denied("argument " + strconv.Itoa(k.index) + " is a key that no pattern matches with the permission that it needs")
	for _, p := range s.keys {
		switch {
		case k.read && !p.read, k.write && !p.write:
		case p.glob.unsure:
			out = unknown("whether " + p.text + " matches: the bounds of its class lie on both sides of 0x80")
		case p.glob.matches(key):
			return identity.Match{Answer: identity.Yes, Why: p.text + " matches"}
		}
	}
	return out
}

func (s *selector) allowsChannels(c *Command, args []string) identity.Match {
	use := channelsOf(c.Name)
	if s.allChannels >= 0 || !use.any() {
		return identity.Match{Answer: identity.Yes, Why: "rules allow " + c.Name}
	}
	if missing := s.allChannelsMissing(); missing != "" {
		return unknown(missing)
	}
	if s.config["acl-pubsub-default"] == "allchannels" && !s.channelsSaid {
		return identity.Match{Answer: identity.Yes, Why: "acl-pubsub-default allows all channels"}
	}
	end := len(args)
	if use.one {
		end = min(2, len(args))
	}
	if slices.ContainsFunc(s.channels, func(p pattern) bool { return p.glob.unsure && !use.pattern }) {
		return unknown("what a pattern of channels matches: the bounds of its class lie on both sides of 0x80")
	}
	for _, channel := range args[1:end] {
		ok := slices.ContainsFunc(s.channels, func(p pattern) bool {
			if use.pattern {
				return p.text == channel
			}
			return p.glob.matches(channel)
		})
		if !ok {
			return denied("no pattern allows one of the channels")
		}
	}
	return identity.Match{Answer: identity.Yes, Why: "a pattern allows the channels"}
}

// A channelUse is what a command does with channels (src/db.c, commands_with_channels).
type channelUse struct{ receive, send, pattern, one bool }

func (u channelUse) any() bool { return u.receive || u.send }

func channelsOf(command string) channelUse {
	switch command {
	case "subscribe", "ssubscribe":
		return channelUse{receive: true}
	case "psubscribe":
		return channelUse{receive: true, pattern: true}
	case "publish", "spublish":
		return channelUse{send: true, one: true}
	default:
		return channelUse{}
	}
}

func unknown(missing string) identity.Match { return identity.Match{Missing: []string{missing}} }
func denied(why string) identity.Match      { return identity.Match{Answer: identity.No, Why: why} }
