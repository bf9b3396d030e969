// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// Confine returns the recipe of a user for staging that can read and change the keys,
// and use the channels, below a prefix, and nothing else: no other key or channel, and no
// command that lists, deletes, watches, stops or changes what is not its own.
//
// The prefix is literal and ends in a colon, such as "staging:". The password goes into
// the recipe as its SHA-256 only, which is shown nowhere; the server keeps it in that
// form, without a salt, so let it be long and random (ACL GENPASS makes one).
//
// The rules begin with nothing, add what applications use, and take away again each
// command of this server that does more, or of which nothing is known: so they are made
// for the server of the snapshot, its version and its modules. In a cluster, apply them
// to each node.
//
// Users that are there are not touched. That the user default is open is in
// [Recipe.Open]: production may be using it. See [Snapshot.CloseDefault].
//
// An error is a [*bulkhead.InvalidError]: the user is default, or is there with other
// rules; the name or the prefix is malformed; the password is empty; or users or
// commands were not read.
func (s *Snapshot) Confine(user, prefix, password string) (Recipe, error) {
	errs := s.judgeRead()
	if wrong := wrongName(user); wrong != "" {
		errs = append(errs, field.Invalid(field.NewPath("user"), user, wrong))
	}
	if user == defaultUser {
		errs = append(errs, field.Forbidden(field.NewPath("user"), "production may be using the user default"))
	}
	if wrong := wrongPrefix(prefix); wrong != "" {
		errs = append(errs, field.Invalid(field.NewPath("prefix"), prefix, wrong))
	}
	if password == "" {
		errs = append(errs, field.Required(field.NewPath("password"), "no password"))
	}
	if len(errs) > 0 {
		return Recipe{}, invalidUser(user, errs)
	}
	made := User{Name: user, Rules: s.confinedRules(prefix), Password: true}
	for _, there := range s.Users {
		if there.Name == user && !s.sameRights(there, made) {
			errs = append(errs, field.Forbidden(field.NewPath("user"), "is there with other rules, made by somebody else or for another server; take another name, or ACL DELUSER it"))
		}
	}
	if len(errs) > 0 {
		return Recipe{}, invalidUser(user, errs)
	}
	sum := sha256.Sum256([]byte(password))
	hash := hex.EncodeToString(sum[:])
	return Recipe{
		Statements: []Statement{{
			Args:    slices.Concat([]string{"ACL", "SETUSER", user, "reset", Placeholder}, made.Rules),
			Changes: "makes the user " + quote(user) + ", which can use keys and channels below " + quote(prefix) + " and nothing else",
			Undo:    []string{"ACL", "DELUSER", user},
			secret:  &hash,
			user:    user,
			done:    func(now *Snapshot) bool { return now.hasUser(made) },
			foreign: func(now *Snapshot) string { return now.otherUser(made) },
		}},
		Open: s.openBeside(made, prefix),
	}, nil
}

func invalidUser(user string, errs field.ErrorList) error {
	return &bulkhead.InvalidError{Object: userRef(user), Errs: errs}
}

// judgeRead says what of the snapshot a recipe needs and was not read.
func (s *Snapshot) judgeRead() field.ErrorList {
	var errs field.ErrorList
	if s.Users == nil {
		errs = append(errs, field.Required(field.NewPath("snapshot", "users"), "they were not read"))
	}
	if len(s.Commands) == 0 {
		errs = append(errs, field.Required(field.NewPath("snapshot", "commands"), "they were not read"))
	}
	return errs
}

// confinedRules returns the rules of a confined user, without its password.
func (s *Snapshot) confinedRules(prefix string) []string {
	t := newTable(s.Commands)
	rules := []string{
		"on", "~" + prefix + "*", "resetchannels", "&" + prefix + "*", "-@all",
		"+@read", "+@write", "+@transaction", "+@connection",
	}
	for _, name := range s.addedCommands() {
		if t.byName[name] != nil {
			rules = append(rules, "+"+name)
		}
	}
	rules = append(rules, "-@dangerous", "-@admin")
	sel := newSelector(t, s.Config, -1, rules)
	for i, rule := range rules[1:] { // all but on, which is the user's
		// They are well formed, and name only commands that are there.
		_ = sel.set(rule, i)
	}
	for _, c := range sel.leaves() {
		e, known := effectOf(c)
		harmless := known && e.rule == "" && !s.isWithheld(c.Name)
		if !harmless && !c.isWithoutLogin() && !slices.Contains(clusterCommands(s.Cluster), c.Name) {
			rules = append(rules, "-"+c.Name)
		}
	}
	return rules
}

// addedCommands are in none of the categories that the rules add.
func (s *Snapshot) addedCommands() []string {
	return append([]string{
		"subscribe", "unsubscribe", "psubscribe", "punsubscribe", "publish", "ssubscribe", "sunsubscribe", "spublish",
		"eval", "evalsha", "eval_ro", "evalsha_ro", "script|load", "script|exists",
	}, clusterCommands(s.Cluster)...)
}

// clusterCommands are those that a client of a cluster finds its nodes with.
func clusterCommands(cluster bool) []string {
	if !cluster {
		return nil
	}
	return []string{"asking", "cluster|keyslot", "cluster|myid", "cluster|nodes", "cluster|shards", "cluster|slots", "readonly", "readwrite"}
}

// isWithheld lists commands that harm nobody and that an application has no use for
// where its keys are in one database.
func (s *Snapshot) isWithheld(name string) bool {
	switch name {
	case "client|caching", "client|reply", "move", "select":
		return true
	case "asking", "readonly", "readwrite":
		return !s.Cluster
	default:
		return false
	}
}

// openBeside says what stays open once the user is there.
func (s *Snapshot) openBeside(made User, prefix string) []string {
	with := *s
	with.Users = append(slices.DeleteFunc(slices.Clone(s.Users), func(u User) bool { return u.Name == made.Name }), made)
	w := with.walk(Boundary{From: Side{Users: []string{made.Name}, Prefixes: []string{prefix}}, Rest: true})
	var open []string
	for _, a := range w.actors() {
		if crossings := w.crossings(a.user); len(a.path) > 0 && len(crossings) > 0 {
			open = append(open, "user "+quote(a.user.Name)+" needs no password, and "+quote(made.Name)+" can log in as it; "+a.change.Text)
		}
	}
	open = append(open, "the user is gone when the server starts again, unless ACL SAVE writes the users to aclfile, or redis.conf has the line of ACL LIST",
		"memory, evictions and the one thread stay shared; see Lint")
	return open
}
