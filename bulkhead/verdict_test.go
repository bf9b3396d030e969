// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
)

func TestVerdictTextRoundTrip(t *testing.T) {
	for verdict, want := range map[bulkhead.Verdict]string{
		bulkhead.Undetermined: `"Undetermined"`,
		bulkhead.Sealed:       `"Sealed"`,
		bulkhead.Breached:     `"Breached"`,
	} {
		data, err := json.Marshal(verdict)
		if err != nil || string(data) != want {
			t.Errorf("got %s, %v, want %s", data, err, want)
		}
		got := bulkhead.Verdict(99)
		if err := json.Unmarshal(data, &got); err != nil || got != verdict {
			t.Errorf("%s reads back as %v, %v", data, got, err)
		}
	}
}

func TestVerdictOutOfRangeIsUndetermined(t *testing.T) {
	for _, v := range []bulkhead.Verdict{-1, 3} {
		if got := v.String(); got != "Undetermined" {
			t.Errorf("Verdict(%d) says %q", int(v), got)
		}
	}
	var zero bulkhead.Verdict
	if zero != bulkhead.Undetermined {
		t.Errorf("the zero verdict is %v", zero)
	}
}

func TestVerdictRefusesOtherText(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":       "",
		"another case":  "sealed",
		"a blank":       "Sealed ",
		"another word":  "Safe",
		"a number":      "1",
		"a line broken": "Sealed\n",
	} {
		t.Run(name, func(t *testing.T) {
			v := bulkhead.Breached
			if err := v.UnmarshalText([]byte(text)); err == nil {
				t.Errorf("%q is read as %v", text, v)
			}
			if v != bulkhead.Breached {
				t.Errorf("the refused text %q left %v", text, v)
			}
		})
	}
}

func ExampleVerdict() {
	var answer bulkhead.Verdict // never worked out

	fmt.Println(answer, answer == bulkhead.Sealed)
	// Output: Undetermined false
}
