// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"bytes"
	"compress/gzip"
	"runtime"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets"
)

// bomb is gzip of n bytes of zeros.
func bomb(t testing.TB, n int) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	block := make([]byte, 1<<20)
	for ; n > 0; n -= len(block) {
		if _, err := w.Write(block[:min(n, len(block))]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestHostileTexts holds that no text makes the check panic, or take time or memory out of
// all proportion, and that what was not taken apart is said to be missing.
func TestHostileTexts(t *testing.T) {
	const large = 1 << 19
	for name, tt := range map[string]struct {
		text string
		want bulkhead.Verdict
	}{
		"gzip of forty megabytes":             {bomb(t, 40<<20), bulkhead.Undetermined},
		"that in base64 in base64":            {b64(b64(bomb(t, 40<<20))), bulkhead.Undetermined},
		"gzip in gzip in gzip":                {bomb(t, 1<<20) + bomb(t, 1<<20), bulkhead.Sealed},
		"half of gzip":                        {bomb(t, 1<<20)[:300], bulkhead.Sealed},
		"a million brackets":                  {strings.Repeat("[", large), bulkhead.Sealed},
		"a hundred thousand brackets, closed": {strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000), bulkhead.Sealed},
		"mappings in mappings":                {strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000), bulkhead.Sealed},
		"mappings that never close":           {strings.Repeat(`{"a":`, 50_000), bulkhead.Undetermined},
		"YAML that grows by aliases":          {"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d]\n", bulkhead.Sealed},
		"YAML with an alias of itself":        {"a: &a\n  b: *a\n", bulkhead.Sealed},
		"YAML of one key many times":          {strings.Repeat("a: b\n", 20_000), bulkhead.Sealed},
		"lines of one key many times":         {strings.Repeat("a=b\n", 30_000), bulkhead.Sealed},
		"YAML that is indented ever further":  {steps2(2000), bulkhead.Sealed},
		"beginnings of tokens":                {strings.Repeat("eyJ.", large/4), bulkhead.Sealed},
		"beginnings of tokens, with blanks":   {strings.Repeat("eyJ. ", large/5), bulkhead.Sealed},
		"beginnings of URLs":                  {strings.Repeat("postgres://", large/11), bulkhead.Sealed},
		"logins in URLs":                      {strings.Repeat("postgres://a:b@", large/15), bulkhead.Undetermined},
		"beginnings of private keys":          {strings.Repeat("-----BEGIN PRIVATE KEY-----\n", large/28), bulkhead.Sealed},
		"beginnings of access keys":           {strings.Repeat("AKIA", large/4), bulkhead.Sealed},
		"percent signs":                       {strings.Repeat("%25", large/3), bulkhead.Sealed},
		"keywords":                            {strings.Repeat("host=a ", 500), bulkhead.Undetermined},
		"a quotation that does not end":       {"host='" + strings.Repeat("a", 4000), bulkhead.Sealed},
		"zeros":                               {strings.Repeat("\x00", large), bulkhead.Sealed},
		"what is no UTF-8":                    {strings.Repeat("\xff\xfe", large/2), bulkhead.Sealed},
		"a name of a host without end":        {"redis://:hunter2hunter2@" + strings.Repeat("a.", large/2), bulkhead.Undetermined},
	} {
		t.Run(name, func(t *testing.T) {
			objs := append(read(t, production), &corev1.Secret{
				ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "x"}, Data: map[string][]byte{"a": []byte(tt.text)},
			})
			var p bulkhead.Proof
			took := allocated(func() { p = prove(t, between(), objs) })
			if p.Verdict != tt.want {
				t.Errorf("%v, want %v; missing %.3q", p.Verdict, tt.want, p.Missing)
			}
			if took > 1500 {
				t.Errorf("took %d MB", took)
			}
			bulkhead.Check(objs, secrets.Rules()...)
		})
	}
}

// allocated returns how many megabytes a function allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) >> 20
}

// steps2 is YAML in which each line is the child of the one before.
func steps2(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// TestHostileObjects does the same for objects.
func TestHostileObjects(t *testing.T) {
	deep := map[string]any{"password": "postgres://a:hunter2hunter2@10.0.0.5/x"}
	for range 5000 {
		deep = map[string]any{"a": deep}
	}
	custom := func(spec any) bulkhead.Object {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "external-secrets.io/v1", "kind": "ClusterSecretStore", "metadata": map[string]any{"name": "x", "namespace": "staging"}, "spec": spec,
		}}
	}
	var nothing *corev1.Secret
	for name, tt := range map[string]struct {
		obj  bulkhead.Object
		want bulkhead.Verdict
	}{
		"a custom resource of five thousand levels": {custom(deep), bulkhead.Undetermined},
		"a long name above many values":             {custom(map[string]any{strings.Repeat("a", 100_000): slices.Repeat([]any{"a"}, 20_000)}), bulkhead.Undetermined},
		"a list for a mapping":                      {custom([]any{"a"}), bulkhead.Undetermined},
		"a text for a mapping":                      {custom("a"), bulkhead.Undetermined},
		"lists for texts":                           {custom(map[string]any{"provider": map[string]any{"gcpsm": []any{}}, "conditions": []any{1, "a", nil, map[string]any{"namespaces": "a", "namespaceRegexes": []any{1}}}}), bulkhead.Undetermined},
		"no object":                                 {nothing, bulkhead.Sealed},
		"an object of no kind":                      {&unstructured.Unstructured{}, bulkhead.Sealed},
	} {
		t.Run(name, func(t *testing.T) {
			objs := append(read(t, production, secretOf("A", "b")), tt.obj)
			var p bulkhead.Proof
			if took := allocated(func() { p = prove(t, between(), objs) }); took > 1500 {
				t.Errorf("took %d MB", took)
			}
			if p.Verdict != tt.want {
				t.Errorf("%v, want %v; missing %q", p.Verdict, tt.want, p.Missing)
			}
			bulkhead.Check(objs, secrets.Rules()...)
		})
	}
}
