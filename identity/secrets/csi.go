// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"maps"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/layers"
)

// providerClass judges what a SecretProviderClass of staging mounts. Its parameters are
// YAML in a string (Secrets Store CSI driver, and the documentation of its providers for
// Google Cloud: secrets, resourceName; AWS: objects, objectName; Azure: keyvaultName;
// Vault: vaultAddress and objects, secretPath).
func (c *check) providerClass(ref bulkhead.Ref, content map[string]any) {
	parameters := mapAt(content, "spec", "parameters")
	name := func(keys ...string) string {
		for _, key := range keys {
			if text := stringAt(parameters, key); text != "" {
				return text
			}
		}
		return ""
	}
	switch stringAt(content, "spec", "provider") {
	case "gcp":
		c.mounted(ref, "secrets", entriesOf(parameters, "secrets", "resourceName"), unknown)
	case "aws":
		c.mounted(ref, "objects", entriesOf(parameters, "objects", "objectName"), unknown)
	case "azure":
		host := strings.ToLower(name("keyvaultName")) + ".vault.azure.net"
		c.mountedFrom(ref, "keyvaultName", c.server(host, "", ref.Namespace), nil)
	case "vault":
		c.mountedFrom(ref, "vaultAddress", c.server(name("vaultAddress"), "", ref.Namespace), entriesOf(parameters, "objects", "secretPath"))
	default:
		c.miss("%s spec.provider: it is not known what it mounts: its provider is not one whose names are known here", ref)
	}
}

// mountedFrom judges a class by the server that it reads, and where that is for both sides by
// the paths on it.
func (c *check) mountedFrom(ref bulkhead.Ref, parameter string, behind backend, keys []string) {
	field := "spec.parameters." + parameter
	switch {
	case behind.whose == protected:
		c.classBreach(ref, field, "it mounts secrets, and "+behind.why)
	case behind.whose == unknown && len(keys) == 0:
		c.miss("%s %s: it is not known %s", ref, field, behind.why)
	default:
		c.mounted(ref, "objects", keys, behind.whose)
	}
}

// mounted judges the names of secrets; fallback is whose they are if nobody lists them.
func (c *check) mounted(ref bulkhead.Ref, parameter string, keys []string, fallback whose) {
	field := "spec.parameters." + parameter
	if len(keys) == 0 && fallback == unknown {
		c.miss("%s %s: it is not known what it mounts", ref, field)
	}
	for _, key := range keys {
		switch w, why := c.remote(key); {
		case w == protected:
			c.classBreach(ref, field, why)
		case w == unknown && fallback == unknown && !slices.Contains(c.b.Vetted, ref):
			c.miss("%s %s: it is not known %s", ref, field, why)
		}
	}
}

func (c *check) classBreach(ref bulkhead.Ref, field, why string) {
	c.breaches = append(c.breaches, bulkhead.Breach{
		Rule:   ProductionStore,
		Path:   []bulkhead.Hop{{Object: ref, Field: field, Text: why}},
		Change: bulkhead.Change{Object: ref, Text: "delete it, or let it mount what is staging's own"},
	})
}

// entriesOf returns the values of a field in the entries of a parameter that is YAML.
func entriesOf(parameters map[string]any, parameter, field string) []string {
	var out []string
	collect := func(doc any) { out = append(out, valuesOf(doc, field, 0)...) }
	layers.Walk("", stringAt(parameters, parameter), layers.Visitor{Document: collect}, &layers.Budget{Bytes: layers.MaxBytes})
	slices.Sort(out)
	return slices.Compact(out)
}

func valuesOf(doc any, field string, depth int) []string {
	var out []string
	if depth > maxPath {
		return nil
	}
	switch d := doc.(type) {
	case map[string]any:
		if text, ok := d[field].(string); ok {
			out = append(out, text)
		}
		for _, name := range slices.Sorted(maps.Keys(d)) {
			out = append(out, valuesOf(d[name], field, depth+1)...)
		}
	case []any:
		for _, item := range d {
			out = append(out, valuesOf(item, field, depth+1)...)
		}
	}
	return out
}
