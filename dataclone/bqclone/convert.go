// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"encoding/json"
	"strings"
	"time"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// tableOf makes of the REST resource what a plan has to know. The name is the one that
// was asked for. Whatever a resource lacks is zero.
func tableOf(ref dataclone.TableRef, r *bigquery.Table) dataclone.Table {
	t := dataclone.Table{
		Ref:          ref,
		Type:         dataclone.TableType(r.Type),
		ETag:         r.Etag,
		Created:      millis(r.CreationTime),
		Modified:     millis(int64(r.LastModifiedTime)),
		Expires:      millis(r.ExpirationTime),
		Labels:       r.Labels,
		Description:  r.Description,
		Partitioning: partitioningOf(r),
		Rows:         int64(r.NumRows),
		Bytes:        r.NumBytes,
		Replicated:   r.TableReplicationInfo != nil,
		Managed:      managed(r),
		MaxStaleness: r.MaxStaleness,
		Tags:         r.ResourceTags,
		View:         viewOf(r),
	}
	if r.Schema != nil {
		t.Columns = columnsOf(r.Schema.Fields)
	}
	if r.Clustering != nil {
		t.Clustering = r.Clustering.Fields
	}
	if base, ok := baseOf(r); ok {
		t.Bases = []dataclone.Base{base}
	}
	if b := r.StreamingBuffer; b != nil {
		t.Buffer = &dataclone.StreamingBuffer{Rows: int64(b.EstimatedRows), Oldest: millis(int64(b.OldestEntryTime))}
	}
	if e := r.ExternalDataConfiguration; e != nil {
		t.URIs, t.Format, t.Resource = e.SourceUris, e.SourceFormat, externalOf(r)
	}
	addConstraints(&t, r.TableConstraints)
	return t
}

// externalOf is what a plan needs to make an external table again.
func externalOf(r *bigquery.Table) []byte {
	text, err := json.Marshal(&bigquery.Table{
		Description: r.Description, Schema: r.Schema, ExternalDataConfiguration: r.ExternalDataConfiguration,
	})
	if err != nil {
		return nil // the plan says that it is missing
	}
	return text
}

func addConstraints(t *dataclone.Table, c *bigquery.TableConstraints) {
	if c == nil {
		return
	}
	if c.PrimaryKey != nil {
		t.PrimaryKey = c.PrimaryKey.Columns
	}
	for _, key := range c.ForeignKeys {
		if key == nil {
			continue
		}
		k := dataclone.ForeignKey{Name: key.Name}
		if to := key.ReferencedTable; to != nil {
			k.References = dataclone.TableRef{Project: to.ProjectId, Dataset: to.DatasetId, Table: to.TableId}
		}
		for _, pair := range key.ColumnReferences {
			if pair != nil {
				k.Columns = append(k.Columns, pair.ReferencingColumn)
				k.ReferencedColumns = append(k.ReferencedColumns, pair.ReferencedColumn)
			}
		}
		t.ForeignKeys = append(t.ForeignKeys, k)
	}
}

func columnsOf(fields []*bigquery.TableFieldSchema) []dataclone.Column {
	if len(fields) == 0 {
		return nil
	}
	out := make([]dataclone.Column, 0, len(fields))
	for _, f := range fields {
		if f == nil {
			continue
		}
		c := dataclone.Column{Name: f.Name, Type: f.Type, Mode: f.Mode, Description: f.Description, Fields: columnsOf(f.Fields)}
		if f.PolicyTags != nil {
			c.PolicyTags = f.PolicyTags.Names
		}
		for _, p := range f.DataPolicies {
			if p != nil {
				c.DataPolicies = append(c.DataPolicies, p.Name)
			}
		}
		out = append(out, c)
	}
	return out
}

func partitioningOf(r *bigquery.Table) dataclone.Partitioning {
	p := dataclone.Partitioning{RequireFilter: r.RequirePartitionFilter}
	if t := r.TimePartitioning; t != nil {
		p.Type, p.Column = t.Type, t.Field
		p.Expiration = time.Duration(t.ExpirationMs) * time.Millisecond
		p.RequireFilter = p.RequireFilter || t.RequirePartitionFilter
	}
	if t := r.RangePartitioning; t != nil {
		p.Type, p.Column = "RANGE", t.Field
		if t.Range != nil {
			p.Start, p.End, p.Interval = t.Range.Start, t.Range.End, t.Range.Interval
		}
	}
	return p
}

// partitioning is the opposite of partitioningOf, but for the filter, which is another
// field of a table.
func partitioning(p dataclone.Partitioning) (*bigquery.TimePartitioning, *bigquery.RangePartitioning) {
	switch p.Type {
	case "":
		return nil, nil
	case "RANGE":
		return nil, &bigquery.RangePartitioning{Field: p.Column, Range: &bigquery.RangePartitioningRange{
			Start: p.Start, End: p.End, Interval: p.Interval, ForceSendFields: []string{"Start", "End"},
		}}
	default:
		return &bigquery.TimePartitioning{Type: p.Type, Field: p.Column, ExpirationMs: p.Expiration.Milliseconds()}, nil
	}
}

