// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"encoding/json"
	"slices"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// createExternal makes an external table of its resource. What the resource says about
// its name, its labels and its end does not count.
func (r *run) createExternal(ctx context.Context, s dataclone.Step) (found bool, err error) {
	var given bigquery.Table
	if err := json.Unmarshal(s.Resource, &given); err != nil {
		return false, broken(PlanChanged, "the resource is no table: %w", err)
	}
	if given.ExternalDataConfiguration == nil {
		return false, broken(PlanChanged, "the resource is no external table")
	}
	if err := r.checkTarget(ctx, s.Target()); err != nil {
		return false, err
	}
	body := r.table(s)
	body.Description, body.Schema = given.Description, given.Schema
	body.ExternalDataConfiguration = given.ExternalDataConfiguration
	_, found, err = r.insert(ctx, s, body)
	return found, err
}

// createRoutine makes a routine of its resource. Its description begins with the mark.
func (r *run) createRoutine(ctx context.Context, s dataclone.Step) (found bool, err error) {
	body := new(bigquery.Routine)
	if err := json.Unmarshal(s.Resource, body); err != nil {
		return false, broken(PlanChanged, "the resource is no routine: %w", err)
	}
	if body.RemoteFunctionOptions != nil || body.SparkOptions != nil || body.PythonOptions != nil || body.ExternalRuntimeOptions != nil {
		return false, broken(PlanChanged, "the routine calls a service through a connection")
	}
	if err := r.checkTarget(ctx, s.Target()); err != nil {
		return false, err
	}
	to := s.Destination
	body.RoutineReference = &bigquery.RoutineReference{ProjectId: to.Project, DatasetId: to.Dataset, RoutineId: to.Table}
	body.Description = r.mark.Describe(body.Description)
	body.Etag, body.CreationTime, body.LastModifiedTime, body.BuildStatus = "", 0, 0, nil
	if _, err = r.insertRoutine(ctx, to, body); !isDuplicate(err) {
		return false, err
	}
	got, err := r.getRoutine(ctx, to)
	if err != nil {
		return false, err
	}
	if mark, _ := dataclone.MarkIn(got.Description); mark != r.mark || got.DefinitionBody != body.DefinitionBody {
		return false, broken(dataclone.DestinationExists, "%s is there and is not what the plan makes", to)
	}
	return true, nil
}

// setForeignKeys replaces the foreign keys of a table that an earlier step made.
func (r *run) setForeignKeys(ctx context.Context, s dataclone.Step) (found bool, err error) {
	if err := r.checkTarget(ctx, s.Target()); err != nil {
		return false, err
	}
	for range changes {
		var got *bigquery.Table
		if got, err = r.getTable(ctx, s.Destination); err != nil {
			return false, err
		}
		if mark, _ := dataclone.MarkOf(got.Labels); mark.Environment != r.mark.Environment {
			return false, broken(dataclone.NotOwned, "%s was made by somebody else", s.Destination)
		}
		if slices.EqualFunc(tableOf(s.Destination, got).ForeignKeys, s.ForeignKeys, sameKey) {
			return true, nil
		}
		constraints := &bigquery.TableConstraints{ForeignKeys: foreignKeys(s.ForeignKeys), ForceSendFields: []string{"ForeignKeys"}}
		if got.TableConstraints != nil {
			constraints.PrimaryKey = got.TableConstraints.PrimaryKey
		}
		if err = r.patchTable(ctx, s.Destination, got.Etag, &bigquery.Table{TableConstraints: constraints}); !isOutdated(err) {
			return false, err
		}
	}
	return false, err
}

func sameKey(a, b dataclone.ForeignKey) bool {
	return a.References == b.References && slices.Equal(a.Columns, b.Columns) && slices.Equal(a.ReferencedColumns, b.ReferencedColumns)
}

func foreignKeys(keys []dataclone.ForeignKey) []*bigquery.TableConstraintsForeignKeys {
	out := make([]*bigquery.TableConstraintsForeignKeys, 0, len(keys))
	for _, k := range keys {
		to := k.References
		key := &bigquery.TableConstraintsForeignKeys{
			Name:            k.Name,
			ReferencedTable: &bigquery.TableConstraintsForeignKeysReferencedTable{ProjectId: to.Project, DatasetId: to.Dataset, TableId: to.Table},
		}
		for i := range min(len(k.Columns), len(k.ReferencedColumns)) {
			key.ColumnReferences = append(key.ColumnReferences, &bigquery.TableConstraintsForeignKeysColumnReferences{
				ReferencingColumn: k.Columns[i], ReferencedColumn: k.ReferencedColumns[i],
			})
		}
		out = append(out, key)
	}
	return out
}
