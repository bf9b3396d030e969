// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"fmt"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// stores judges the ways through External Secrets and the Secrets Store CSI driver. Who
// may create an ExternalSecret in staging may name any store that admits it, so that a
// store counts also where nothing uses it yet.
func (c *check) stores() {
	for _, obj := range c.objs {
		ref := bulkhead.RefTo(obj)
		if ref.Group != externalSecretsGroup && ref.Group != secretsStoreGroup {
			continue
		}
		content := contentOf(obj)
		switch {
		case ref.Group == externalSecretsGroup && ref.Kind == "ClusterSecretStore":
			c.clusterStore(ref, content)
		case ref.Group == externalSecretsGroup && ref.Kind == "SecretStore" && c.from[ref.Namespace]:
			c.localStore(ref, content)
		case ref.Group == externalSecretsGroup && ref.Kind == "ExternalSecret" && c.from[ref.Namespace]:
			c.externalSecret(ref, content)
		case ref.Group == externalSecretsGroup && ref.Kind == "ClusterExternalSecret":
			c.clusterExternalSecret(ref, content)
		case ref.Group == externalSecretsGroup && (ref.Kind == "PushSecret" || ref.Kind == "ClusterPushSecret"):
			c.pushSecret(ref, content)
		case ref.Group == secretsStoreGroup && ref.Kind == "SecretProviderClass" && c.from[ref.Namespace]:
			c.providerClass(ref, content)
		}
	}
}

// An admission is one part of a ClusterSecretStore that lets a namespace use it.
type admission struct {
	field, text string
	match       match
}

// admissions returns what in a ClusterSecretStore admits a namespace. Without conditions
// it admits all; of several, and of the parts of one, any is enough, and a regular
// expression matches anywhere in the name (External Secrets, pkg/controllers/secretstore,
// client_manager.go, shouldProcessSecret; docs, "ClusterSecretStore").
func (s spaces) admissions(content map[string]any, namespace string) []admission {
	conditions := listAt(content, "spec", "conditions")
	if len(conditions) == 0 {
		return []admission{{"", "has no conditions, so that namespace " + namespace + " may use it", yes}}
	}
	var out []admission
	add := func(m match, text, field string, args ...any) {
		if m != no {
			out = append(out, admission{fmt.Sprintf(field, args...), text, m})
		}
	}
	for i, condition := range conditions {
		if selector, ok := at(condition, "namespaceSelector").(map[string]any); ok {
			add(s.selects(selector, namespace), "selects namespace "+namespace, "spec.conditions[%d].namespaceSelector", i)
		}
		for k, name := range stringsAt(condition, "namespaces") {
			if name == namespace {
				add(yes, "lists namespace "+namespace, "spec.conditions[%d].namespaces[%d]", i, k)
			}
		}
		for k, expression := range stringsAt(condition, "namespaceRegexes") {
			add(pattern(expression, namespace), "matches namespace "+namespace, "spec.conditions[%d].namespaceRegexes[%d]", i, k)
		}
	}
	return out
}

func (c *check) clusterStore(ref bulkhead.Ref, content map[string]any) {
	for _, namespace := range c.b.From {
		behind := c.backend(content, namespace)
		path := []bulkhead.Hop{{Object: ref, Field: behind.field, Text: behind.why}}
		if user, text, ok := c.productionUses(ref); ok && behind.whose != own && behind.whose != protected {
			behind.whose = protected
			path = []bulkhead.Hop{{Object: user, Text: text}}
		}
		for _, a := range c.spaces.admissions(content, namespace) {
			switch {
			case behind.whose == own:
			case behind.whose != protected:
				c.miss("%s: it is not known %s, and namespace %s may use it", spot(ref, behind.field), behind.why, namespace)
			case a.match == perhaps:
				c.miss("the labels of namespace %s, which decide whether it may use %s", namespace, ref)
			default:
				c.breach(ProductionStore, "let in namespaces of production only",
					append([]bulkhead.Hop{{Object: ref, Field: a.field, Text: a.text}}, path...)...)
			}
		}
	}
}

