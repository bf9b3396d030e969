// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

const (
	// AltersServer is a setting that staging changes for the whole server.
	AltersServer = "postgres/alters-server"
	// SetsParameter is a setting of a superuser that staging changes for itself.
	SetsParameter = "postgres/sets-parameter"
)

// parameters judges who may set what only a superuser may at first (PostgreSQL 15 and
// later, GRANT ON PARAMETER). What is set for the server runs commands as the server, such
// as archive_command, or opens it to all.
func (p *party) parameters() {
	for _, parameter := range p.Parameters {
		ref := bulkhead.Ref{Group: group, Kind: "Parameter", Name: parameter.Name}
		p.unknown(ref, parameter.Grants)
		owner := ""
		if i := slices.IndexFunc(parameter.Grants, func(g Grant) bool { return g.Grantee == g.Grantor }); i >= 0 {
			owner = parameter.Grants[i].Grantee
		}
		for _, s := range p.sources(parameter.Grants, owner, "SET", "ALTER SYSTEM") {
			change := p.revoke(s, ref, parameterTarget(parameter.Name), parameter.Grants, owner)
			if slices.Contains(s.privileges, "ALTER SYSTEM") {
				p.breach(AltersServer, s.hops(ref), change)
			} else if parameter.Name == largeObjectCompat {
				p.breach(LargeObjectsUnchecked, s.hops(ref), change)
			} else {
				p.warn(SetsParameter, ref, change.Field, change.Text, "%s may set %s, which is kept for superusers", p.from, parameter.Name)
			}
		}
	}
}

func parameterTarget(name string) target {
	return target{
		sql: "PARAMETER " + strings.ReplaceAll(identifier(name), ".", `"."`),
		acl: "SELECT x.paracl FROM pg_parameter_acl x WHERE x.parname = " + literal(name),
	}
}
