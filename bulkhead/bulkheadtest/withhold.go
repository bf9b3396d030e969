// SPDX-License-Identifier: Apache-2.0

package bulkheadtest

import (
	"encoding/json"
	"slices"
	"strings"

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
func withhold(ref bulkhead.Ref, content map[string]any) { withholdMembersOf(content, ref.Kind) }

// withholdIn looks for such values in a part of an object. The implied kind is that
// of the items of a list, which need not say it themselves.
func withholdIn(value any, impliedKind string) {
	switch v := value.(type) {
	case map[string]any:
		withholdMembersOf(v, impliedKind)
	case []any:
		for _, item := range v {
			withholdIn(item, impliedKind)
		}
	}
}

func withholdMembersOf(m map[string]any, impliedKind string) {
	kind, _ := m["kind"].(string)
	if kind == "" {
		kind = impliedKind
	}
	// A Secret of any group: what is called so is treated so. An object within
	// another that does not say its kind may be one.
	if _, isObject := m["metadata"].(map[string]any); kind == "Secret" || kind == "" && isObject {
		withholdEach(m, "data")
	}
	withholdEach(m, "stringData") // no other kind has it
	for name, member := range m {
		switch {
		case name == lastApplied && member != nil:
			m[name] = withheld{member}
		case isEnvironment(name):
			withholdVariables(member)
		case name == "args" || name == "command":
			withholdArguments(member)
		}
		items := ""
		if name == "items" {
			items, _ = strings.CutSuffix(kind, "List")
		}
		withholdIn(member, items)
	}
}

// withholdEach wraps every member of a map, and whatever stands in its place.
func withholdEach(m map[string]any, name string) {
	switch members := m[name].(type) {
	case nil:
	case map[string]any:
		withholdAll(members)
	default:
		m[name] = withheld{members}
	}
}

func withholdAll(members map[string]any, but ...string) {
	for name, value := range members {
		if value != nil && !slices.Contains(but, name) {
			members[name] = withheld{value}
		}
	}
}

// isEnvironment reports whether a field of this name holds environment variables,
// in containers and in custom resources that make some.
func isEnvironment(name string) bool {
	switch strings.ToLower(name) {
	case "env", "envs", "envvars", "extraenv", "extraenvs", "extraenvvars", "environment", "environmentvariables":
		return true
	}
	return false
}

// withholdVariables wraps the values of environment variables: in a map all, in a
// list all but the name and the place that a value comes from. A text, such as that
// of a label called env, is none.
func withholdVariables(variables any) {
	switch v := variables.(type) {
	case map[string]any:
		withholdAll(v)
	case []any:
		for i, variable := range v {
			if members, ok := variable.(map[string]any); ok {
				withholdAll(members, "name", "valueFrom")
			} else {
				v[i] = withheld{variable}
			}
		}
	}
}
