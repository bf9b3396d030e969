// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/export"
)

// Write writes the snapshot as JSON, for [ReadSnapshot]. Equal snapshots give equal
// bytes, whatever the order of their lists. Errors are those of the writer.
func (s *Snapshot) Write(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(s.Sorted())
}

// ReadSnapshot reads a snapshot that [Snapshot.Write] wrote, of at most 64 MB. Every key
// has to be there, no other, and none twice; a list that was not read is null. The name
// of the document stands in errors, which are [*identity.DocumentError] with the place
// of the first mistake; they repeat no value.
func ReadSnapshot(document string, r io.Reader) (*Snapshot, error) {
	values, err := export.Read(document, r)
	if err != nil {
		return nil, err
	}
	if len(values) == 0 {
		return nil, &identity.DocumentError{Document: document, Err: errors.New("an empty document")}
	}
	if len(values) != 1 {
		return nil, &identity.DocumentError{Document: document, Err: fmt.Errorf("%d documents, not one", len(values))}
	}
	d := decoder{}
	s := d.snapshot(values[0])
	if d.err != nil {
		return nil, d.err
	}
	return &s, nil
}

// A decoder keeps the first mistake, after which what it returns says nothing.
type decoder struct{ err error }

func (d *decoder) fail(v export.Value, format string, args ...any) {
	if d.err == nil {
		d.err = v.Fail(format, args...)
	}
}

func (d *decoder) snapshot(v export.Value) Snapshot {
	if has, err := v.Keys(); err == nil && slices.Contains(has, "kind") {
		d.kind(v.Get("kind")) // first: all else of another kind is wrong too
	}
	d.object(v, "kind", "server", "databases", "accounts", "grants", "roles", "proxies", "definers")
	out := Snapshot{
		Kind:      SnapshotKind,
		Server:    d.server(v.Get("server")),
		Databases: list(d, v.Get("databases"), d.text),
		Accounts:  list(d, v.Get("accounts"), d.account),
		Grants:    list(d, v.Get("grants"), d.grant),
		Roles:     list(d, v.Get("roles"), d.membership),
		Proxies:   list(d, v.Get("proxies"), d.proxy),
		Definers:  list(d, v.Get("definers"), d.definer),
	}
	seen := make(map[Name]bool)
	for i, a := range out.Accounts {
		if seen[a.Name] {
			d.fail(v.Get("accounts").Elements()[i], "is there twice")
		}
		seen[a.Name] = true
	}
	return out
}

func (d *decoder) kind(v export.Value) {
	if d.text(v) != SnapshotKind {
		d.fail(v, "want %q: no snapshot of MySQL or MariaDB, or one of another version", SnapshotKind)
	}
}

func (d *decoder) server(v export.Value) Server {
	d.object(v, "product", "version", "lowerCaseTableNames", "partialRevokes", "maxUserConnections", "mandatoryRoles", "proxyPlugins")
	return Server{
		Product:             d.choice(v.Get("product"), MySQL, MariaDB),
		Version:             d.text(v.Get("version")),
		LowerCaseTableNames: d.number(v.Get("lowerCaseTableNames"), 2),
		PartialRevokes:      d.flag(v.Get("partialRevokes")),
		MaxUserConnections:  d.number(v.Get("maxUserConnections"), math.MaxInt32),
		MandatoryRoles:      list(d, v.Get("mandatoryRoles"), d.name),
		ProxyPlugins:        list(d, v.Get("proxyPlugins"), d.text),
	}
}

func (d *decoder) account(v export.Value) Account {
	d.object(v, "user", "host", "role", "locked", "login", "plugins", "tls", "certificate", "maxUserConnections", "restrictions")
	return Account{
		Name:               Name{User: d.text(v.Get("user")), Host: d.text(v.Get("host"))},
		Role:               d.flag(v.Get("role")),
		Locked:             d.flag(v.Get("locked")),
		Login:              Login(d.choice(v.Get("login"), string(NoPassword), string(Password), string(Elsewhere))),
		Plugins:            list(d, v.Get("plugins"), d.text),
		TLS:                d.flag(v.Get("tls")),
		Certificate:        d.flag(v.Get("certificate")),
		MaxUserConnections: d.number(v.Get("maxUserConnections"), math.MaxInt32),
		Restrictions:       list(d, v.Get("restrictions"), d.restriction),
	}
}

