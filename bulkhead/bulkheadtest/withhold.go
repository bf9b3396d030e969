// SPDX-License-Identifier: Apache-2.0

package bulkheadtest

import (
	"encoding/json"

	"github.com/watertight-go/watertight/bulkhead"
)

// lastApplied is the annotation in which kubectl keeps all that it applied, the
// values of a Secret included (kubectl apply, Kubernetes 1.37).
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// A withheld value takes part in comparisons and does not show.
type withheld struct{ value any }

// Equal makes cmp compare what is withheld.
func (w withheld) Equal(other withheld) bool {
	this, err := json.Marshal(w.value)
	that, otherErr := json.Marshal(other.value)
	return err == nil && otherErr == nil && string(this) == string(that)
}

// MarshalText says that there is a value.
func (withheld) MarshalText() ([]byte, error) { return []byte("(withheld)"), nil }

// withhold wraps, in an object's JSON content, the values that no output may
// show. Keys stay, since they say where a difference is.
func withhold(ref bulkhead.Ref, content map[string]any) {
	if ref.Kind == "Secret" { // of any group: what is called so is treated so
		for _, field := range []string{"data", "stringData"} {
			withholdMembers(content, field)
		}
	}
	if metadata, ok := content["metadata"].(map[string]any); ok {
		if annotations, ok := metadata["annotations"].(map[string]any); ok && annotations[lastApplied] != nil {
			annotations[lastApplied] = withheld{annotations[lastApplied]}
		}
	}
	withholdEnv(content)
}

// withholdMembers wraps every member of a map, and whatever stands in its place.
func withholdMembers(content map[string]any, field string) {
	switch members := content[field].(type) {
	case nil:
	case map[string]any:
		for name, value := range members {
			members[name] = withheld{value}
		}
	default:
		content[field] = withheld{members}
	}
}

// withholdEnv wraps the values of environment variables, wherever a kind has
// containers: the member "value" of the items of a list called "env".
func withholdEnv(value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, field := range v {
			if variables, ok := field.([]any); ok && name == "env" {
				for _, variable := range variables {
					if variable, ok := variable.(map[string]any); ok && variable["value"] != nil {
						variable["value"] = withheld{variable["value"]}
					}
				}
			}
			withholdEnv(field)
		}
	case []any:
		for _, item := range v {
			withholdEnv(item)
		}
	}
}
