// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"github.com/watertight-go/watertight/bulkhead"
)

// ForeignStore is a SecretStore that reads the Secrets of another namespace.
const ForeignStore = "secrets/foreign-store"

func foreignStore(p *bulkhead.Pass) {
	for obj, content := range ofExternalSecrets(p.Objects, "SecretStore") {
		config := mapAt(content, "spec", "provider", "kubernetes")
		remote, field := stringAt(config, "remoteNamespace"), "spec.provider.kubernetes.remoteNamespace"
		if remote == "" {
			remote, field = "default", "spec.provider.kubernetes"
		}
		if config != nil && ownServer(stringAt(config, "server", "url")) && obj.GetNamespace() != "" && remote != obj.GetNamespace() {
			p.Reportf(obj, written(field), "read the Secrets of its own namespace, or let the other namespace give them",
				"copies Secrets of namespace %s into its own, as far as its service account may read them", remote)
		}
	}
}
