// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// MisplacedIdentity is the name of an identity in a cloud where nothing reads it:
// under a misspelled key, or in a label.
const MisplacedIdentity = "identity/misplaced-identity"

func misplacedIdentity(p *bulkhead.Pass) {
	for account := range bulkhead.Each[*corev1.ServiceAccount](p.Objects) {
		for _, key := range slices.Sorted(maps.Keys(account.Labels)) {
			if slices.Contains(identityKeys(), key) {
				p.Reportf(account, field.NewPath("metadata", "labels").Key(key), "move it to the annotations",
					"the identity is named in a label, which nothing reads, so the pods act without it")
			}
		}
		for _, key := range slices.Sorted(maps.Keys(account.Annotations)) {
			if meant := identityKeyMeantBy(key); meant != "" {
				p.Reportf(account, annotationPath(key), "write "+meant,
					"nothing reads an annotation of this name, so the pods act without the identity")
			}
		}
	}
}

// identityKeyMeantBy returns the key that another is a slip for, or "". Other keys of
// the same readers are right.
func identityKeyMeantBy(key string) string {
	domain, name, ok := strings.Cut(key, "/")
	if !ok || len(key) > longestResource {
		return ""
	}
	for _, meant := range identityKeys() {
		rightDomain, rightName, _ := strings.Cut(meant, "/")
		switch {
		case key == meant || key == AzureTenantAnnotation:
			return ""
		case domain == rightDomain && near(strings.ToLower(name), rightName, 3),
			name == rightName && near(strings.ToLower(domain), rightDomain, 3):
			return meant
		}
	}
	return ""
}
