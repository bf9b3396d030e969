// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// On the simulated BigQuery everything holds that the example is there to show.
func TestTheStoryIsTold(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), nil, &stdout, &stderr); status != fine {
		t.Fatalf("status %d\n%s%s", status, stdout.String(), stderr.String())
	}
	for sentence, line := range map[string]string{
		"says that it is simulated":          "simulated BigQuery (in memory)",
		"runs every step":                    "9 steps done",
		"verifies every clone":               "4 of 4 clones are like their sources",
		"stores nothing for the clones":      "stored: 60102 bytes before, 60102 after",
		"leaves production without the row":  "prod-shop.sales.orders: 1000 rows",
		"has the row in the clone":           "stg-shop.sales.orders: 1001 rows",
		"finds the clone that was changed":   "stg-shop.sales.orders was changed itself",
		"finds the source that went on":      "stg-shop.sales_private.sales__customers is behind prod-shop.sales.customers",
		"drops the dataset in the end":       "dataset stg-shop.sales: deleted",
		"shows that production is untouched": "no call wrote anything of prod-shop",
	} {
		if !strings.Contains(stdout.String(), line) {
			t.Errorf("%s: no line %q in\n%s", sentence, line, stdout.String())
		}
	}
}

func TestMistakesEndBeforeAnythingIsMade(t *testing.T) {
	for name, rule := range map[string]string{
		"protected":     "dataclone/destination-protected",
		"personal-data": "dataclone/pii-columns",
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if status := run(t.Context(), []string{"-break", name}, &stdout, &stderr); status != findings {
				t.Errorf("status %d", status)
			}
			if !strings.Contains(stderr.String(), rule) || strings.Contains(stdout.String(), "steps done") {
				t.Errorf("no word of %s, or it ran\n%s%s", rule, stdout.String(), stderr.String())
			}
		})
	}
}

func TestWrongUsageIsRefused(t *testing.T) {
	for sentence, args := range map[string][]string{
		"an argument":                   {"plan"},
		"a flag that is none":           {"-dry-run"},
		"a mistake that is none":        {"-break", "everything"},
		"a source without a project":    {"-source", "prod-1.sales"},
		"applying without a project":    {"-apply", "-hash", "x"},
		"applying without a hash":       {"-project", "stg-one", "-apply"},
		"a mistake in a real project":   {"-project", "stg-one", "-break", "protected"},
		"a source that is no dataset":   {"-project", "stg-one", "-source", "sales", "-destination", "stg-one.sales"},
		"applying a file that is none":  {"-project", "stg-one", "-apply", "-hash", "x", "-plan", filepath.Join(t.TempDir(), "none.json")},
		"a destination that is missing": {"-project", "stg-one", "-source", "prod-1.sales"},
	} {
		t.Run(sentence, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if status := run(t.Context(), args, &stdout, &stderr); status != wrong || stderr.Len() == 0 {
				t.Errorf("status %d\n%s", status, stderr.String())
			}
		})
	}
}
