// SPDX-License-Identifier: Apache-2.0

package manifest

import "strings"

// isList reports whether a kind is a List of objects for certain. A custom
// resource may be called AllowList and have items that are no objects.
func isList(apiVersion, kind string) bool {
	itemKind, ok := strings.CutSuffix(kind, "List")
	if itemKind == "" {
		return ok && apiVersion == "v1"
	}
	return ok && isKnown(apiVersion, itemKind)
}

// kindOfItems returns apiVersion and kind of the items of a List that name none:
// nothing for a List of any kinds.
func kindOfItems(apiVersion, kind string) (itemVersion, itemKind string) {
	if kind == "List" {
		return "", ""
	}
	return apiVersion, strings.TrimSuffix(kind, "List")
}

// nameTheirKind reports whether a JSON value is an array of objects that all have
// an apiVersion and a kind, as the items of Lists have and hardly anything else.
func nameTheirKind(items []byte) bool {
	found := false
	for start, end := range elements(items) {
		apiVersion, kind, _ := typeOf(items[start:end])
		if apiVersion == "" || kind == "" {
			return false
		}
		found = true
	}
	return found
}
