// SPDX-License-Identifier: Apache-2.0

package postgres

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// eventTrigger judges a function that is run whenever somebody makes or changes objects
// in a database: staging's own when production does, and one with the rights of its owner
// when staging does.
func (v *visit) eventTrigger(e EventTrigger) {
	f, ok := v.functions[e.Function.quoted()]
	if !ok {
		v.miss("the function of event trigger %s in database %s", shown(e.Name), shown(v.db.Name))
		return
	}
	ref := functionRef(v.db.Name, f.Signature)
	switch w := v.to[f.Owner]; {
	case w != nil && v.holds(v.db):
		v.owns(w, ref, f.Owner, "ALTER ROUTINE "+f.quoted()+" OWNER TO "+identifier(v.heir()))
	case w == nil && f.SecurityDefiner && v.powerful(f.Owner):
		event := bulkhead.Ref{Group: group, Kind: "EventTrigger", Namespace: v.db.Name, Name: shown(e.Name)}
		v.breach(RunsAsProduction, v.path([]bulkhead.Hop{
			{Object: event, Field: "function", Text: "is run when a role makes or changes objects"}, {Object: ref, Field: "securityDefiner", Text: "runs as " + f.Owner},
		}), bulkhead.Change{Object: ref, Field: "securityDefiner", Text: "ALTER ROUTINE " + f.quoted() + " SECURITY INVOKER"})
	}
}

// ofEvents says of a function that an event trigger runs it, so that nobody can call it.
func (v *visit) ofEvents(f Function) bool {
	return slices.ContainsFunc(v.db.Contents.EventTriggers, func(e EventTrigger) bool { return e.Function.quoted() == f.quoted() })
}
