// SPDX-License-Identifier: Apache-2.0

package postgres

import "slices"

// Reached returns the roles that a role comes to in a database: with USAGE those whose
// rights it has, with SET those that it may become.
func (s *Snapshot) Reached(role, database, how string) map[string]bool {
	w := worldOf(s, Boundary{})
	steps := walk{inherit: how == "USAGE", set: how == "SET"}
	out := make(map[string]bool)
	for to := range w.walk(role, w.databases[database].Owner, steps).to {
		out[to] = true
	}
	return out
}

// Has says whether a role has a privilege by grants and predefined roles, without SET
// ROLE, as the functions has_..._privilege do.
func (s *Snapshot) Has(role, database string, grants []Grant, privilege string, predefined ...string) bool {
	w := worldOf(s, Boundary{})
	if w.roles[role].Superuser {
		return true
	}
	has := s.Reached(role, database, "USAGE")
	return slices.ContainsFunc(predefined, func(p string) bool { return has[p] }) || slices.ContainsFunc(grants, func(g Grant) bool {
		return (g.Grantee == Public || has[g.Grantee]) && slices.Contains(g.Privileges, privilege)
	})
}

// Quoted and Literal are how names and texts stand in SQL.
func Quoted(name string) string  { return identifier(name) }
func Literal(text string) string { return literal(text) }

// SplitPath reads a search path.
func SplitPath(text string) ([]string, bool) { return splitPath(text) }

// ScramWith makes a verifier with a salt and returns its text.
func ScramWith(password string, salt []byte) (string, error) {
	v, err := scram(password, salt, iterations)
	if err != nil {
		return "", err
	}
	return *v.text, nil
}