func viewOf(r *bigquery.Table) *dataclone.View {
	switch {
	case r.View != nil:
		v := &dataclone.View{
			Query:               r.View.Query,
			LegacySQL:           r.View.UseLegacySql,
			ExplicitColumnNames: r.View.UseExplicitColumnNames,
			Resources:           len(r.View.UserDefinedFunctionResources) > 0,
		}
		if r.View.PrivacyPolicy != nil {
			if text, err := json.Marshal(r.View.PrivacyPolicy); err == nil {
				v.PrivacyPolicy = string(text)
			}
		}
		return v
	case r.MaterializedView != nil:
		return &dataclone.View{
			Query:           r.MaterializedView.Query,
			EnableRefresh:   r.MaterializedView.EnableRefresh,
			RefreshInterval: time.Duration(r.MaterializedView.RefreshIntervalMs) * time.Millisecond,
			NonIncremental:  r.MaterializedView.AllowNonIncrementalDefinition,
		}
	default:
		return nil
	}
}

// baseOf is what a table is a clone or a snapshot of, if it is one.
func baseOf(r *bigquery.Table) (dataclone.Base, bool) {
	from, at := (*bigquery.TableReference)(nil), ""
	switch {
	case r.CloneDefinition != nil:
		from, at = r.CloneDefinition.BaseTableReference, r.CloneDefinition.CloneTime
	case r.SnapshotDefinition != nil:
		from, at = r.SnapshotDefinition.BaseTableReference, r.SnapshotDefinition.SnapshotTime
	default:
		return dataclone.Base{}, false
	}
	when, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		when = time.Time{} // equal to no time of a plan
	}
	return dataclone.Base{Table: fromTable(from), Time: when.UTC()}, true
}

// routineOf reads a resource, and keeps it whole.
func routineOf(ref dataclone.TableRef, r *bigquery.Routine) (dataclone.Routine, error) {
	text, err := json.Marshal(r)
	return dataclone.Routine{
		Ref:         ref,
		ETag:        r.Etag,
		Type:        r.RoutineType,
		Language:    r.Language,
		Connection:  r.RemoteFunctionOptions != nil || r.SparkOptions != nil || r.PythonOptions != nil || r.ExternalRuntimeOptions != nil,
		Description: r.Description,
		Body:        r.DefinitionBody,
		Resource:    text,
	}, err
}

// accessOf reads the access list of a dataset.
func accessOf(entries []*bigquery.DatasetAccess) []dataclone.Access {
	out := make([]dataclone.Access, 0, len(entries))
	for _, e := range entries {
		if e == nil {
			continue
		}
		a := dataclone.Access{Role: e.Role, View: fromTable(e.View)}
		for _, m := range []struct{ kind, name string }{
			{"user:", e.UserByEmail}, {"group:", e.GroupByEmail}, {"domain:", e.Domain}, {"", e.SpecialGroup}, {"", e.IamMember},
		} {
			if m.name != "" {
				a.Member = m.kind + m.name
			}
		}
		if e.Dataset != nil && e.Dataset.Dataset != nil {
			a.Dataset = dataclone.DatasetRef{Project: e.Dataset.Dataset.ProjectId, Dataset: e.Dataset.Dataset.DatasetId}
		}
		out = append(out, a)
	}
	return out
}

func kindOf(d *bigquery.Dataset) dataclone.DatasetKind {
	switch {
	case d.LinkedDatasetSource != nil || strings.EqualFold(d.Type, "LINKED"):
		return dataclone.LinkedDataset
	case d.ExternalDatasetReference != nil || strings.EqualFold(d.Type, "EXTERNAL"):
		return dataclone.ExternalDataset
	default:
		return dataclone.StandardDataset
	}
}

func toTable(t dataclone.TableRef) *bigquery.TableReference {
	return &bigquery.TableReference{ProjectId: t.Project, DatasetId: t.Dataset, TableId: t.Table}
}

func fromTable(t *bigquery.TableReference) dataclone.TableRef {
	if t == nil {
		return dataclone.TableRef{}
	}
	return dataclone.TableRef{Project: t.ProjectId, Dataset: t.DatasetId, Table: t.TableId}
}

func millis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// managed is the type of a managed table. One that only has the configuration of BigLake
// is of that type ("BigLake Iceberg tables in BigQuery").
func managed(r *bigquery.Table) string {
	if r.ManagedTableType == "" && r.BiglakeConfiguration != nil {
		return "BIGLAKE"
	}
	return r.ManagedTableType
}
