// SPDX-License-Identifier: Apache-2.0

package dataclone_test

import (
	"strings"
	"testing"

	"github.com/watertight-go/watertight/dataclone"
)

// Names are judged as BigQuery documents them (58).
func TestNames(t *testing.T) {
	for name, valid := range map[string]bool{
		"prod-1.sales.orders": true, "prod-1.sales.table 01": true, "prod-1.sales.bücher-ß_٣": true,
		"example.com:shop-1.sales.orders":            true,
		"prod-1.sales." + strings.Repeat("é", 512):   true,
		"prod-1.sales." + strings.Repeat("é", 513):   false,
		"prod-1.sales.t$2026":                        false,
		"prod-1.sales.t@1418864998000":               false,
		"prod-1.sales.events_*":                      false,
		"prod-1.sales.a`b":                           false,
		"prod-1.sales.a\nb":                          false,
		"prod-1.sales.":                              false,
		"prod-1.sales.\xff":                          false,
		"prod-1.my-ds.orders":                        false,
		"prod-1.\u212aelvin.orders":                  false,
		"prod-1..orders":                             false,
		"Prod-1.sales.orders":                        false,
		"prod-.sales.orders":                         false,
		"short.sales.orders":                         false,
		"1-prod.sales.orders":                        false,
		"com:shop-1.sales.orders":                    false,
		"orders":                                     false,
		"prod-1.orders":                              false,
		strings.Repeat("p", 31) + ".sales.orders":    false,
		"prod-1." + strings.Repeat("d", 1025) + ".t": false,
	} {
		got, err := dataclone.ParseTable(name)
		if (err == nil) != valid || valid && got.String() != name {
			t.Errorf("%.80q: %v, %v", name, got, err)
		}
	}
}

// A pattern protects what it names in whatever case, also in the project of a domain,
// and no more (16).
func TestPatternsProtect(t *testing.T) {
	for _, tt := range []struct {
		pattern, dataset string
		protects         bool
	}{
		{"prod-*", "prod-2.sales", true},
		{"PROD-*", "prod-2.sales", true},
		{"prod-*", "preprod-1.sales", false},
		{"prod-*", "stg-one.prod-1", false},
		{"prod-*", "example.com:prod-1.sales", true},
		{"example.com:prod-*", "example.com:prod-1.sales", true},
		{"example.com:prod-*", "example.org:prod-1.sales", false},
		{"shared.sales_*", "shared.sales_eu", true},
		{"shared.sales_*", "SHARED.Sales_EU", true},
		{"shared.sales_*", "shared.hr", false},
		{"*.sales", "stg-one.sales", true},
		{"prod-1.sales", "example.com:prod-1.sales", true},
		{"*", "stg-one.sales", true},
	} {
		dot := strings.LastIndexByte(tt.dataset, '.')
		d := dataclone.DatasetRef{Project: tt.dataset[:dot], Dataset: tt.dataset[dot+1:]}
		why := dataclone.Protection{Patterns: []string{tt.pattern}, SameProject: true}.Protects(d, nil)
		if (why != "") != tt.protects {
			t.Errorf("%q, %s: %q", tt.pattern, tt.dataset, why)
		}
	}
}

// A description holds a mark only if it begins with just what Describe writes.
func TestMarksOfDescriptions(t *testing.T) {
	m := dataclone.Mark{Environment: "staging", Plan: strings.Repeat("0a", 16)}
	for text, want := range map[string]bool{
		m.Describe(""): true, m.Describe("adds tax"): true,
		"adds tax\n" + m.Describe(""):                     false,
		m.Describe("") + " and more":                      false,
		strings.Replace(m.Describe(""), "0a", "zz", 1):    false,
		strings.Replace(m.Describe(""), "staging", "", 1): false,
		"": false,
	} {
		if got, ok := dataclone.MarkIn(text); ok != want || ok && got != m {
			t.Errorf("%q: %v, %v", text, got, ok)
		}
	}
}
