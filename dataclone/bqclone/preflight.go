// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/api/bigquery/v2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/dataclone"
)

// Rules of Preflight. All are warnings: roles may be given for a time, and BigQuery
// decides when the plan runs.
const (
	// Permissions is a permission that a step needs and the caller lacks.
	Permissions = "dataclone/permissions"
	// ProductionWritable is a permission to write a source, which no step needs.
	ProductionWritable = "dataclone/production-writable"
)

// Preflight asks, for the source of each step, which permissions the caller has, and
// reports those that the step needs and it lacks, and those to write production that
// it has ("Introduction to table clones" and "Introduction to table snapshots",
// Required permissions). It writes nothing. Of what is not there yet the API does not
// tell, so a destination is a finding of [dataclone.EvidenceMissing].
func (c *Client) Preflight(ctx context.Context, p *dataclone.Plan) (bulkhead.Findings, error) {
	if err := p.Validate(); err != nil {
		return nil, &RefusedError{Err: err}
	}
	steps := copies(p)
	found := make([]bulkhead.Findings, len(steps))
	err := c.parallel(ctx, len(steps), func(ctx context.Context, i int) (err error) {
		found[i], err = c.preflight(ctx, steps[i])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("bqclone: asking for permissions: %w", err)
	}
	out := slices.Concat(found...)
	for _, d := range targets(p) {
		out = append(out, warning(dataclone.EvidenceMissing, datasetObject(d),
			"no method of the API says whether tables may be created here",
			"see that the caller has roles/bigquery.dataEditor on the dataset and roles/bigquery.jobUser on "+p.Project))
	}
	return out.Sorted(), nil
}

func (c *Client) preflight(ctx context.Context, s dataclone.Step) (bulkhead.Findings, error) {
	needs := []string{"bigquery.tables.get", "bigquery.tables.getData"}
	switch s.Kind {
	case dataclone.SnapshotOf:
		needs = append(needs, "bigquery.tables.createSnapshot")
	case dataclone.RestoreSnapshot:
		needs = append(needs, "bigquery.tables.restoreSnapshot")
	default: // nothing more
	}
	writes := []string{"bigquery.tables.delete", "bigquery.tables.update", "bigquery.tables.updateData"}
	t := s.Source
	got, err := call(ctx, c, "tables.testIamPermissions", t.String(), func(ctx context.Context) (*bigquery.TestIamPermissionsResponse, error) {
		resource := fmt.Sprintf("projects/%s/datasets/%s/tables/%s", t.Project, t.Dataset, t.Table)
		return c.rest.Tables.TestIamPermissions(resource, &bigquery.TestIamPermissionsRequest{
			Permissions: slices.Concat(needs, writes),
		}).Context(ctx).Do()
	})
	if isAbsent(err) || isForbidden(err) {
		return bulkhead.Findings{warning(Permissions, tableObject(t), fmt.Sprintf("BigQuery does not say what the caller may do: %v", err), "")}, nil
	}
	if err != nil {
		return nil, err
	}
	has := func(permission string) bool { return slices.Contains(got.Permissions, permission) }
	var out bulkhead.Findings
	if lacks := slices.DeleteFunc(needs, has); len(lacks) > 0 {
		out = append(out, warning(Permissions, tableObject(t), "the caller lacks "+strings.Join(lacks, ", "),
			"give the caller roles/bigquery.dataViewer, or for snapshots roles/bigquery.dataOwner, on the source"))
	}
	may := slices.DeleteFunc(writes, func(w string) bool { return !has(w) })
	if len(may) > 0 {
		out = append(out, warning(ProductionWritable, tableObject(t), "the caller may write production: "+strings.Join(may, ", "),
			"run plans with an account that has no role on the source beside roles/bigquery.dataViewer"))
	}
	return out, nil
}

func warning(rule string, object bulkhead.Ref, message, fix string) bulkhead.Finding {
	return bulkhead.Finding{Rule: rule, Severity: bulkhead.Warning, Object: object, Message: message, Fix: fix}
}
