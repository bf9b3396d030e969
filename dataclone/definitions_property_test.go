// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/dataclone"
)

// A shop with views, materialized views and routines that name each other and other
// things, in all the forms that names have.
func someShop(t *rapid.T) *shop {
	s := aShop()
	names := []string{"a", "b", "c", "d", "e", "f", "g"}
	form := rapid.SampledFrom([]string{
		"sales.%s", "`prod-1.sales.%s`", "`prod-1`.sales.%s", "prod-1.sales.%s", "`sales`.`%s`", "`sales.%s`",
		"SALES.%s", "hr.%s", "`other-proj.x.%s`", "`prod-1.sales.%s*`", "'sales.%s', sales.orders", "/* sales.%s */ sales.orders",
	})
	target := rapid.SampledFrom(append(slices.Clone(names), "orders", "gone"))
	for _, name := range names {
		var from []string
		for range rapid.IntRange(1, 3).Draw(t, "references") {
			path := fmt.Sprintf(form.Draw(t, "form"), target.Draw(t, "target"))
			if !strings.HasPrefix(path, "'") {
				from = append(from, path)
			}
		}
		from = append(from, "sales.orders AS "+rapid.SampledFrom([]string{"o", "sales", "prod", "x"}).Draw(t, "alias"))
		query := "SELECT 'sales.orders', 1 FROM " + strings.Join(from, ", ")
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			s.materialized(name, query)
		case 1:
			s.routine("TABLE_VALUED_FUNCTION", name, query)
		case 2:
			s.routine("SCALAR_FUNCTION", name, "("+query+")")
		default:
			s.view(name, query)
		}
	}
	s.request.Definitions.Materialize = rapid.Bool().Draw(t, "materialize")
	s.request.Select.Snapshots = rapid.Bool().Draw(t, "snapshots")
	return s
}

// namesProduction finds what a view of staging must not name, by a scan of its own:
// it drops literals, comments and backticks, and looks for the datasets of production.
func namesProduction(text string) bool {
	text = regexp.MustCompile(`'[^']*'|/\*.*?\*/`).ReplaceAllString(text, "")
	text = strings.ReplaceAll(text, "`", "")
	return regexp.MustCompile(`(?i)prod-1|(^|[^.\w-])(sales|hr)\.`).MatchString(text)
}

// The scan of the next test notices what it is for.
func TestNamesProduction(t *testing.T) {
	for text, want := range map[string]bool{
		"SELECT 1 FROM sales.orders": true, "SELECT 1 FROM `prod-1.sales.x`": true, "SELECT 1 FROM `sales`.x": true, "FROM HR.x": true,
		"SELECT 'sales.orders' FROM `stg-one`.`stg`.orders /* sales.x */": false, "SELECT 1 FROM x.sales.y": false,
	} {
		if namesProduction(text) != want {
			t.Errorf("%s: got %v", text, !want)
		}
	}
}

// Whatever the views and routines say: what a plan makes names nothing of production
// outside of literals, and everything stands behind what it names.
func TestPlannedDefinitionsNameNothingOfProduction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := someShop(t).plan()
		if err := plan.Validate(); err != nil {
			t.Fatal(err)
		}
		stages := map[string]int{}
		for _, step := range plan.Steps {
			stages[step.Destination.Table] = max(stages[step.Destination.Table], step.Stage)
		}
		for _, step := range plan.Steps {
			text := string(step.Resource)
			if step.View != nil {
				text = step.View.Query
			}
			if text == "" {
				continue
			}
			if namesProduction(strings.ReplaceAll(text, `"projectId"`, "")) {
				t.Fatalf("%s: %s", step.Destination, text)
			}
			for _, match := range regexp.MustCompile(`stg[.\x60]+(\w+)`).FindAllStringSubmatch(text, -1) {
				if before := stages[match[1]]; match[1] != step.Destination.Table && before >= step.Stage {
					t.Fatalf("%s at stage %d names %s at %d", step.Destination, step.Stage, match[1], before)
				}
			}
		}
	})
}

// The order of the catalog is nothing.
func TestShuffledDefinitionsGiveTheSamePlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someShop(t)
		want := s.plan()
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		random.Shuffle(len(s.sales.Tables), func(i, j int) { s.sales.Tables[i], s.sales.Tables[j] = s.sales.Tables[j], s.sales.Tables[i] })
		random.Shuffle(len(s.sales.Routines), func(i, j int) {
			s.sales.Routines[i], s.sales.Routines[j] = s.sales.Routines[j], s.sales.Routines[i]
		})
		if got := s.plan(); got.Hash() != want.Hash() {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

// BigQuery follows sixteen views, and a plan says so of what is deeper, at any depth.
func TestViewChains(t *testing.T) {
	for depth, want := range map[int]int{16: 0, 17: 1, 10_000: 10_000 - 16} {
		s := aShop()
		s.view("v00001", "SELECT 1 FROM sales.orders")
		for i := 2; i <= depth; i++ {
			s.view(fmt.Sprintf("v%05d", i), fmt.Sprintf("SELECT 1 FROM sales.v%05d", i-1))
		}
		plan := s.plan()
		got := 0
		for _, f := range plan.Findings {
			if f.Rule == dataclone.ViewDepth {
				got++
			}
		}
		if got != want || len(plan.Findings) != want {
			t.Errorf("depth %d: %d findings of %d, want %d", depth, got, len(plan.Findings), want)
		}
	}
}

// A circle of all views takes no longer than their number.
func TestCircleOfManyViews(t *testing.T) {
	s := aShop()
	const n = 10_000
	for i := range n {
		s.view(fmt.Sprintf("v%05d", i), fmt.Sprintf("SELECT 1 FROM sales.v%05d, `prod-1.sales.ord*`", (i+1)%n))
	}
	if plan := s.plan(); len(plan.Findings) != n || hasStep(plan, "v00000") {
		t.Errorf("%d findings", len(plan.Findings))
	}
}

func BenchmarkPlanDefinitions10000(b *testing.B) {
	s := aShop()
	for i := range 10_000 {
		s.view(fmt.Sprintf("v%05d", i), "SELECT o.id, SUM(o.amount) AS total FROM `prod-1.sales.orders` AS o JOIN sales.orders AS p ON o.id = p.id WHERE o.day > '2026-01-01' GROUP BY 1")
	}
	catalog := s.catalog()
	for b.Loop() {
		if plan := dataclone.PlanDataset(catalog, s.request, s.mappings...); len(plan.Findings) > 0 {
			b.Fatal(plan.Findings[0])
		}
	}
}
