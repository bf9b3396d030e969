// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// stores judges the ways through External Secrets and the Secrets Store CSI driver. Who
// may create an ExternalSecret in staging may name any store that admits it, so that a
// store counts also where nothing uses it yet.
func (c *check) stores() {
	c.findUses()
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
		behind := c.backend(content, namespace, true)
		path := []bulkhead.Hop{{Object: ref, Field: behind.field, Text: behind.why}}
		// What production reads from a store of both sides is not all that is there; what it writes to it is.
		if u, ok := c.uses[ref.Name]; ok && (behind.whose == unknown || behind.whose == own && u.writes) {
			behind.whose = protected
			path = []bulkhead.Hop{{Object: u.by, Text: u.String()}}
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

// A use is an object by which production uses a ClusterSecretStore, so that what is
// behind it is production's.
type use struct {
	by     bulkhead.Ref
	writes bool
}

func (u use) String() string {
	if u.writes {
		return "writes production's secrets to it"
	}
	return "reads production's secrets through it"
}

// findUses looks for the first ExternalSecret or PushSecret of production, or one made in it, for
// each ClusterSecretStore. One that writes counts before those that read.
func (c *check) findUses() {
	c.uses = make(map[string]use)
	for _, obj := range c.objs {
		ref := bulkhead.RefTo(obj)
		if ref.Group != externalSecretsGroup {
			continue
		}
		content := contentOf(obj)
		spec := mapAt(content, "spec")
		inProduction := c.away[ref.Namespace]
		if strings.HasPrefix(ref.Kind, "Cluster") {
			inProduction = slices.ContainsFunc(c.b.Away, func(namespace string) bool { return len(c.selections(content, namespace)) > 0 })
		}
		if !inProduction {
			continue
		}
		switch ref.Kind {
		case "ExternalSecret":
			c.used(use{by: ref}, storesOf(spec))
		case "ClusterExternalSecret":
			c.used(use{by: ref}, storesOf(mapAt(spec, "externalSecretSpec")))
		case "PushSecret":
			c.used(use{ref, true}, pushesTo(spec))
		case "ClusterPushSecret":
			c.used(use{ref, true}, pushesTo(mapAt(spec, "pushSecretSpec")))
		}
	}
}

func (c *check) used(u use, stores []storeRef) {
	for _, s := range stores {
		if old, ok := c.uses[s.name]; s.cluster && (!ok || u.writes && !old.writes) {
			c.uses[s.name] = u
		}
	}
}

func (c *check) localStore(ref bulkhead.Ref, content map[string]any) {
	switch behind := c.backend(content, ref.Namespace, false); behind.whose {
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
			c.pushedTo(ref, spec, namespace, store, at)
		}
	}
}

// pushedTo judges what a PushSecret writes to one store: into the namespace of the store, or, by a
// ClusterSecretStore, into one of its own (providers/v1/kubernetes, client.go, PushSecret).
func (c *check) pushedTo(ref bulkhead.Ref, spec map[string]any, namespace string, store map[string]any, at bulkhead.Ref) {
	config := mapAt(store, "spec", "provider", "kubernetes")
	if config == nil || !ownServer(stringAt(config, "server", "url")) {
		return
	}
	push := bulkhead.Hop{Object: ref, Text: "writes a Secret of namespace " + namespace}
	own := func(item any) string { return stringAt(item, "metadata", "spec", "remoteNamespace") }
	for i, item := range listAt(spec, "data") {
		if to := own(item); at.Kind == "ClusterSecretStore" && c.from[to] {
			c.breach(ProductionStore, "delete it, or write elsewhere", push,
				bulkhead.Hop{Object: ref, Field: fmt.Sprintf("%s.data[%d].metadata.spec.remoteNamespace", specOf(ref), i), Text: "puts it into namespace " + to})
		}
	}
	if to := stringAt(config, "remoteNamespace"); c.from[to] {
		c.breach(ProductionStore, "delete it, or write elsewhere", push,
			bulkhead.Hop{Object: at, Field: "spec.provider.kubernetes.remoteNamespace", Text: "puts it into namespace " + to})
	}
}

// specOf returns where the spec of a PushSecret stands in an object.
func specOf(ref bulkhead.Ref) string {
	if ref.Kind == "ClusterPushSecret" {
		return "spec.pushSecretSpec"
	}
	return "spec"
}

// store looks up the store that a reference means from a namespace.
func (c *check) store(s storeRef, namespace string) (content map[string]any, ref bulkhead.Ref, ok bool) {
	ref = bulkhead.Ref{Group: externalSecretsGroup, Kind: "SecretStore", Namespace: namespace, Name: s.name}
	if s.cluster {
		ref.Kind, ref.Namespace = "ClusterSecretStore", ""
	}
	if obj := c.byRef[ref]; obj != nil {
		content = contentOf(obj)
		return content, ref, content != nil
	}
	return nil, ref, false
}
