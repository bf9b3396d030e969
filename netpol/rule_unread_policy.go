// SPDX-License-Identifier: Apache-2.0

package netpol

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
)

// UnreadPolicy is a network policy of a kind that the rules of this package do
// not read.
const UnreadPolicy = "netpol/unread-policy"

func unreadPolicy(p *bulkhead.Pass) {
	for u := range bulkhead.Each[*unstructured.Unstructured](p.Objects) {
		ref := bulkhead.RefTo(u)
		switch {
		case !isForeignPolicy(ref):
		case ref.Group == "extensions":
			p.Reportf(u, nil, "write apiVersion: networking.k8s.io/v1",
				"Kubernetes has not served NetworkPolicy in extensions/v1beta1 since 1.16 and refuses the object, so that what it should protect stays open")
		case ref.Group == "networking.k8s.io" && ref.Kind == "NetworkPolicy":
			p.Reportf(u, nil, "convert it with manifest.Typed, or read the manifest with package manifest",
				"the policy is an unstructured object, which the rules do not read")
		default:
			p.Reportf(u, nil, "check the policy with the tools of its dataplane",
				"%s %s is not read here: it may open or close what other findings say about the same pods", u.GetAPIVersion(), u.GetKind())
		}
	}
}
