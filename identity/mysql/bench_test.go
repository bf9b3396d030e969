// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"fmt"
	"testing"

	"github.com/watertight-go/watertight/identity/mysql"
)

// BenchmarkNoAccess proves a server with many accounts, roles, grants and routines.
func BenchmarkNoAccess(b *testing.B) {
	s := tight()
	for i := range 10_000 {
		n := name(fmt.Sprintf("u%d", i))
		s.Accounts = append(s.Accounts, account(n))
		s.Grants = append(s.Grants, on(n, fmt.Sprintf(`db\_%d`, i), "SELECT"))
		s.Definers = append(s.Definers, mysql.Definer{Kind: mysql.Procedure, Database: "shop_stg", Object: n.User, Definer: n, Databases: []string{"shop_stg"}})
		if i < 1000 {
			s.Roles = append(s.Roles, mysql.Membership{Role: n, Member: name("stg")})
		}
	}
	s.Grants = append(s.Grants, on(name("stg"), `shop\_stg`, "EXECUTE"))
	for b.Loop() {
		if _, err := s.NoAccess(question()); err != nil {
			b.Fatal(err)
		}
	}
}
