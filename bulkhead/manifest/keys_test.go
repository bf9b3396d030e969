// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"errors"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func TestKeysThatDifferOnlyInYAMLAreRefused(t *testing.T) {
	for _, data := range []string{"{1: a, '1': b}", "{1.0: a, 1: b}", "{true: a, 'true': b}"} {
		t.Run(data, func(t *testing.T) {
			set, err := manifest.Read("in", strings.NewReader("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: "+data+"\n"))
			document, ok := errors.AsType[*manifest.DocumentError](err)
			if !ok || document.Line != 4 || !strings.HasPrefix(document.Field, "data.") || len(set.Objects) != 0 {
				t.Errorf("got %d objects and %v, want an error about data in line 4", len(set.Objects), err)
			}
		})
	}
}

func TestOneKeyInTwoFormsIsFoundTwice(t *testing.T) {
	for data, want := range map[string]string{
		"{1: a, 1: b}":        "data[1]",
		"{yes: a, true: b}":   "data[true]",
		"{16: a, 0x10: b}":    "data[16]",
		"{1: a, 1_000: b}":    "",
		"{'yes': a, true: b}": "",
	} {
		t.Run(data, func(t *testing.T) {
			for range 20 { // maps have no order
				set, err := manifest.Read("in", strings.NewReader("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  "+data+"\n"))
				if err != nil {
					t.Fatal(err)
				}
				got := ""
				for _, f := range set.Findings() {
					got += f.Field
				}
				if got != want {
					t.Fatalf("got findings at %q, want %q", got, want)
				}
				for key, value := range set.Objects[0].(*corev1.ConfigMap).Data {
					if want != "" && value != "b" {
						t.Fatalf("%s: got %q, want the last value", key, value)
					}
				}
			}
		})
	}
}
