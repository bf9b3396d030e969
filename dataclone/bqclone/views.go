// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/dataclone"
)

// createView makes a view, if BigQuery itself says that it reads nothing of production.
func (r *run) createView(ctx context.Context, s dataclone.Step) (found bool, err error) {
	if s.View.LegacySQL {
		return false, broken(dataclone.ReferencesProd, "%s is of legacy SQL, whose names are not rewritten", s.Source)
	}
	if err := r.checkReferences(ctx, s); err != nil {
		return false, err
	}
	if err := r.checkTarget(ctx, s.Target()); err != nil {
		return false, err
	}
	body, err := r.view(s)
	if err != nil {
		return false, err
	}
	made, found, err := r.insert(ctx, s, body)
	if err != nil {
		return found, err
	}
	return found, r.describeColumns(ctx, s, made)
}

// view is the resource of a view or of a materialized view.
func (r *run) view(s dataclone.Step) (*bigquery.Table, error) {
	v := s.View
	body := r.table(s)
	body.Description = v.Description
	if s.Kind == dataclone.CreateMaterializedView {
		body.MaterializedView = &bigquery.MaterializedViewDefinition{
			Query:                         v.Query,
			EnableRefresh:                 v.EnableRefresh,
			RefreshIntervalMs:             v.RefreshInterval.Milliseconds(),
			AllowNonIncrementalDefinition: v.NonIncremental,
			ForceSendFields:               []string{"EnableRefresh"}, // whose default is true
		}
		body.MaxStaleness = v.MaxStaleness
		body.TimePartitioning, body.RangePartitioning = partitioning(v.Partitioning)
		body.RequirePartitionFilter = v.Partitioning.RequireFilter
		if len(v.Clustering) > 0 {
			body.Clustering = &bigquery.Clustering{Fields: v.Clustering}
		}
		return body, nil
	}
	body.View = &bigquery.ViewDefinition{
		Query:                  v.Query,
		UseExplicitColumnNames: v.ExplicitColumnNames,
		ForceSendFields:        []string{"UseLegacySql"}, // whose default is true
	}
	if v.PrivacyPolicy != "" {
		body.View.PrivacyPolicy = new(bigquery.PrivacyPolicy)
		if err := json.Unmarshal([]byte(v.PrivacyPolicy), body.View.PrivacyPolicy); err != nil {
			return nil, broken(PlanChanged, "the privacy policy of the view is none: %w", err)
		}
	}
	return body, nil
}

// table is the part that all resources have which are made of a step.
func (r *run) table(s dataclone.Step) *bigquery.Table {
	return &bigquery.Table{
		TableReference: toTable(s.Destination),
		Labels:         r.mark.Labels(r.plan.ExtraLabels),
		ExpirationTime: r.plan.Expires.UnixMilli(),
	}
}

// insert makes a table that is no copy. One that is there counts if this plan made it
// and it reads the same.
func (r *run) insert(ctx context.Context, s dataclone.Step, body *bigquery.Table) (made *bigquery.Table, found bool, err error) {
	made, err = r.insertTable(ctx, s.Destination, body)
	if !isDuplicate(err) {
		return made, false, err
	}
	got, err := r.getTable(ctx, s.Destination)
	if err != nil {
		return nil, false, err
	}
	if mark, _ := dataclone.MarkOf(got.Labels); mark != r.mark || definition(got) != definition(body) {
		return nil, false, broken(dataclone.DestinationExists, "%s is there and is not what the plan makes", s.Destination)
	}
	return got, true, nil
}

// definition is what a view reads, or where the data of an external table is.
func definition(t *bigquery.Table) string {
	switch {
	case t.View != nil:
		return t.View.Query
	case t.MaterializedView != nil:
		return t.MaterializedView.Query
	case t.ExternalDataConfiguration != nil:
		return strings.Join(t.ExternalDataConfiguration.SourceUris, "\n")
	default:
		return ""
	}
}

// checkReferences has BigQuery analyze the query of a view, and refuses it if it reads
// something that the plan reads or that is protected. This does not depend on how the
// query was rewritten ("Job" resource: statistics.query.referencedTables, which has the
// tables behind views too, of this or another project).
func (r *run) checkReferences(ctx context.Context, s dataclone.Step) error {
	got, err := r.insertJob(ctx, r.plan.Project, s.Destination.String(), &bigquery.Job{
		JobReference: &bigquery.JobReference{ProjectId: r.plan.Project, Location: r.plan.Location},
		Configuration: &bigquery.JobConfiguration{DryRun: true, Query: &bigquery.JobConfigurationQuery{
			Query: s.View.Query, UseLegacySql: new(false),
		}},
	})
	switch {
	case err != nil:
		return err
	case got.Status != nil && got.Status.ErrorResult != nil:
		return &JobError{Job: "(dry run)", Reason: got.Status.ErrorResult.Reason, Message: got.Status.ErrorResult.Message}
	case got.Statistics == nil || got.Statistics.Query == nil:
		return fmt.Errorf("the dry run of %s does not say what it reads", s.Destination)
	}
	reads := got.Statistics.Query
	for _, t := range slices.Concat(reads.ReferencedTables, reads.ReferencedLogicalViews) {
		if err := r.checkReference(s, fromTable(t)); err != nil {
			return err
		}
	}
	for _, f := range reads.ReferencedRoutines {
		if f == nil {
			continue
		}
		ref := dataclone.TableRef{Project: f.ProjectId, Dataset: f.DatasetId, Table: f.RoutineId}
		if err := r.checkReference(s, ref); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) checkReference(s dataclone.Step, t dataclone.TableRef) error {
	if t == (dataclone.TableRef{}) {
		return nil
	}
	for _, source := range sources(r.plan) {
		if strings.EqualFold(source.String(), t.In().String()) {
			return broken(dataclone.ReferencesProd, "%s reads %s", s.Destination, t)
		}
	}
	protect := r.plan.Protect
	protect.SameProject = true // a view may read what it may not write, as long as no pattern has it
	for _, p := range []dataclone.Protection{protect, r.options.Protect} {
		if why := p.Protects(t.In(), nil); why != "" {
			return broken(dataclone.ReferencesProd, "%s reads %s: %s", s.Destination, t, why)
		}
	}
	return nil
}