// productionUses looks for an ExternalSecret or PushSecret of production that uses a
// ClusterSecretStore, so that what is behind it is production's.
func (c *check) productionUses(store bulkhead.Ref) (user bulkhead.Ref, text string, ok bool) {
	for _, obj := range c.production {
		ref := bulkhead.RefTo(obj)
		if ref.Group != externalSecretsGroup {
			continue
		}
		spec := mapAt(contentOf(obj), "spec")
		switch ref.Kind {
		case "ExternalSecret":
			if slices.ContainsFunc(storesOf(spec), func(s storeRef) bool { return s.cluster && s.name == store.Name }) {
				return ref, "reads production's secrets through it", true
			}
		case "PushSecret":
			if slices.ContainsFunc(pushesTo(spec), func(s storeRef) bool { return s.cluster && s.name == store.Name }) {
				return ref, "writes production's secrets to it", true
			}
		}
	}
	return bulkhead.Ref{}, "", false
}

func (c *check) localStore(ref bulkhead.Ref, content map[string]any) {
	switch behind := c.backend(content, ref.Namespace); behind.whose {
	case protected:
		c.breaches = append(c.breaches, bulkhead.Breach{
			Rule:   ProductionStore,
			Path:   []bulkhead.Hop{{Object: ref, Field: behind.field, Text: behind.why}},
			Change: bulkhead.Change{Object: ref, Text: "delete it, or let it read what is staging's own"},
		})
	case unknown:
		c.miss("%s: it is not known %s", spot(ref, behind.field), behind.why)
	case own, barred:
	}
}

// A storeRef names a store.
type storeRef struct {
	name    string
	cluster bool
}

func storeRefAt(content any, keys ...string) storeRef {
	return storeRef{stringAt(at(content, keys...), "name"), stringAt(at(content, keys...), "kind") == "ClusterSecretStore"}
}

// storesOf returns all stores that the spec of an ExternalSecret names.
func storesOf(spec map[string]any) []storeRef {
	out := []storeRef{storeRefAt(spec, "secretStoreRef")}
	for _, list := range []string{"data", "dataFrom"} {
		for _, item := range listAt(spec, list) {
			out = append(out, storeRefAt(item, "sourceRef", "storeRef"))
		}
	}
	return out
}

func pushesTo(spec map[string]any) []storeRef {
	var out []storeRef
	for _, item := range listAt(spec, "secretStoreRefs") {
		out = append(out, storeRefAt(item))
	}
	return out
}

// pushSecret judges whether production's Secrets are written into staging, by the
// provider that writes to a namespace. What else is written to a store that staging may
// use is judged with the store.
func (c *check) pushSecret(ref bulkhead.Ref, content map[string]any) {
	spec, namespaces := mapAt(content, "spec"), []string{ref.Namespace}
	if ref.Kind == "ClusterPushSecret" {
		spec, namespaces = mapAt(content, "spec", "pushSecretSpec"), nil
		for _, namespace := range c.b.Away {
			if len(c.selections(content, namespace)) > 0 {
				namespaces = append(namespaces, namespace)
			}
		}
	}
	for _, namespace := range namespaces {
		if !c.away[namespace] {
			continue
		}
		for _, s := range pushesTo(spec) {
			store, at, ok := c.store(s, namespace)
			if !ok {
				c.miss("%s, to which %s writes Secrets of production", at, ref)
				continue
			}
			remote := stringAt(store, "spec", "provider", "kubernetes", "remoteNamespace")
			if c.from[remote] {
				c.breach(ProductionStore, "delete it, or write elsewhere", bulkhead.Hop{Object: ref, Text: "writes a Secret of namespace " + namespace},
					bulkhead.Hop{Object: at, Field: "spec.provider.kubernetes.remoteNamespace", Text: "puts it into namespace " + remote})
			}
		}
	}
}

// store looks up the store that a reference means from a namespace.
func (c *check) store(s storeRef, namespace string) (content map[string]any, ref bulkhead.Ref, ok bool) {
	ref = bulkhead.Ref{Group: externalSecretsGroup, Kind: "SecretStore", Namespace: namespace, Name: s.name}
	if s.cluster {
		ref.Kind, ref.Namespace = "ClusterSecretStore", ""
	}
	for _, obj := range c.objs {
		if bulkhead.RefTo(obj) == ref {
			content = contentOf(obj)
			return content, ref, content != nil
		}
	}
	return nil, ref, false
}
