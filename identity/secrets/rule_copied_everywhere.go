// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// CopiedEverywhere is a Secret that a controller copies to every namespace that asks, or
// one that is sealed for every namespace.
const CopiedEverywhere = "secrets/copied-everywhere"

func copiedEverywhere(p *bulkhead.Pass) {
	const fix = "name the namespaces that need it"
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		given := obj.GetAnnotations()
		switch {
		case isSealed(obj) && given[sealedClusterWide] == "true":
			p.Reportf(obj, written(annotation(sealedClusterWide)), "seal it anew with the scope strict",
				"is unsealed in any namespace: whoever has read the manifest and may create a SealedSecret has the Secret")
		case !isSecret(obj):
		case strings.EqualFold(given[reflectionAllowed], "true") && all(given[reflector+"reflection-allowed-namespaces"], true):
			p.Reportf(obj, written(annotation(reflectionAllowed)), fix, "may be copied to every namespace, present and future, that asks for it")
		case all(given[replicateTo], false):
			p.Reportf(obj, written(annotation(replicateTo)), fix, "is copied to every namespace, present and future")
		case given[replicationAllowed] == "true" && all(given[replicator+"replication-allowed-namespaces"], false):
			p.Reportf(obj, written(annotation(replicationAllowed)), fix, "may be copied to every namespace, present and future, that asks for it")
		}
	}
}

// all reports whether a list of patterns has one that matches every name; whether an
// empty list does is for the controller to say.
func all(list string, empty bool) bool {
	if strings.TrimSpace(list) == "" {
		return empty
	}
	for expression := range strings.SplitSeq(list, ",") {
		switch strings.TrimSpace(expression) {
		case ".*", ".+", "^.*$", "^.+$", "*":
			return true
		}
	}
	return false
}
