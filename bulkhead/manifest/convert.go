// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/watertight-go/watertight/bulkhead"
)

// anyObject is what every Kubernetes object has.
type anyObject struct {
	metav1.TypeMeta `json:",inline"`
	Metadata        metav1.ObjectMeta `json:"metadata"`
}

// toJSON turns the text into JSON with the values that kubectl sees, and reports
// whether a field stands twice in YAML, where JSON keeps only the last.
func (d *document) toJSON() (data []byte, twice bool, err error) {
	if len(d.text) > MaxDocument {
		return nil, false, d.fail("", d.firstContent(), &LimitError{"bytes in one document", MaxDocument})
	}
	if d.isJSON() {
		data = bytes.TrimSpace(d.text)
	} else if data, twice, err = d.fromYAML(); err != nil {
		return nil, false, err
	}
	if err := admitJSON(data); err != nil {
		return nil, false, d.fail("", d.firstContent(), err)
	}
	return data, twice, nil
}

// typeOf returns apiVersion and kind of a JSON object, each empty unless it is a
// string, and whether the object has any of the two. Of fields that stand twice
// the last one counts.
func typeOf(data []byte) (apiVersion, kind string, ok bool) {
	for m := range members(data) {
		value := data[m.start:m.end]
		switch m.name {
		case "apiVersion":
			apiVersion, ok = stringOf(value), true
		case "kind":
			kind, ok = stringOf(value), true
		}
	}
	return apiVersion, kind, ok
}

// refOf names the object that the JSON text describes, as far as it can be told.
func refOf(data []byte) bulkhead.Ref {
	apiVersion, kind, _ := typeOf(data)
	ref := bulkhead.Ref{Group: schema.FromAPIVersionAndKind(apiVersion, kind).Group, Kind: kind}
	for m := range members(data) {
		if m.name != "metadata" {
			continue
		}
		metadata := data[m.start:m.end]
		for m := range members(metadata) {
			switch m.name {
			case "name":
				ref.Name = stringOf(metadata[m.start:m.end])
			case "namespace":
				ref.Namespace = stringOf(metadata[m.start:m.end])
			}
		}
	}
	return ref
}

// valueOf returns the value of that name in a JSON object, or nothing. Of values
// that stand twice the last one counts.
func valueOf(data []byte, name string) (value []byte) {
	for m := range members(data) {
		if m.name == name {
			value = data[m.start:m.end]
		}
	}
	return value
}

// repeatedKey returns a key that a JSON object has twice.
func repeatedKey(data []byte) (string, bool) {
	seen := make(map[string]bool)
	for m := range members(data) {
		if seen[m.name] {
			return m.name, true
		}
		seen[m.name] = true
	}
	return "", false
}
