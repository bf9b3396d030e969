// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/mysql"
)

func names() *rapid.Generator[mysql.Name] {
	return rapid.Custom(func(t *rapid.T) mysql.Name {
		return mysql.Name{User: rapid.SampledFrom([]string{"stg", "prod", "r1", "r2", "PUBLIC", ""}).Draw(t, "user"), Host: rapid.SampledFrom([]string{"%", "10.%", "10.0.0.1", "localhost", ""}).Draw(t, "host")}
	})
}

func grants() *rapid.Generator[mysql.Grant] {
	return rapid.Custom(func(t *rapid.T) mysql.Grant {
		g := mysql.Grant{
			To:         names().Draw(t, "to"),
			Level:      rapid.SampledFrom([]mysql.Level{mysql.OnServer, mysql.OnDatabase, mysql.OnDatabase, mysql.OnTable, mysql.OnColumn, mysql.OnProcedure}).Draw(t, "level"),
			Privileges: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"SELECT", "INSERT", "EXECUTE", "FILE", "PROCESS", "NEW"}), 1, 3, rapid.ID).Draw(t, "privileges"),
		}
		if g.Level != mysql.OnServer {
			g.Database = rapid.SampledFrom([]string{"shop_prod", `shop\_prod`, `shop\_stg`, "shop%", "%d", "%", "mysql", "SHOP_PROD"}).Draw(t, "database")
			g.Privileges = slices.DeleteFunc(g.Privileges, func(p string) bool { return p == "FILE" || p == "PROCESS" || p == "NEW" })
			if len(g.Privileges) == 0 {
				g.Privileges = []string{"SELECT"}
			}
		}
		if g.Level == mysql.OnTable || g.Level == mysql.OnColumn || g.Level == mysql.OnProcedure {
			g.Object = rapid.SampledFrom([]string{"t", "u", "p"}).Draw(t, "object")
		}
		return g
	})
}

func snapshots() *rapid.Generator[*mysql.Snapshot] {
	return rapid.Custom(func(t *rapid.T) *mysql.Snapshot {
		s := tight()
		s.Server.Product = rapid.SampledFrom([]string{mysql.MySQL, mysql.MariaDB}).Draw(t, "product")
		s.Server.PartialRevokes = s.Server.Product == mysql.MySQL && rapid.Bool().Draw(t, "partial revokes")
		s.Server.LowerCaseTableNames = rapid.IntRange(0, 1).Draw(t, "lower case")
		seen := map[mysql.Name]bool{name("stg"): true, name("prod"): true}
		for _, n := range rapid.SliceOfN(names(), 0, 4).Draw(t, "accounts") {
			if !seen[n] {
				seen[n] = true
				a := account(n)
				a.Role = n.Host == "" && s.Server.Product == mysql.MariaDB
				a.Login = rapid.SampledFrom([]mysql.Login{mysql.Password, mysql.Password, mysql.NoPassword, mysql.Elsewhere}).Draw(t, "login")
				s.Accounts = append(s.Accounts, a)
			}
		}
		s.Grants = append(s.Grants, rapid.SliceOfN(grants(), 0, 4).Draw(t, "grants")...)
		for range rapid.IntRange(0, 3).Draw(t, "roles") {
			s.Roles = append(s.Roles, mysql.Membership{Role: names().Draw(t, "role"), Member: names().Draw(t, "member")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "definers") {
			d := mysql.Definer{
				Kind:     rapid.SampledFrom([]mysql.Kind{mysql.View, mysql.Procedure, mysql.Trigger, mysql.Event}).Draw(t, "kind"),
				Database: rapid.SampledFrom([]string{"shop_stg", "shop_prod"}).Draw(t, "in"), Object: rapid.SampledFrom([]string{"t", "p"}).Draw(t, "object"),
				Table: "t", Event: "INSERT", Definer: names().Draw(t, "definer"),
			}
			if rapid.Bool().Draw(t, "read") {
				d.Databases = rapid.SampledFrom([][]string{{}, {"shop_prod"}, {"shop_stg"}}).Draw(t, "names")
			}
			s.Definers = append(s.Definers, d)
		}
		return s
	})
}

func verdict(t *rapid.T, s *mysql.Snapshot) bulkhead.Proof {
	proof, err := s.NoAccess(question())
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// A grant more never seals what was breached.
func TestMoreGrantsNeverSeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		before := verdict(t, s)
		s.Grants = append(s.Grants, grants().Draw(t, "one more"))
		if after := verdict(t, s); before.Verdict == bulkhead.Breached && after.Verdict != bulkhead.Breached {
			t.Fatalf("%+v became %+v", before, after)
		}
	})
}

// Less evidence never seals.
func TestLessEvidenceNeverSeals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		switch rapid.IntRange(0, 6).Draw(t, "list") {
		case 0:
			s.Databases = nil
		case 1:
			s.Accounts = nil
		case 2:
			s.Grants = nil
		case 3:
			s.Roles = nil
		case 4:
			s.Proxies = nil
		case 5:
			s.Definers = nil
		default:
			if len(s.Definers) == 0 {
				return
			}
			before := verdict(t, s)
			s.Definers[0].Databases = nil
			if after := verdict(t, s); before.Verdict != bulkhead.Sealed && after.Verdict == bulkhead.Sealed {
				t.Fatalf("%+v became %+v", before, after)
			}
			return
		}
		if after := verdict(t, s); after.Verdict == bulkhead.Sealed {
			t.Fatalf("%+v without a list", after)
		}
	})
}

// Order is of no account.
func TestOrderIsOfNoAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := snapshots().Draw(t, "snapshot")
		first := verdict(t, s)
		findings, err := s.Lint(question())
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		shuffle(random, s.Accounts)
		shuffle(random, s.Grants)
		shuffle(random, s.Roles)
		shuffle(random, s.Definers)
		shuffle(random, s.Databases)
		if diff := cmp.Diff(first, verdict(t, s)); diff != "" {
			t.Fatal(diff)
		}
		again, err := s.Lint(question())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(findings, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

func shuffle[T any](random *rand.Rand, list []T) {
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}
