// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func TestLimitsOfOneDocument(t *testing.T) {
	const head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\n"
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'i'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9))
	}
	for name, tt := range map[string]struct {
		text string
		max  int
	}{
		"a text of 8 MiB":              {head + "data: {a: " + strings.Repeat("x", manifest.MaxDocument) + "}\n", manifest.MaxDocument},
		"JSON of 8 MiB":                {`{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"` + strings.Repeat("x", manifest.MaxDocument) + `"}}`, manifest.MaxDocument},
		"aliases of aliases":           {head + bomb, manifest.MaxDocument},
		"aliases of a long text":       {head + "a: &a " + strings.Repeat("x", 1<<20) + "\nb: [" + strings.Repeat("*a, ", 9) + "]\n", manifest.MaxDocument},
		"merges of a long text":        {head + "a: &a {k: " + strings.Repeat("x", 1<<20) + "}\nb: [" + strings.Repeat("{<<: *a}, ", 9) + "]\n", manifest.MaxDocument},
		"1,001 levels in flow style":   {head + "a: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000), manifest.MaxDepth},
		"10,000 levels in flow style":  {head + "a: " + strings.Repeat("[", 10000) + strings.Repeat("]", 10000), manifest.MaxDepth},
		"100,000 levels in flow style": {head + "a: " + strings.Repeat("{a: ", 100000), manifest.MaxDepth},
		"10,000 levels in block style": {head + "a:\n  " + strings.Repeat("- ", 10000) + "x\n", manifest.MaxDepth},
		"10,000 levels in JSON":        {`{"apiVersion":"v1","kind":"A","a":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}", manifest.MaxDepth},
		"400,000 values":               {head + "a: [" + strings.Repeat("{}, ", manifest.MaxValues/2) + "]\n", manifest.MaxValues},
		"100,000 empty containers":     {"apiVersion: v1\nkind: Pod\nspec: {containers: [" + strings.Repeat("{},", manifest.MaxEntries+1) + "]}\n", manifest.MaxEntries},
		"nine Lists one in another":    {strings.Repeat("{kind: List, apiVersion: v1, items: [", 9) + strings.Repeat("]}", 9), manifest.MaxLists},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := manifest.Read("in", strings.NewReader(head+"---\n"+tt.text+"\n---\n"+head))
			var limit *manifest.LimitError
			var document *manifest.DocumentError
			if !errors.As(err, &limit) || limit.Max != tt.max || !errors.As(err, &document) || document.Document != 2 || document.Line < 5 {
				t.Errorf("got %.300v, want a limit of %d in document 2", err, tt.max)
			}
			if len(set.Objects) != 2 {
				t.Errorf("got %d objects, want those beside the refused document", len(set.Objects))
			}
		})
	}
}

func TestWhatIsWithinTheLimitsIsRead(t *testing.T) {
	for name, text := range map[string]string{
		"1,000 levels":           "kind: A\napiVersion: b/v1\na: " + strings.Repeat("[", manifest.MaxDepth-1) + strings.Repeat("]", manifest.MaxDepth-1),
		"eight Lists":            strings.Repeat("{kind: List, apiVersion: v1, items: [", 8) + "{kind: A, apiVersion: b/v1}" + strings.Repeat("]}", 8),
		"aliases of a few words": "kind: A\napiVersion: b/v1\na: &a {k: v}\nb: [" + strings.Repeat("*a, ", 1000) + "]\n",
		"a text of 7 MiB":        "kind: A\napiVersion: b/v1\na: " + strings.Repeat("x", 7<<20),
	} {
		t.Run(name, func(t *testing.T) {
			set, err := manifest.Read("in", strings.NewReader(text))
			if err != nil || len(set.Objects) != 1 {
				t.Errorf("got %d objects and %.300v", len(set.Objects), err)
			}
		})
	}
}

func TestLimitsOfTheWholeInput(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		max  int
	}{
		"documents":     {strings.Repeat("{a: b}\n---\n", manifest.MaxDocuments+1), manifest.MaxDocuments},
		"JSON values":   {strings.Repeat("{}", manifest.MaxDocuments+1), manifest.MaxDocuments},
		"items":         {"kind: List\napiVersion: v1\nitems:\n" + strings.Repeat("-\n", manifest.MaxDocuments+1), manifest.MaxDocuments},
		"items in JSON": {`{"kind":"List","apiVersion":"v1","items":[1` + strings.Repeat(",1", manifest.MaxDocuments) + "]}", manifest.MaxDocuments},
		"large objects": {strings.Repeat("{kind: Pod, apiVersion: v1, spec: {containers: ["+strings.Repeat("{},", 50_000)+"]}}\n---\n", 10), manifest.MaxMemory},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := manifest.Read("in", strings.NewReader(tt.text))
			var limit *manifest.LimitError
			if !errors.As(err, &limit) || limit.Max != tt.max {
				t.Errorf("got %.300v, want a limit of %d", err, tt.max)
			}
			if len(set.Objects) != 0 {
				t.Errorf("got %d objects, want none", len(set.Objects))
			}
		})
	}
}
