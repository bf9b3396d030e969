// SPDX-License-Identifier: Apache-2.0

package bulkheadtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
)

// A recorder is a test that remembers how it failed.
type recorder struct {
	helped   bool
	failures []string
}

func (r *recorder) Helper() { r.helped = true }

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

var (
	_ bulkheadtest.TB = (*recorder)(nil)
	_ bulkheadtest.TB = testing.TB(nil)
)

// wantFailure checks that the recorded test failed once with a text that holds
// all parts or, if there are none, that it passed. A helper that does not call
// Helper makes go test blame its own line.
func (r *recorder) wantFailure(t *testing.T, parts ...string) {
	t.Helper()
	if !r.helped {
		t.Error("the helper does not call Helper")
	}
	switch {
	case len(parts) == 0 && len(r.failures) > 0:
		t.Errorf("fails, though it should pass: %q", r.failures)
	case len(parts) > 0 && len(r.failures) != 1:
		t.Errorf("want one failure, got %q", r.failures)
	case len(parts) > 0:
		for _, part := range parts {
			if !strings.Contains(r.failures[0], part) {
				t.Errorf("the failure does not say %q:\n%s", part, r.failures[0])
			}
		}
	}
}
