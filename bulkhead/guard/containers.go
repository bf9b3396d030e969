// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"

	"github.com/watertight-go/watertight/internal/celtext"
)

// containerLists are the lists of containers in a pod.
func containerLists() []string {
	return []string{"containers", "initContainers", "ephemeralContainers"}
}

// ofEveryContainer are the fields of containers by which one reaches what it should
// not, and that containers of each list have.
func ofEveryContainer() []string {
	return []string{
		"args", "command", "env", "envFrom", "image", "imagePullPolicy", "securityContext", "volumeDevices", "volumeMounts",
	}
}

// containerFields returns the fields of the elements of a list of containers that
// expressions look at, in pods and in templates, and the place of the first look.
func containerFields(expressions []expression, list string) (fields []string, first expression) {
	for _, e := range expressions {
		for _, value := range e.Reads {
			for _, path := range value {
				if path[0] != "object" {
					continue
				}
				at := slices.Index(path, list)
				if at < 0 || at+2 >= len(path) || path[at+1] != celtext.Element {
					continue
				}
				if len(fields) == 0 {
					first = e
				}
				if !slices.Contains(fields, path[at+2]) {
					fields = append(fields, path[at+2])
				}
			}
		}
	}
	return fields, first
}

// mention reports whether an expression names something, in whatever place.
func mention(expressions []expression, name string) bool {
	return slices.ContainsFunc(expressions, func(e expression) bool { return e.Mentions(name) })
}

// anyIn returns the first of some words that is in a list.
func anyIn(words, list []string) (string, bool) {
	for _, word := range words {
		if slices.Contains(list, word) {
			return word, true
		}
	}
	return "", false
}
