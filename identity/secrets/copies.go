// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/watertight-go/watertight/bulkhead"
)

// Annotations of controllers that copy Secrets, and of Sealed Secrets.
const (
	reflector          = "reflector.v1.k8s.emberstack.com/"
	replicator         = "replicator.v1.mittwald.de/"
	sealedClusterWide  = "sealedsecrets.bitnami.com/cluster-wide"
	reflectionAllowed  = reflector + "reflection-allowed"
	replicationAllowed = replicator + "replication-allowed"
	replicateTo        = replicator + "replicate-to"
	replicateMatching  = replicator + "replicate-to-matching"
	replicateFrom      = replicator + "replicate-from"
)

// copies judges the controllers that copy Secrets across namespaces, and Secrets that
// are sealed for every namespace.
func (c *check) copies() {
	for _, obj := range c.production {
		switch {
		case isSecret(obj):
			c.reflected(obj)
			c.replicated(obj)
		case isSealed(obj):
			c.sealedForAll(obj)
		}
	}
	for _, obj := range c.staging {
		switch {
		case isSealed(obj) && !c.present(bulkhead.Ref{Kind: "Secret", Namespace: obj.GetNamespace(), Name: obj.GetName()}) &&
			!slices.Contains(c.b.Vetted, bulkhead.RefTo(obj)):
			c.miss("what is sealed in %s", bulkhead.RefTo(obj))
		case isSecret(obj):
			c.copiedFrom(obj)
		}
	}
}

func annotation(key string) string { return "metadata.annotations[" + key + "]" }

// copied reports that a Secret may get to a namespace by an annotation.
func (c *check) copied(obj bulkhead.Object, key, namespace string, m match) {
	ref := bulkhead.RefTo(obj)
	switch m {
	case yes:
		c.breach(ProductionStore, "take the annotation away, and what was copied", bulkhead.Hop{
			Object: ref, Field: annotation(key), Text: "lets the Secret be copied to namespace " + namespace,
		})
	case no:
	case perhaps:
		c.miss("%s %s: it is not known whether it matches namespace %s", ref, annotation(key), namespace)
	}
}

// reflected judges the annotations of Reflector: who is allowed may copy, by a Secret
// with the annotation reflects, and a list that is empty allows all (emberstack
// kubernetes-reflector, MirroringProperties: patterns match whole names).
func (c *check) reflected(obj bulkhead.Object) {
	given := obj.GetAnnotations()
	if !strings.EqualFold(strings.TrimSpace(given[reflectionAllowed]), "true") {
		return
	}
	for _, namespace := range c.b.From {
		m := yes
		if list := given[reflector+"reflection-allowed-namespaces"]; strings.TrimSpace(list) != "" {
			m = patterns(list, namespace)
		}
		c.copied(obj, reflectionAllowed, namespace, m)
	}
}

// replicated judges the annotations of kubernetes-replicator (mittwald,
// replicate/common, generic-replicator.go: patterns match whole names).
func (c *check) replicated(obj bulkhead.Object) {
	given := obj.GetAnnotations()
	for _, namespace := range c.b.From {
		switch strings.TrimSpace(given[replicationAllowed]) {
		case "1", "t", "T", "true", "TRUE", "True": // strconv.ParseBool
			c.copied(obj, replicationAllowed, namespace, patterns(given[replicator+"replication-allowed-namespaces"], namespace))
		}
		c.copied(obj, replicateTo, namespace, patterns(given[replicateTo], namespace))
		if text, ok := given[replicateMatching]; ok {
			if selector, err := labels.Parse(text); err == nil {
				c.copied(obj, replicateMatching, namespace, c.spaces.matches(selector, namespace))
			}
		}
	}
}

// copiedFrom judges a Secret of staging that asks for a copy of one of production. The
// replicator gives it without asking the source if it runs with --allow-all.
func (c *check) copiedFrom(obj bulkhead.Object) {
	given := obj.GetAnnotations()
	for _, key := range []string{replicateFrom, reflector + "reflects"} {
		namespace, name, ok := strings.Cut(given[key], "/")
		if !ok || !c.away[namespace] {
			continue
		}
		source := bulkhead.Ref{Kind: "Secret", Namespace: namespace, Name: name}
		switch {
		case c.byRef[source] == nil:
			c.miss("%s, which %s asks to be a copy of", source, bulkhead.RefTo(obj))
		case key == replicateFrom:
			c.miss("whether kubernetes-replicator runs with --allow-all: %s asks to be a copy of %s", bulkhead.RefTo(obj), source)
		}
	}
}

func isSealed(obj bulkhead.Object) bool {
	ref := bulkhead.RefTo(obj)
	return ref.Group == "bitnami.com" && ref.Kind == "SealedSecret"
}

// sealedForAll judges the scope of a SealedSecret. One with the scope cluster-wide may be
// put into any namespace, under any name, by whoever has read it in Git, and is unsealed
// there (Sealed Secrets, README, "Scopes").
func (c *check) sealedForAll(obj bulkhead.Object) {
	if strings.EqualFold(obj.GetAnnotations()[sealedClusterWide], "true") {
		c.breach(ProductionStore, "seal it anew with the scope strict", bulkhead.Hop{
			Object: bulkhead.RefTo(obj), Field: annotation(sealedClusterWide), Text: "may be unsealed in every namespace by whoever has read it",
		})
	}
}
