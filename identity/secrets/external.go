// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// A fetch is one thing that an ExternalSecret reads: a secret by its key, or all that a
// search finds.
type fetch struct {
	field string
	store storeRef
	key   string
	find  map[string]any
}

// fetches lists what the spec of an ExternalSecret reads (External Secrets v1,
// ExternalSecretSpec). What a generator makes is nobody's.
func fetches(spec map[string]any, path string) []fetch {
	var out []fetch
	one := func(item any, field string) (fetch, bool) {
		f := fetch{field: field, store: storeRefAt(spec, "secretStoreRef")}
		if own := storeRefAt(item, "sourceRef", "storeRef"); own.name != "" {
			f.store = own
		}
		return f, mapAt(item, "sourceRef", "generatorRef") == nil
	}
	for i, item := range listAt(spec, "data") {
		if f, ok := one(item, fmt.Sprintf("%s.data[%d]", path, i)); ok {
			f.key = stringAt(item, "remoteRef", "key")
			out = append(out, f)
		}
	}
	for i, item := range listAt(spec, "dataFrom") {
		if f, ok := one(item, fmt.Sprintf("%s.dataFrom[%d]", path, i)); ok {
			f.key, f.find = stringAt(item, "extract", "key"), mapAt(item, "find")
			out = append(out, f)
		}
	}
	return out
}

// fetched judges what a fetch reads, from a namespace.
func (c *check) fetched(f fetch, namespace string) (whose, string) {
	w, why := c.remote(f.key)
	if f.find != nil {
		w, why = c.found(f.find)
	}
	if w != unknown || at(f.find, "tags") != nil && len(c.b.Protected.Secrets) > 0 {
		return w, why
	}
	content, ref, ok := c.store(f.store, namespace)
	if !ok {
		return unknown, "what is behind " + ref.String() + ", which is not there"
	}
	if f.store.cluster && len(c.spaces.admissions(content, namespace)) == 0 {
		return own, "" // the store does not let it in
	}
	if c.backend(content, namespace, f.store.cluster).whose != unknown {
		return own, "" // what is production's is reported of the store itself
	}
	return unknown, why
}

// found judges a search: it reads what of Protected.Secrets it matches. The expression
// matches anywhere in a name (External Secrets, runtime/find, matcher.go).
func (c *check) found(find map[string]any) (whose, string) {
	expression, path := stringAt(find, "name", "regexp"), stringAt(find, "path")
	for _, name := range c.b.Protected.Secrets {
		if strings.HasPrefix(name, path) && (expression == "" && find["tags"] == nil || expression != "" && pattern(expression, name) == yes) {
			return protected, "its search finds a secret of Protected.Secrets"
		}
	}
	return unknown, "what its search finds"
}

func (c *check) externalSecret(ref bulkhead.Ref, content map[string]any) {
	spec := mapAt(content, "spec")
	result := bulkhead.Ref{Kind: "Secret", Namespace: ref.Namespace, Name: ref.Name}
	if name := stringAt(spec, "target", "name"); name != "" {
		result.Name = name
	}
	for _, f := range fetches(spec, "spec") {
		switch w, why := c.fetched(f, ref.Namespace); {
		case w == protected:
			c.breach(ProductionStore, "take it out", bulkhead.Hop{Object: ref, Field: f.field, Text: why})
		case w == unknown && !c.present(result) && !slices.Contains(c.b.Vetted, ref):
			c.miss("%s: it is not known %s", spot(ref, f.field), why)
		}
	}
}

func (c *check) present(ref bulkhead.Ref) bool {
	return c.byRef[ref] != nil
}

// selections returns what in a ClusterExternalSecret or ClusterPushSecret selects a
// namespace. Any of its selectors is enough.
func (c *check) selections(content map[string]any, namespace string) []admission {
	var out []admission
	add := func(m match, field string) {
		if m != no {
			out = append(out, admission{field, "makes an ExternalSecret in namespace " + namespace, m})
		}
	}
	if selector, ok := at(content, "spec", "namespaceSelector").(map[string]any); ok {
		add(c.spaces.selects(selector, namespace), "spec.namespaceSelector")
	}
	for i, selector := range listAt(content, "spec", "namespaceSelectors") {
		if selector, ok := selector.(map[string]any); ok {
			add(c.spaces.selects(selector, namespace), fmt.Sprintf("spec.namespaceSelectors[%d]", i))
		}
	}
	for i, name := range stringsAt(content, "spec", "namespaces") {
		if name == namespace {
			add(yes, fmt.Sprintf("spec.namespaces[%d]", i))
		}
	}
	return out
}

func (c *check) clusterExternalSecret(ref bulkhead.Ref, content map[string]any) {
	spec := mapAt(content, "spec", "externalSecretSpec")
	for _, namespace := range c.b.From {
		for _, a := range c.selections(content, namespace) {
			for _, f := range fetches(spec, "spec.externalSecretSpec") {
				switch w, why := c.fetched(f, namespace); {
				case w == own:
				case a.match == perhaps:
					c.miss("the labels of namespace %s, which decide whether %s makes an ExternalSecret there", namespace, ref)
				case w == protected:
					c.breach(ProductionStore, "select namespaces of production only",
						bulkhead.Hop{Object: ref, Field: a.field, Text: a.text}, bulkhead.Hop{Object: ref, Field: f.field, Text: why})
				default:
					c.miss("%s: it is not known %s", spot(ref, f.field), why)
				}
			}
		}
	}
}
