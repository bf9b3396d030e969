// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"strings"
	"testing"
	"time"

	"github.com/watertight-go/watertight/dataclone"
)

// A script says of each kind of step what a run would do. What guards the rows of a
// view is part of the statement.
func TestScriptsSayEachStep(t *testing.T) {
	target := dataclone.TableRef{Project: "stg-one", Dataset: "stg", Table: "x"}
	source := dataclone.TableRef{Project: "prod-1", Dataset: "sales", Table: "x"}
	view := &dataclone.View{
		Query: "SELECT 1 -- end", PrivacyPolicy: `{"threshold": 50}`,
		EnableRefresh: true, RefreshInterval: 30 * time.Minute, MaxStaleness: "0-0 0 4:0:0", NonIncremental: true,
	}
	key := dataclone.ForeignKey{Name: "fk", Columns: []string{"a", "b"}, References: target.In().Table("users"), ReferencedColumns: []string{"c", "d"}}
	for kind, tt := range map[dataclone.Kind]struct {
		step dataclone.Step
		want []string
	}{
		dataclone.CreateDataset: {dataclone.Step{Dataset: target.In(), Location: "US", Private: true}, []string{
			"CREATE SCHEMA `stg-one.stg` OPTIONS(location=\"US\"", "-- then let nobody but its owners",
		}},
		dataclone.CloneTable: {dataclone.Step{Source: source, Destination: target}, []string{
			"CREATE TABLE `stg-one.stg.x` CLONE `prod-1.sales.x` FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(1795348740000) OPTIONS(", `("managed-by", "watertight")`,
		}},
		dataclone.SnapshotOf: {dataclone.Step{Source: source, Destination: target, Latest: true}, []string{
			"CREATE SNAPSHOT TABLE `stg-one.stg.x` CLONE `prod-1.sales.x` OPTIONS(",
		}},
		dataclone.RestoreSnapshot: {dataclone.Step{Source: source, Destination: target}, []string{"CREATE TABLE `stg-one.stg.x` CLONE `prod-1.sales.x` OPTIONS("}},
		dataclone.CreateView: {dataclone.Step{Source: source, Destination: target, View: view}, []string{
			"CREATE VIEW `stg-one.stg.x`", `privacy_policy="{\"threshold\": 50}"`, "SELECT 1 -- end\n;",
		}},
		dataclone.CreateMaterializedView: {dataclone.Step{Source: source, Destination: target, View: view}, []string{
			"CREATE MATERIALIZED VIEW", "enable_refresh=true, refresh_interval_minutes=30", `CAST("0-0 0 4:0:0" AS INTERVAL)`, "allow_non_incremental_definition=true",
		}},
		dataclone.SetForeignKeys: {dataclone.Step{Destination: target, ForeignKeys: []dataclone.ForeignKey{key}}, []string{
			"ALTER TABLE `stg-one.stg.x` ADD CONSTRAINT `fk` FOREIGN KEY (`a`, `b`) REFERENCES `stg-one.stg.users`(`c`, `d`) NOT ENFORCED;",
		}},
		dataclone.UndeleteTable: {dataclone.Step{Source: source, Destination: target}, []string{"-- a copy job of prod-1.sales.x@1795348740000"}},
		dataclone.AuthorizeView: {dataclone.Step{Dataset: target.In(), Destination: target}, []string{"-- add the view stg-one.stg.x"}},
		dataclone.CreateRoutine: {dataclone.Step{Source: source, Destination: target, Resource: []byte("{\n\"a\": 1}")}, []string{"-- make the routine", "\n-- \"a\": 1}"}},
		dataclone.CreateExternal: {dataclone.Step{Source: source, Destination: target, Resource: []byte("{}")}, []string{
			"-- make the external table", "\n-- {}",
		}},
	} {
		t.Run(string(kind), func(t *testing.T) {
			tt.step.Kind, tt.step.ID = kind, "00001"
			p := &dataclone.Plan{Environment: "staging", AsOf: shopTime().Add(-time.Minute), Expires: shopTime().Add(time.Hour), Steps: []dataclone.Step{tt.step}}
			var b strings.Builder
			if err := p.WriteScript(&b); err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if !strings.Contains(b.String(), want) {
					t.Errorf("lacks %s in\n%s", want, b.String())
				}
			}
		})
	}
}
