// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// Only a comment may follow the marker that ends a document (YAML 1.2, section
// 9.1.2): what else stands there is reported, and never dropped.
func TestTextBehindAnEndMarkerIsReported(t *testing.T) {
	const object = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: staging\n"
	for text, wrong := range map[string]bool{
		object + "...\n":                       false,
		object + "... # the end\n":             false,
		object + "...\n---\n" + object:         false,
		object + "... kind: Secret\n":          true,
		object + "... 0\n":                     true,
		"... kind: Secret\n":                   true,
		object + "... kind: Secret\n" + object: true,
	} {
		_, err := manifest.Read("end.yaml", strings.NewReader(text))
		var syntax *manifest.SyntaxError
		if got := errors.As(err, &syntax); got != wrong {
			t.Errorf("%q: error %v, want a syntax error: %v", text, err, wrong)
		}
	}
}