func (d *decoder) restriction(v export.Value) Restriction {
	d.object(v, "database", "privileges")
	return Restriction{Database: d.text(v.Get("database")), Privileges: required(d, v.Get("privileges"), d.text)}
}

func (d *decoder) grant(v export.Value) Grant {
	d.object(v, "to", "level", "database", "object", "column", "privileges")
	return Grant{
		To: d.name(v.Get("to")),
		Level: Level(d.choice(v.Get("level"), string(OnServer), string(OnDatabase), string(OnTable), string(OnColumn),
			string(OnProcedure), string(OnFunction), string(OnPackage))),
		Database:   d.text(v.Get("database")),
		Object:     d.text(v.Get("object")),
		Column:     d.text(v.Get("column")),
		Privileges: required(d, v.Get("privileges"), d.text),
	}
}

func (d *decoder) membership(v export.Value) Membership {
	d.object(v, "role", "member", "admin")
	return Membership{Role: d.name(v.Get("role")), Member: d.name(v.Get("member")), Admin: d.flag(v.Get("admin"))}
}

func (d *decoder) proxy(v export.Value) Proxy {
	d.object(v, "account", "proxied")
	return Proxy{Account: d.name(v.Get("account")), Proxied: d.name(v.Get("proxied"))}
}

func (d *decoder) definer(v export.Value) Definer {
	d.object(v, "kind", "database", "object", "definer", "invoker", "table", "event", "databases")
	return Definer{
		Kind:     Kind(d.choice(v.Get("kind"), string(View), string(Procedure), string(Function), string(Trigger), string(Event), string(Package))),
		Database: d.text(v.Get("database")),
		Object:   d.text(v.Get("object")),
		Definer:  d.name(v.Get("definer")),
		Invoker:  d.flag(v.Get("invoker")),
		Table:    d.text(v.Get("table")),
		Event:    d.choice(v.Get("event"), "", "INSERT", "UPDATE", "DELETE"),
		// A text that was not read is null.
		Databases: list(d, v.Get("databases"), d.text),
	}
}

func (d *decoder) name(v export.Value) Name {
	d.object(v, "user", "host")
	return Name{User: d.text(v.Get("user")), Host: d.text(v.Get("host"))}
}

// object makes sure that an object has these keys and no other.
func (d *decoder) object(v export.Value, keys ...string) {
	has, err := v.Keys()
	if err != nil {
		d.fail(v, "no object")
		return
	}
	for _, key := range keys {
		if !slices.Contains(has, key) {
			d.fail(v.Get(key), "is missing")
		}
	}
	for _, key := range has {
		if !slices.Contains(keys, key) {
			d.fail(v.Get(key), "is no part of a snapshot")
		}
	}
}

// list reads a list, of which null is one that was not read.
func list[T any](d *decoder, v export.Value, read func(export.Value) T) []T {
	if !v.IsList() {
		if v.Elements() != nil {
			d.fail(v, "no list")
		}
		return nil
	}
	out := make([]T, 0, len(v.Elements()))
	for _, element := range v.Elements() {
		out = append(out, read(element))
	}
	return out
}

// required reads a list without which what it belongs to says nothing.
func required[T any](d *decoder, v export.Value, read func(export.Value) T) []T {
	out := list(d, v, read)
	if out == nil {
		d.fail(v, "no list")
	}
	return out
}

// longestText is more than the longest name of a server has, in bytes.
const longestText = 1 << 10

func (d *decoder) text(v export.Value) string {
	text, err := v.Text()
	if err != nil || v.Elements() == nil {
		d.fail(v, "no text")
	}
	if len(text) > longestText {
		d.fail(v, "more than %d bytes", longestText)
	}
	return text
}

func (d *decoder) choice(v export.Value, choices ...string) string {
	text := d.text(v)
	if !slices.Contains(choices, text) {
		d.fail(v, "none of %q", choices)
	}
	return text
}

func (d *decoder) flag(v export.Value) bool {
	flag, err := v.Bool()
	if err != nil || v.Elements() == nil {
		d.fail(v, "neither true nor false")
	}
	return flag
}

func (d *decoder) number(v export.Value, most int) int {
	_, isText := v.Text()
	texts, err := v.Texts()
	if isText == nil || err != nil || v.IsList() || len(texts) != 1 {
		d.fail(v, "no number")
		return 0
	}
	n, err := strconv.Atoi(texts[0])
	if err != nil || n < 0 || n > most {
		d.fail(v, "no number from 0 to %d", most)
	}
	return n
}
