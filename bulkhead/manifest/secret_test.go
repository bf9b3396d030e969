// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// TestErrorsQuoteNoValue puts a password wherever a parser or decoder could pick
// it up for an error text.
func TestErrorsQuoteNoValue(t *testing.T) {
	for name, text := range map[string]string{
		"an alias":               "data: {password: *hunter2}",
		"an anchor of itself":    "data: &hunter2 [*hunter2]",
		"a tag":                  "data: {password: !hunter2!x y}",
		"a wrong integer tag":    "data: {password: !!int hunter2}",
		"a wrong float tag":      "data: {password: !!float hunter2}",
		"a wrong binary tag":     "data: {password: !!binary hunter2}",
		"a merge of text":        "data: {<<: hunter2}",
		"a mapping as a key":     "data: {{hunter2: a}: b}",
		"a list as a key":        "data: {[hunter2]: b}",
		"null as a key":          "data: {~: hunter2}",
		"text that is no base64": "data: {password: hunter2!}",
		"a number as a value":    "data: {password: 1142}",
		"a mapping as a value":   "data: {password: {hunter2: hunter2}}",
		"a time":                 "metadata: {creationTimestamp: hunter2}",
		"a number for a name":    "metadata: {name: 1142}",
		"a boolean as a label":   "metadata: {labels: {hunter2key: yes}, name: x}",
		"an open quotation":      "data: {password: \"hunter2",
		"a wrong escape":         "data: {password: \"hunter2\\q\"}",
		"a second colon":         "data: password: hunter2",
		"infinity":               "data: {password: .inf}",
		"a secret field twice":   "data: {password: hunter2, password: hunter2}",
		"a secret misplaced":     "password: hunter2",
		"JSON cut short":         `{"apiVersion":"v1","kind":"Secret","data":{"password":"hunter2"`,
		"JSON of a wrong type":   `{"apiVersion":"v1","kind":"Secret","data":"hunter2"}`,
	} {
		for _, kind := range []string{"Secret", "Pod", "Thing"} {
			whole := text
			if !strings.HasPrefix(text, "{") {
				whole = fmt.Sprintf("apiVersion: %s\nkind: %s\n%s", map[bool]string{true: "example.com/v1", false: "v1"}[kind == "Thing"], kind, text)
			}
			set, err := manifest.Read("in", strings.NewReader(whole))
			said := fmt.Sprint(err, set.Findings())
			for _, secret := range []string{"hunter2\"", "hunter2 ", "hunter2'", "hunter2`", "hunter2!", "hunter2\n", ": hunter2", "1142"} {
				if strings.Contains(said+"\n", secret) {
					t.Errorf("%s of a %s: %q appears in %s", name, kind, secret, said)
				}
			}
		}
	}
}

func TestErrorsOfEnvironmentValuesQuoteNone(t *testing.T) {
	for _, value := range []string{"1142", "{hunter2: x}", "[hunter2]", "true"} {
		text := "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: c\n    env:\n    - name: PASSWORD\n      value: " + value + "\n"
		_, err := manifest.Read("in", strings.NewReader(text))
		want := "in:9: document 1: Pod/a: spec.containers[0].env[0].value: want a string, not "
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "1142") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v", value, err)
		}
	}
}
