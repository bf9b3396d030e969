// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A ClusterMode says who runs the nodes of a GKE cluster. Its zero value says nothing,
// and is refused.
type ClusterMode int

// The modes.
const (
	Standard  ClusterMode = iota + 1 // node pools are the user's
	Autopilot                        // nodes are Google's
)

// MetadataServerLabel is on nodes that run the metadata server of GKE, which gives pods
// the tokens of their own accounts and not those of the node.
const MetadataServerLabel = "iam.gke.io/gke-metadata-server-enabled"

// MetadataServerNodes returns the node selector of pods that must not get the tokens of
// their node: it keeps them to nodes with the metadata server of GKE (Google Cloud
// documentation, "Authenticate to Google Cloud APIs from GKE workloads"). Pods on the
// host's network get those tokens all the same.
//
// Autopilot refuses pods with this selector; all its nodes run the server, so they need
// none. For it, and for no mode, it returns a [*bulkhead.InvalidError].
func MetadataServerNodes(mode ClusterMode) (map[string]string, error) {
	at := field.NewPath("mode")
	var errs field.ErrorList
	switch mode {
	case Standard:
		return map[string]string{MetadataServerLabel: "true"}, nil
	case Autopilot:
		errs = append(errs, field.Invalid(at, "Autopilot", "refuses pods that select nodes by "+MetadataServerLabel+"; all its nodes run the server, so leave the selector out"))
	default:
		errs = append(errs, field.Required(at, "whether the cluster is Standard or Autopilot"))
	}
	return nil, refuse(bulkhead.Ref{Kind: "Pod"}, errs)
}
