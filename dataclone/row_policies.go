// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"errors"
	"fmt"

	"github.com/watertight-go/watertight/dataclone/viewsql"
)

// rowPolicies finds row access policies whose filters read other tables. They go with
// a clone as they are, so queries of the clone read production's tables, or fail
// ("Use row-level security with other BigQuery features", Copy jobs).
func (d *draft) rowPolicies() {
	for _, s := range d.steps {
		t := d.table(s.Source)
		if !s.copies() || t == nil || t.Policies == nil {
			continue // judge says that policies were not read
		}
		for _, policy := range t.Policies.Policies {
			d.rowPolicy(s, t, policy)
		}
	}
}

func (d *draft) rowPolicy(s Step, t *Table, policy RowPolicy) {
	field := fmt.Sprintf("rowAccessPolicies[%q].filterPredicate", abridged(policy.ID))
	const fix = "replace the policy of the clone by one that reads staging's tables"
	found, err := viewsql.References("SELECT ("+policy.Filter+"\n)", t.Ref.Project)
	if err != nil {
		var refused *viewsql.RefusedError
		line, why := 0, "its project is no name"
		if errors.As(err, &refused) && len(refused.Notices) > 0 {
			line, why = refused.Notices[0].Line, refused.Notices[0].Detail
		}
		d.warn(RLSPredicateProd, t.Ref.object(), field, fix, "goes to %s as it is, and what it reads cannot be told: line %d: %s", s.Destination, line, why)
		return
	}
	for _, ref := range found {
		if ref.Dataset == "" || ref.Project == publicProject || ref.Kind == viewsql.Array {
			continue
		}
		d.warn(RLSPredicateProd, t.Ref.object(), field, fix,
			"goes to %s as it is, and reads %s in line %d", s.Destination, abridged(ref.Text), ref.Line)
	}
}
