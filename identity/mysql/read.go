// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/strict"
)

// Write writes the snapshot as JSON, for [ReadSnapshot]. Equal snapshots give equal
// bytes, whatever the order of their lists. Errors are those of the writer.
func (s *Snapshot) Write(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(s.Sorted())
}

// ReadSnapshot reads a snapshot that [Snapshot.Write] wrote, of at most 64 MiB. Every
// key has to be there, no other, and none twice; a list that was not read is null. The
// name of the document stands in errors, which are [*identity.DocumentError] with the
// place of the first mistake; they repeat no value.
func ReadSnapshot(document string, r io.Reader) (*Snapshot, error) {
	var s Snapshot
	err := strict.Decode(r, &s)
	at := ""
	if wrong, ok := errors.AsType[*strict.Error](err); ok {
		at, err = wrong.Place, wrong.Err
	}
	if s.Kind != SnapshotKind && (err == nil || s.Kind != "") { // first: all else of another kind is wrong too
		at, err = "kind", fmt.Errorf("want %q: no snapshot of MySQL or MariaDB, or one of another version", SnapshotKind)
	}
	if err == nil {
		at, err = s.check()
	}
	if err != nil {
		return nil, &identity.DocumentError{Document: document, Place: at, Err: err}
	}
	return &s, nil
}

// A checker keeps the first mistake of a snapshot: a value that no server has.
type checker struct {
	place string
	err   error
}

func (c *checker) fail(at, format string, args ...any) {
	if c.err == nil {
		c.place, c.err = at, fmt.Errorf(format, args...)
	}
}

func (s *Snapshot) check() (string, error) {
	c := new(checker)
	c.server(s.Server)
	c.texts("databases", s.Databases)
	seen := make(map[Name]bool)
	for i, a := range s.Accounts {
		at := fmt.Sprintf("accounts[%d]", i)
		if seen[a.Name] {
			c.fail(at, "is there twice")
		}
		seen[a.Name] = true
		c.account(at, a)
	}
	for i, g := range s.Grants {
		c.grant(fmt.Sprintf("grants[%d]", i), g)
	}
	for i, m := range s.Roles {
		at := fmt.Sprintf("roles[%d]", i)
		c.name(at+".role", m.Role)
		c.name(at+".member", m.Member)
	}
	for i, p := range s.Proxies {
		at := fmt.Sprintf("proxies[%d]", i)
		c.name(at+".account", p.Account)
		c.name(at+".proxied", p.Proxied)
	}
	for i, d := range s.Definers {
		c.definer(fmt.Sprintf("definers[%d]", i), d)
	}
	return c.place, c.err
}

func (c *checker) server(s Server) {
	choice(c, "server.product", s.Product, MySQL, MariaDB)
	c.text("server.version", s.Version)
	c.number("server.lowerCaseTableNames", s.LowerCaseTableNames, 2)
	c.number("server.maxUserConnections", s.MaxUserConnections, math.MaxInt32)
	for i, n := range s.MandatoryRoles {
		c.name(fmt.Sprintf("server.mandatoryRoles[%d]", i), n)
	}
	c.texts("server.proxyPlugins", s.ProxyPlugins)
}

func (c *checker) account(at string, a Account) {
	c.text(at+".user", a.User)
	c.text(at+".host", a.Host)
	choice(c, at+".login", a.Login, NoPassword, Password, Elsewhere)
	c.texts(at+".plugins", a.Plugins)
	c.number(at+".maxUserConnections", a.MaxUserConnections, math.MaxInt32)
	for i, r := range a.Restrictions {
		at := fmt.Sprintf("%s.restrictions[%d]", at, i)
		c.text(at+".database", r.Database)
		c.privileges(at+".privileges", r.Privileges)
	}
}

func (c *checker) grant(at string, g Grant) {
	c.name(at+".to", g.To)
	choice(c, at+".level", g.Level, OnServer, OnDatabase, OnTable, OnColumn, OnProcedure, OnFunction, OnPackage)
	c.text(at+".database", g.Database)
	c.text(at+".object", g.Object)
	c.text(at+".column", g.Column)
	c.privileges(at+".privileges", g.Privileges)
}

func (c *checker) definer(at string, d Definer) {
	choice(c, at+".kind", d.Kind, View, Procedure, Function, Trigger, Event, Package)
	c.text(at+".database", d.Database)
	c.text(at+".object", d.Object)
	c.name(at+".definer", d.Definer)
	c.text(at+".table", d.Table)
	choice(c, at+".event", d.Event, "", "INSERT", "UPDATE", "DELETE")
	c.texts(at+".databases", d.Databases)
}

func (c *checker) name(at string, n Name) {
	c.text(at+".user", n.User)
	c.text(at+".host", n.Host)
}

// longestText is more than the longest name of a server has, in bytes.
const longestText = 1 << 10

func (c *checker) text(at, text string) {
	if len(text) > longestText {
		c.fail(at, "more than %d bytes", longestText)
	}
}

func (c *checker) texts(at string, texts []string) {
	for i, text := range texts {
		c.text(fmt.Sprintf("%s[%d]", at, i), text)
	}
}

// privileges refuses those that are null: what they belong to says nothing without.
func (c *checker) privileges(at string, privileges []string) {
	if privileges == nil {
		c.fail(at, "is null")
	}
	c.texts(at, privileges)
}

func (c *checker) number(at string, n, most int) {
	if n < 0 || n > most {
		c.fail(at, "no number from 0 to %d", most)
	}
}

func choice[T ~string](c *checker, at string, got T, choices ...T) {
	if !slices.Contains(choices, got) {
		c.fail(at, "none of %q", choices)
	}
}
