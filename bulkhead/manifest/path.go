// SPDX-License-Identifier: Apache-2.0

package manifest

import "strings"

// join puts a field name behind a path.
func join(path, name string) string {
	if path == "" || name == "" {
		return path + name
	}
	return path + "." + name
}

// cutTag splits a JSON struct tag into the name and its options.
func cutTag(tag string) (name string, options []string) {
	parts := strings.Split(tag, ",")
	return parts[0], parts[1:]
}

// nextIndex cuts a leading "[3]" or "[key]" off a path.
func nextIndex(path string) (index, rest string, ok bool) {
	inner, ok := strings.CutPrefix(path, "[")
	if !ok {
		return "", path, false
	}
	return strings.Cut(inner, "]")
}

// matchesName reports whether a path begins with the field name, and returns
// what follows. Names may hold dots, so the caller tries the longest first.
func matchesName(path, name string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, name)
	if !ok || name == "" {
		return "", false
	}
	if rest == "" || rest[0] == '[' {
		return rest, true
	}
	return strings.CutPrefix(rest, ".")
}
