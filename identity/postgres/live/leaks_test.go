// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/postgres"
)

// A leak is what opens a server that a recipe has closed. It is planted in database
// shared, and in_app is staging.
type leak struct {
	since, before int      // versions that it is for; 0 is any
	plant         []string // as a superuser
	// attack is what staging can do then, and cannot when the changes are made. It is
	// run in database shared, or in that before a colon.
	attack    string
	superuser bool // reads the snapshot, since nobody else sees what is planted
	// want are the rules of the breaches, or, if there is none, found is that of a finding.
	want  []string
	found string
	// neighbour is what looks alike and is no leak: it is there all the time, and neither
	// found nor in the way.
	neighbour []string
	keeps     string   // a query of what the changes leave alone
	clean     []string // takes away what plant and neighbour leave
}

func (s server) leaks(t *testing.T) {
	s.apply(t, bulkhead.Must(s.snapshot(t).SeparateSchema(within())))
	// Only this database matters here, so nothing else is read.
	s.do(t, "postgres", "CREATE ROLE reader LOGIN PASSWORD '"+password+"'", "GRANT CONNECT ON DATABASE shared TO reader")
	version := s.snapshot(t).Version
	before := written(t, s.snapshot(t))
	defer func() {
		if after := written(t, s.snapshot(t)); after != before {
			t.Errorf("left behind (-before +after):\n%s", cmp.Diff(before, after))
		}
	}()
	all := leaksOfRoles()
	maps.Copy(all, leaksOfCode())
	maps.Copy(all, leaksOfData())
	for i, name := range slices.Sorted(maps.Keys(all)) {
		l := all[name]
		if testing.Short() && i%6 > 0 {
			continue
		}
		if version < l.since || l.before != 0 && version >= l.before {
			continue
		}
		t.Run(name, func(t *testing.T) { s.leak(t, l) })
	}
}

func (s server) leak(t *testing.T, l leak) {
	defer s.do(t, "shared", l.clean...)
	s.do(t, "shared", l.neighbour...)
	s.do(t, "shared", l.plant...)
	if l.attack != "" && s.attack(t, l) != "" {
		t.Errorf("the attack fails with %s, so there is no leak", s.attack(t, l))
	}
	role := "reader"
	if l.superuser {
		role = "postgres"
	}
	proof := s.found(t, role)
	got := rulesOf(proof)
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, l.want) {
		t.Errorf("found %s, want %v", describe(proof), l.want)
	}
	if l.found != "" {
		s.mend(t, proof, l.found, role)
		return
	}
	for round := 0; len(proof.Breaches) > 0 && round < 9; round++ {
		for _, b := range proof.Breaches {
			if len(b.Path) == 0 || b.Change.Object == (bulkhead.Ref{}) || b.Change.Field == "" {
				t.Errorf("%s: without a path or a change", b.Rule)
			}
			s.change(t, b.Change)
		}
		proof = s.found(t, role)
	}
	if proof.Verdict != bulkhead.Sealed {
		t.Errorf("the changes leave %s", describe(proof))
	}
	if l.keeps != "" {
		var kept bool
		if err := s.conn(t, "postgres", "shared").QueryRow(t.Context(), l.keeps).Scan(&kept); err != nil || !kept {
			t.Errorf("the changes took what is not staging's: %v", err)
		}
	}
	if l.attack != "" && s.attack(t, l) == "" {
		t.Error("the attack still works")
	}
}

// found is the proof about in_app.
func (s server) found(t *testing.T, role string) postgres.Proof {
	t.Helper()
	return prove(t, s.read(t, role, "shared"), boundary("in_app"))
}

func (s server) attack(t *testing.T, l leak) string {
	if database, text, elsewhere := strings.Cut(l.attack, ": "); elsewhere {
		return s.try(t, "in_app", database, text)
	}
	conn := s.conn(t, "in_app", "shared")
	_, err := conn.Exec(t.Context(), l.attack, pgx.QueryExecModeSimpleProtocol)
	if _, err := conn.Exec(t.Context(), "RESET ROLE"); err != nil {
		t.Fatal(err)
	}
	return code(t, l.attack, err)
}

// change runs the statement of a change in the database that it is about.
func (s server) change(t *testing.T, c bulkhead.Change) {
	database := c.Object.Namespace
	if database == "" {
		database = "postgres"
	}
	s.do(t, database, c.Text)
	if strings.HasPrefix(c.Text, "ALTER SYSTEM") {
		s.do(t, "postgres", "SELECT pg_reload_conf()", "SELECT pg_sleep(0.2)")
	}
}

// mend runs the fix of a finding, after which it is gone.
func (s server) mend(t *testing.T, proof postgres.Proof, rule, role string) {
	for _, f := range proof.Findings {
		if f.Rule == rule {
			database := f.Object.Namespace
			if database == "" {
				database = "postgres"
			}
			s.do(t, database, f.Fix)
		}
	}
	if !has(proof, rule) {
		t.Errorf("no %s in %s", rule, describe(proof))
	}
	if again := s.found(t, role); has(again, rule) {
		t.Errorf("the fix leaves %s", describe(again))
	}
}

func has(proof postgres.Proof, rule string) bool {
	return slices.ContainsFunc(proof.Findings, func(f bulkhead.Finding) bool { return f.Rule == rule })
}
