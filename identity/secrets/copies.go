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

// copies judges the controllers that copy Secrets and ConfigMaps across namespaces, and Secrets
// that are sealed for every namespace.
func (c *check) copies() {
	for _, obj := range c.production {
		if s, ok := copiableOf(obj); ok {
			c.reflected(s)
			c.replicated(s)
		}
		if isSealed(obj) {
			c.sealedForAll(obj)
		}
	}
	for _, obj := range c.staging {
		switch {
		case isSealed(obj) && !c.present(bulkhead.Ref{Kind: "Secret", Namespace: obj.GetNamespace(), Name: obj.GetName()}) &&
			!slices.Contains(c.b.Vetted, bulkhead.RefTo(obj)):
			c.miss("what is sealed in %s", bulkhead.RefTo(obj))
		case isSecret(obj), isConfigMap(obj):
			c.copiedFrom(obj)
		}
	}
}

// A copiable is what controllers may copy: a Secret or a ConfigMap, or an object of which a
// controller makes a Secret with the annotations that it names.
type copiable struct {
	object bulkhead.Object
	given  map[string]string
	at     string // where the annotations stand
}

func (s copiable) field(key string) string { return s.at + "[" + key + "]" }

// copiableOf reads the annotations of a Secret or ConfigMap, or those in the template of a
// Certificate (cert-manager, apis/certmanager/v1, CertificateSecretTemplate), an ExternalSecret
// (apis/externalsecrets/v1, ExternalSecretTemplate) or a SealedSecret (pkg/apis/sealedsecrets/v1alpha1,
// SecretTemplateSpec).
func copiableOf(obj bulkhead.Object) (copiable, bool) {
	s := copiable{object: obj, given: obj.GetAnnotations(), at: "metadata.annotations"}
	if isSecret(obj) || isConfigMap(obj) {
		return s, true
	}
	ref := bulkhead.RefTo(obj)
	var path []string
	switch {
	case ref.Group == "cert-manager.io" && ref.Kind == "Certificate":
		path = []string{"spec", "secretTemplate", "annotations"}
	case ref.Group == externalSecretsGroup && ref.Kind == "ExternalSecret":
		path = []string{"spec", "target", "template", "metadata", "annotations"}
	case isSealed(obj):
		path = []string{"spec", "template", "metadata", "annotations"}
	default:
		return copiable{}, false
	}
	s.at, s.given = strings.Join(path, "."), make(map[string]string)
	for key, value := range mapAt(contentOf(obj), path...) {
		s.given[key], _ = value.(string)
	}
	return s, true
}

func annotation(key string) string { return "metadata.annotations[" + key + "]" }

// copied reports that something may get to a namespace by an annotation. A Secret of production
// must not; of a ConfigMap what it holds decides.
func (c *check) copied(s copiable, key, namespace string, m match) {
	if m == no {
		return
	}
	ref := bulkhead.RefTo(s.object)
	lets := bulkhead.Hop{Object: ref, Field: s.field(key), Text: "lets the Secret be copied to namespace " + namespace}
	paths := [][]bulkhead.Hop{{lets}}
	if isConfigMap(s.object) {
		lets.Text, paths = "lets the ConfigMap be copied to namespace "+namespace, nil
		for _, l := range c.leaks(s.object, namespace) {
			paths = append(paths, append([]bulkhead.Hop{lets}, l.path...))
		}
	}
	for _, path := range paths {
		if m == perhaps {
			c.miss("%s: it is not known whether it matches namespace %s", spot(ref, lets.Field), namespace)
			continue
		}
		c.breach(ProductionStore, "take the annotation away, and what was copied", path...)
	}
}

// reflected judges the annotations of Reflector: who is allowed may copy, by an object
// with the annotation reflects, and a list that is empty allows all (emberstack
// kubernetes-reflector, Mirroring/Core, MirroringPropertiesExtensions: patterns match whole names).
func (c *check) reflected(s copiable) {
	if !strings.EqualFold(strings.TrimSpace(s.given[reflectionAllowed]), "true") {
		return
	}
	for _, namespace := range c.b.From {
		m := yes
		if list := s.given[reflector+"reflection-allowed-namespaces"]; list != "" {
			m = patterns(list, namespace)
		}
		c.copied(s, reflectionAllowed, namespace, m)
	}
}

// replicated judges the annotations of kubernetes-replicator (mittwald,
// replicate/common, generic-replicator.go: patterns match whole names).
func (c *check) replicated(s copiable) {
	for _, namespace := range c.b.From {
		switch strings.TrimSpace(s.given[replicationAllowed]) {
		case "1", "t", "T", "true", "TRUE", "True": // strconv.ParseBool
			c.copied(s, replicationAllowed, namespace, patterns(s.given[replicator+"replication-allowed-namespaces"], namespace))
		}
		c.copied(s, replicateTo, namespace, patterns(s.given[replicateTo], namespace))
		if text, ok := s.given[replicateMatching]; ok {
			if selector, err := labels.Parse(text); err == nil {
				c.copied(s, replicateMatching, namespace, c.spaces.matches(selector, namespace))
			}
		}
	}
}

// copiedFrom judges a Secret or ConfigMap of staging that asks for a copy of one of production. The
// replicator gives it without asking the source if it runs with --allow-all.
func (c *check) copiedFrom(obj bulkhead.Object) {
	given := obj.GetAnnotations()
	for _, key := range []string{replicateFrom, reflector + "reflects"} {
		namespace, name, ok := strings.Cut(given[key], "/")
		if !ok || !c.away[namespace] {
			continue
		}
		source := bulkhead.Ref{Kind: bulkhead.RefTo(obj).Kind, Namespace: namespace, Name: name}
		switch {
		case c.byRef[source] == nil:
			c.miss("%s, which %s asks to be a copy of", source, bulkhead.RefTo(obj))
		case key == replicateFrom && (isSecret(obj) || len(c.leaks(c.byRef[source], obj.GetNamespace())) > 0):
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
// there (Sealed Secrets, README, "Scopes"; pkg/apis/sealedsecrets/v1alpha1, sealedsecret_expansion.go,
// SecretScope, which asks for exactly this word).
func (c *check) sealedForAll(obj bulkhead.Object) {
	if obj.GetAnnotations()[sealedClusterWide] == "true" {
		c.breach(ProductionStore, "seal it anew with the scope strict", bulkhead.Hop{
			Object: bulkhead.RefTo(obj), Field: annotation(sealedClusterWide), Text: "may be unsealed in every namespace by whoever has read it",
		})
	}
}
