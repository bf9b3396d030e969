// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/mysql"
)

// That Allows says what servers do is in package live. These are hosts and answers that
// no server of a test has.
func TestAllows(t *testing.T) {
	from := func(address string) mysql.Client { return mysql.Client{Address: netip.MustParseAddr(address)} }
	inside := on(mysql.Name{User: "stg", Host: "10.0.0.0/255.0.0.0"}, `shop\_prod`, "SELECT")
	for sentence, tt := range map[string]struct {
		edit   func(*mysql.Snapshot)
		client mysql.Client
		role   *mysql.Name
		want   identity.Answer
	}{
		"a network with a mask":       {grant(inside), from("10.1.2.3"), nil, identity.Yes},
		"from outside of it":          {grant(inside), from("11.1.2.3"), nil, identity.No},
		"a network with its length":   {grant(on(mysql.Name{User: "stg", Host: "10.1.0.0/16"}, `shop\_prod`, "SELECT")), from("10.1.2.3"), nil, identity.Yes},
		"a mask with a hole":          {grant(on(mysql.Name{User: "stg", Host: "10.0.3.0/255.0.255.0"}, `shop\_prod`, "SELECT")), from("10.7.3.9"), nil, identity.Yes},
		"beside its hole":             {grant(on(mysql.Name{User: "stg", Host: "10.0.3.0/255.0.255.0"}, `shop\_prod`, "SELECT")), from("10.7.4.9"), nil, identity.No},
		"an address of IPv6":          {grant(on(mysql.Name{User: "stg", Host: "fd00::1"}, `shop\_prod`, "SELECT")), from("fd00::1"), nil, identity.Yes},
		"a name in another case":      {grant(on(mysql.Name{User: "stg", Host: "%.Example.com"}, `shop\_prod`, "SELECT")), mysql.Client{Host: "pod.example.COM"}, nil, identity.Yes},
		"a name, where none is known": {grant(on(mysql.Name{User: "stg", Host: "%.example.com"}, `shop\_prod`, "SELECT")), from("10.1.2.3"), nil, identity.No},
		"a narrower grant of less": {func(s *mysql.Snapshot) {
			s.Grants = append(s.Grants, inside, on(mysql.Name{User: "stg", Host: "10.1.2.3"}, `shop\_prod`, "INSERT"))
		}, from("10.1.2.3"), nil, identity.No},
		"two that are equally narrow": {func(s *mysql.Snapshot) {
			s.Grants = append(s.Grants, on(name("stg"), "shop_prod", "SELECT"), on(name("stg"), "shop%", "INSERT"))
		}, from("10.1.2.3"), nil, identity.Unknown},
		"a role that it does not have": {func(*mysql.Snapshot) {}, from("10.1.2.3"), &mysql.Name{User: "prod", Host: "%"}, identity.No},
		"a mandatory role":             {func(s *mysql.Snapshot) { s.Server.MandatoryRoles = []mysql.Name{name("prod")} }, from("10.1.2.3"), &mysql.Name{User: "prod", Host: "%"}, identity.Yes},
		"a name that nobody has":       {func(s *mysql.Snapshot) { s.Accounts = s.Accounts[:1] }, from("10.1.2.3"), nil, identity.No},
		"a list that was not read":     {func(s *mysql.Snapshot) { s.Roles = nil }, from("10.1.2.3"), nil, identity.Unknown},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := with(tt.edit).Allows(mysql.Question{User: "stg", Client: tt.client, Role: tt.role, Privilege: "SELECT", Database: "shop_prod", Level: mysql.OnTable, Object: "orders"})
			if err != nil || got != tt.want {
				t.Errorf("got %s, %v, want %s", got, err, tt.want)
			}
		})
	}
	_, err := (&mysql.Snapshot{}).Allows(mysql.Question{Privilege: "FILE"})
	if got, want := fields(err), []string{"snapshot.kind", "snapshot.server.product", "privilege", "database", "client"}; !slices.Equal(got, want) {
		t.Errorf("refused %q, want %q", got, want)
	}
	whole := mysql.Question{User: "stg", Client: from("10.1.2.3"), Privilege: "SELECT", Database: "shop_prod"}
	for name, tt := range map[string]struct {
		level  mysql.Level
		object string
	}{
		"a column without its name": {mysql.OnColumn, "orders"},
		"the server and a table":    {mysql.OnServer, "orders"},
		"a table without a name":    {mysql.OnTable, ""},
		"no level":                  {"", "orders"},
	} {
		q := whole
		q.Level, q.Object = tt.level, tt.object
		if _, err := tight().Allows(q); len(fields(err)) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
