// SPDX-License-Identifier: Apache-2.0

package spelling_test

import (
	"testing"

	"github.com/watertight-go/watertight/internal/spelling"
)

func TestIndex(t *testing.T) {
	x := spelling.NewIndex()
	for _, name := range []string{"staging", "production", "prod", "us-east", "shard-1", "staging"} {
		x.Add(name)
	}
	for asked, want := range map[string]string{
		"stagin": "staging", "stagging": "staging", "satging": "staging", "stageng": "staging", "prodution": "production",
		"prd": "", "us-west": "", "shard-2": "", "development": "", "": "",
	} {
		if got, ok := x.CloseTo(asked); got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", asked, got, want)
		}
	}
}
