// SPDX-License-Identifier: Apache-2.0

package mysql_test

import (
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/mysql"
)

func TestLint(t *testing.T) {
	always := []string{mysql.SharedLocks, mysql.ProductionPassword}
	for sentence, tt := range map[string]struct {
		edit func(*mysql.Snapshot)
		want []string // beside those of a tight server
		less string
	}{
		"a tight server":          {edit: func(*mysql.Snapshot) {}},
		"no limit":                {edit: func(s *mysql.Snapshot) { s.Accounts[1].MaxUserConnections = 0 }, want: []string{mysql.NoConnectionLimit}},
		"the limit of the server": {edit: func(s *mysql.Snapshot) { s.Accounts[1].MaxUserConnections, s.Server.MaxUserConnections = 0, 5 }},
		"no TLS":                  {edit: func(s *mysql.Snapshot) { s.Accounts[1].TLS = false }, want: []string{mysql.NoTLS}},
		"no TLS, with IAM":        {edit: func(s *mysql.Snapshot) { s.Accounts[1].TLS, s.Accounts[1].Login = false, mysql.Elsewhere }},
		"production with IAM":     {edit: func(s *mysql.Snapshot) { s.Accounts[0].Login = mysql.Elsewhere }, less: mysql.ProductionPassword},
		"an anonymous account of a narrower host": {edit: func(s *mysql.Snapshot) { s.Accounts = append(s.Accounts, account(mysql.Name{Host: "localhost"})) }, want: []string{mysql.Shadowed, mysql.Shadowed}},
		"an anonymous account of the same host":   {edit: func(s *mysql.Snapshot) { s.Accounts = append(s.Accounts, account(mysql.Name{Host: "%"})) }},
		"an open pattern":                         {edit: grant(on(name("stg"), "shop_stg", "SELECT")), want: []string{mysql.OpenPattern}},
		"an open pattern of a role": {edit: func(s *mysql.Snapshot) {
			s.Roles = append(s.Roles, mysql.Membership{Role: name("r"), Member: name("stg")})
			s.Grants = append(s.Grants, on(name("r"), "shop_stg%", "SELECT"))
		}, want: []string{mysql.OpenPattern}},
		"the same, where partial_revokes is on": {edit: func(s *mysql.Snapshot) {
			s.Server.PartialRevokes = true
			grant(on(name("stg"), "shop_stg", "SELECT"))(s)
		}},
		"names of all databases": {edit: grant(server(name("stg"), "SHOW DATABASES")), want: []string{mysql.SeesNames}},
		"PROXY that is not mapped": {edit: func(s *mysql.Snapshot) {
			s.Proxies = append(s.Proxies, mysql.Proxy{Account: name("stg"), Proxied: name("prod")})
		}, want: []string{mysql.DormantProxy}},
		"PROXY on somebody else": {edit: func(s *mysql.Snapshot) {
			s.Proxies = append(s.Proxies, mysql.Proxy{Account: name("stg"), Proxied: name("other")})
		}},
		"root without a password on the server": {edit: func(s *mysql.Snapshot) { s.Accounts[2].Login = mysql.NoPassword }, want: []string{mysql.OpenOnServer}},
		"a locked account of staging":           {edit: func(s *mysql.Snapshot) { s.Accounts[1].Locked, s.Accounts[1].MaxUserConnections = true, 0 }},
	} {
		t.Run(sentence, func(t *testing.T) {
			findings, err := with(tt.edit).Lint(question())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range findings {
				got = append(got, f.Rule)
				if f.Severity != bulkhead.Warning || f.Fix == "" || f.Object == (bulkhead.Ref{}) {
					t.Errorf("%+v", f)
				}
			}
			want := slices.DeleteFunc(slices.Concat(always, tt.want), func(rule string) bool { return rule == tt.less })
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("found %q, want %q", got, want)
			}
		})
	}
}
