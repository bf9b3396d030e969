// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// podSecurityLabels lists the labels that Pod Security reads.
func podSecurityLabels() []string {
	return []string{
		EnforceLabel, EnforceLabel + versionSuffix, AuditLabel, AuditLabel + versionSuffix,
		WarnLabel, WarnLabel + versionSuffix,
	}
}

// podSecurityKeys returns the labels of a namespace under the prefix of Pod
// Security, sorted.
func podSecurityKeys(labels map[string]string) []string {
	return slices.Sorted(func(yield func(string) bool) {
		for key := range maps.Keys(labels) {
			if strings.HasPrefix(key, podSecurityPrefix) && !yield(key) {
				return
			}
		}
	})
}

// isPodSecurityVersion reports whether a text names a version of the standards, of
// which there is one for each minor version of Kubernetes 1
// (k8s.io/pod-security-admission v0.37, api/helpers.go, ParseVersion).
func isPodSecurityVersion(text string) bool {
	return text == "latest" || regexp.MustCompile(`^v1\.([0-9]|[1-9][0-9]*)$`).MatchString(text)
}

func labelPath(key string) *field.Path { return field.NewPath("metadata", "labels").Key(key) }
