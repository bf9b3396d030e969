// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// describeColumns gives the columns of a view their descriptions. That takes a call of
// its own: BigQuery makes the columns of a view from its query, and refuses an insert
// that has some (tables.insert: "Schema field shouldn't be used as input with a view").
// A column that the view turns out not to have is not described.
func (r *run) describeColumns(ctx context.Context, s dataclone.Step, made *bigquery.Table) (err error) {
	if len(s.View.ColumnDescriptions) == 0 {
		return nil
	}
	for range changes {
		if made.Schema == nil || !describe(made.Schema.Fields, "", s.View.ColumnDescriptions) {
			return nil
		}
		if err = r.patchTable(ctx, s.Destination, made.Etag, &bigquery.Table{Schema: made.Schema}); !isOutdated(err) {
			return err
		}
		if made, err = r.getTable(ctx, s.Destination); err != nil {
			return err
		}
	}
	return err
}

// describe writes descriptions into columns, by their paths, and reports whether one
// was another before.
func describe(fields []*bigquery.TableFieldSchema, prefix string, descriptions map[string]string) (changed bool) {
	for _, f := range fields {
		if f == nil {
			continue
		}
		path := prefix + f.Name
		if text, ok := descriptions[path]; ok && text != f.Description {
			f.Description, changed = text, true
		}
		changed = describe(f.Fields, path+".", descriptions) || changed
	}
	return changed
}
