// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"iter"

	"github.com/watertight-go/watertight/bulkhead"
)

// StoreForEveryone is a ClusterSecretStore that every namespace may use.
const StoreForEveryone = "secrets/store-for-everyone"

func storeForEveryone(p *bulkhead.Pass) {
	for obj, content := range ofExternalSecrets(p.Objects, "ClusterSecretStore") {
		if len(listAt(content, "spec", "conditions")) == 0 && mapAt(content, "spec", "provider", "fake") == nil {
			p.Reportf(obj, written("spec"), "name the namespaces in spec.conditions",
				"has no conditions: whoever may create an ExternalSecret in any namespace, present or future, reads what the store reads")
		}
	}
}

// ofExternalSecrets yields the objects of a kind of External Secrets, with their content.
func ofExternalSecrets(objs []bulkhead.Object, kind string) iter.Seq2[bulkhead.Object, map[string]any] {
	return func(yield func(bulkhead.Object, map[string]any) bool) {
		for obj := range bulkhead.Each[bulkhead.Object](objs) {
			ref := bulkhead.RefTo(obj)
			if ref.Group == externalSecretsGroup && ref.Kind == kind && !yield(obj, contentOf(obj)) {
				return
			}
		}
	}
}
