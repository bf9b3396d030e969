// SPDX-License-Identifier: Apache-2.0

package secrets

import "k8s.io/apimachinery/pkg/util/validation/field"

// written returns the path that a place has already, which is text, in the form that a
// rule reports.
func written(path string) *field.Path {
	if path == "" {
		return nil
	}
	return field.NewPath(path)
}
