// SPDX-License-Identifier: Apache-2.0

package netpol

import "k8s.io/apimachinery/pkg/util/validation"

// impossibleName says why no namespace can have a name that a selector asks for.
// It leaves out what is no label value either, since selectors are refused for
// that already.
func impossibleName(name string) (why string, impossible bool) {
	if len(validation.IsValidLabelValue(name)) > 0 || len(validation.IsDNS1123Label(name)) == 0 {
		return "", false
	}
	return "no namespace can have this name: it takes lower case letters, digits and dashes, and begins and ends with a letter or digit", true
}
