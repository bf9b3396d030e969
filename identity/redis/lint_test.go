// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"testing"

	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/identity/redis"
)

func TestWhatWeakens(t *testing.T) {
	for name, tt := range map[string]struct {
		rules []string
		edit  func(*redis.Snapshot, *redis.Boundary)
		want  []string // beside the noisy neighbour
	}{
		"a confined user":               {rules: []string{"~stg:*", "+get"}},
		"counting keys":                 {rules: []string{"+dbsize", "+info"}, want: []string{redis.ShowsMetadata + " rules[1]"}},
		"RESTORE":                       {rules: []string{"+restore"}, want: []string{redis.LoadsPayloads + " rules[1]"}},
		"a pattern on neither side":     {rules: []string{"+get", "~st*"}, want: []string{redis.OutsidePrefix + " rules[2]"}},
		"the same for channels":         {rules: []string{"&st*"}, want: []string{redis.OutsidePrefix + " rules[1]"}},
		"events of its own keys":        {rules: []string{"&__keyspace@0__:stg:*"}},
		"the rest is production's":      {rules: []string{"~st*"}, edit: func(_ *redis.Snapshot, b *redis.Boundary) { b.Rest = true }},
		"no password":                   {rules: []string{"nopass"}, want: []string{redis.NoPassword + " rules[1]"}},
		"what comes later":              {rules: []string{"+@all", "-@all", "+get"}},
		"what comes later is allowed":   {rules: []string{"+@all", "-@slow", "-@fast", "-@admin"}, want: []string{redis.FutureCommands + " rules[1]"}},
		"in a selector":                 {rules: []string{"(~st* +dbsize)"}, want: []string{redis.OutsidePrefix + " rules[1]", redis.ShowsMetadata + " rules[1]"}},
		"default with a password":       {edit: defaultUser("on", "~*", "+@all"), want: []string{redis.DefaultUser}},
		"default without":               {edit: defaultUser("on", "nopass"), want: []string{redis.DefaultUser + " rules[1]"}},
		"a rule that is not understood": {rules: []string{"+dbsize", "?"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, b := with(t, redis8, tt.rules...), boundary()
			if tt.edit != nil {
				tt.edit(s, &b)
			}
			findings, err := s.Lint(b)
			if err != nil {
				t.Fatal(err)
			}
			bulkheadtest.WantFindings(t, findings, append(tt.want, redis.NoisyNeighbour)...)
		})
	}
}

func defaultUser(rules ...string) func(*redis.Snapshot, *redis.Boundary) {
	return func(s *redis.Snapshot, _ *redis.Boundary) { s.Users[0].Rules = rules }
}
