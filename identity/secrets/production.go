// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
	"github.com/watertight-go/watertight/identity/secrets/internal/layers"
	"github.com/watertight-go/watertight/identity/secrets/internal/reappear"
)

// A source is where a value of production stands.
type source struct {
	ref   bulkhead.Ref
	field string
}

// A vault is the values of production, as fingerprints: in set those that are secrets, in
// settings those that look like settings and may be secrets.
type vault struct {
	set      *reappear.Set
	settings *reappear.Set
	sources  []source
	budget   *layers.Budget
	unread   []source
}

func newVault(budget *layers.Budget) (*vault, error) {
	set, err := reappear.New()
	if err != nil {
		return nil, err
	}
	settings, err := reappear.New()
	if err != nil {
		return nil, err
	}
	return &vault{set: set, settings: settings, budget: budget}, nil
}

func (v *vault) add(s source, key string, values ...string) {
	at := len(v.sources)
	v.sources = append(v.sources, s)
	for _, value := range values {
		switch telling(key, value) {
		case yes:
			v.set.Add(value, at)
		case perhaps:
			v.settings.Add(value, at)
		case no:
		}
	}
}

// take adds the values of an object of production: all data of a Secret, on every
// layer, and of other objects what a key, a form or an embedded Secret says is secret.
func (v *vault) take(obj bulkhead.Object) {
	secret := isSecret(obj)
	release := isRelease(obj)
	h := hold(obj, v.budget, nil, nil)
	for _, p := range h.places {
		s := source{h.ref, p.field}
		visitor := layers.Visitor{Text: func(t layers.Text) { v.outside(s, t) }, Document: func(doc any) { v.secretsIn(s, doc, 0) }}
		if secret && !release && isData(p.field) {
			visitor = layers.Visitor{Text: func(t layers.Text) { v.add(s, t.Key, t.Text) }}
		}
		if !layers.Walk(p.key, p.text, visitor, v.budget) {
			v.unread = append(v.unread, s)
		}
	}
	for _, c := range h.credentials {
		if c.Kind != credential.TestPaymentKey {
			v.add(source{h.ref, h.places[c.place].field}, "password", c.Secret...)
		}
	}
}

// outside adds a text outside of a Secret if its key says that it is one. What looks
// like a name is one, unless it is called a password.
func (v *vault) outside(s source, t layers.Text) {
	if soundsSecret(t.Key) && (saysPassword(t.Key) || !plain(t.Text)) {
		v.add(s, t.Key, t.Text)
	}
}

// secretsIn adds the data of the Secrets in a document, such as in the manifest of a
// Helm release or in the annotation that kubectl apply leaves behind.
func (v *vault) secretsIn(s source, doc any, depth int) {
	switch d := doc.(type) {
	case map[string]any:
		if depth > maxPath {
			return
		}
		if d["kind"] == "Secret" {
			v.embedded(s, d)
		}
		for _, name := range slices.Sorted(maps.Keys(d)) {
			v.secretsIn(s, d[name], depth+1)
		}
	case []any:
		for _, item := range d {
			v.secretsIn(s, item, depth+1)
		}
	}
}

func (v *vault) embedded(s source, secret map[string]any) {
	all := layers.Visitor{Text: func(t layers.Text) { v.add(s, t.Key, t.Text) }}
	data, _ := secret["data"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(data)) {
		text, _ := data[key].(string)
		if decoded, err := base64.StdEncoding.DecodeString(text); err == nil && !layers.Walk(key, string(decoded), all, v.budget) {
			v.unread = append(v.unread, s)
		}
	}
	plainData, _ := secret["stringData"].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(plainData)) {
		if text, _ := plainData[key].(string); !layers.Walk(key, text, all, v.budget) {
			v.unread = append(v.unread, s)
		}
	}
}

func isSecret(obj bulkhead.Object) bool {
	ref := bulkhead.RefTo(obj)
	return ref.Group == "" && ref.Kind == "Secret"
}

func isConfigMap(obj bulkhead.Object) bool {
	ref := bulkhead.RefTo(obj)
	return ref.Group == "" && ref.Kind == "ConfigMap"
}

// isData reports whether a field of a Secret is one of its values.
func isData(field string) bool {
	return strings.HasPrefix(field, "data[") || strings.HasPrefix(field, "data.") ||
		strings.HasPrefix(field, "stringData[") || strings.HasPrefix(field, "stringData.")
}

// isRelease reports whether a Secret is the record of a Helm release (helm 4,
// pkg/storage/driver/secrets.go). Most of what it holds is the chart, which both sides
// have, so that only the Secrets in it count.
func isRelease(obj bulkhead.Object) bool {
	if !isSecret(obj) {
		return false
	}
	if s, ok := obj.(*corev1.Secret); ok && s.Type == "helm.sh/release.v1" {
		return true
	}
	return strings.HasPrefix(obj.GetName(), "sh.helm.release.v1.")
}
