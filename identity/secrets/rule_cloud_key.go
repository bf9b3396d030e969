// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
)

// CloudKey is a key of a cloud account that does not expire by itself, in a Secret or a
// ConfigMap.
const CloudKey = "secrets/cloud-key"

func cloudKey(p *bulkhead.Pass) {
	stores := func(obj bulkhead.Object) bool {
		ref := bulkhead.RefTo(obj)
		return ref.Group == "" && (ref.Kind == "Secret" || ref.Kind == "ConfigMap")
	}
	eachHeld(p, stores, nil, func(h holdings, c held, at place) {
		switch c.Kind {
		case credential.GoogleKey, credential.AWSKey, credential.AzureSecret, credential.AzureKey:
			p.Reportf(h.object, written(at.field), "delete the key, and give the workload an identity of its own",
				"holds %s, which is good until somebody revokes it, for whoever has read it once", c.Kind)
		default:
		}
	})
}
