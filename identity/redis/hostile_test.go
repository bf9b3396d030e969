// SPDX-License-Identifier: Apache-2.0

package redis_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/redis"
)

// TestPatternsThatCostTooMuchAreMissing is about a snapshot that wants hours. What was
// not looked at is said, and no proof.
func TestPatternsThatCostTooMuchAreMissing(t *testing.T) {
	s := with(t, redis8, "+@costly")
	for i := range 600 {
		c := redis.Command{Name: fmt.Sprint("x", i), Arity: -2, Categories: []string{"costly"}}
		for range 8 {
			c.Keys = append(c.Keys, redis.KeySpec{Index: 1, Flags: []string{"access"}, Range: &redis.KeyRange{KeyStep: 1}})
		}
		s.Commands = append(s.Commands, c)
	}
	for i := range 300 { // none of which reads, so that no breach ends the search
		s.Users[2].Rules = append(s.Users[2].Rules, fmt.Sprint("%W~prod:", i))
	}
	proof := prove(t, s, boundary())
	if proof.Verdict != bulkhead.Undetermined || !strings.Contains(strings.Join(proof.Missing, "\n"), "they are more, or longer") {
		t.Errorf("got %v, missing %q", proof.Verdict, proof.Missing)
	}
}

// TestAChainOfLoginsEnds is about passwords in common without end.
func TestAChainOfLoginsEnds(t *testing.T) {
	s := with(t, redis8, "~stg:*", "+get")
	last := "stg"
	for i := range 1000 {
		name := fmt.Sprint("u", i)
		s.Users = append(s.Users, redis.User{Name: name, Rules: []string{"on", "+ping"}, Password: true, SharesPassword: []string{last}})
		last = name
	}
	if proof := prove(t, s, boundary()); proof.Verdict != bulkhead.Undetermined || !strings.Contains(strings.Join(proof.Missing, "\n"), "logins in a row") {
		t.Errorf("got %v, missing %q", proof.Verdict, proof.Missing)
	}
}
