// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets"
)

// forms are what a random text is planted as. In each the text is what must not be seen.
func forms() map[string]func(string) string {
	return map[string]func(string) string{
		"alone":         func(s string) string { return s },
		"base64":        b64,
		"password":      func(s string) string { return "postgres://app:" + s + "@10.0.0.5/shop" },
		"host and user": func(s string) string { return "mysql://" + s + ":" + s + "@" + s + ".prod.example.com/" + s },
		"keywords":      func(s string) string { return "host=" + s + " user=" + s + " password=" + s + " dbname=" + s },
		"MySQL in Go":   func(s string) string { return s + ":" + s + "@tcp(" + s + ":3306)/" + s },
		"key":           func(s string) string { return googleKey(s+"@prod-data.iam.gserviceaccount.com", s) },
		"key of nobody": func(s string) string { return googleKey(s+"@"+s+".iam.gserviceaccount.com", s) },
		"private key": func(s string) string {
			return `{"type":"service_account","private_key":"` + s + `","client_email":"` + s + `"}`
		},
		"token": func(s string) string {
			return token(`{"sub":"system:serviceaccount:prod:` + s + `","iss":"` + s + `"}`)
		},
		"token of nobody": func(s string) string { return token(`{"sub":"system:serviceaccount:x-` + s + `:x"}`) },
		"registry":        func(s string) string { return `{"auths":{"` + s + `.example.com":{"auth":"` + b64(s+":"+s) + `"}}}` },
		"kubeconfig": func(s string) string {
			return "clusters: [{name: c, cluster: {server: 'https://" + s + "'}}]\nusers: [{name: u, user: {token: " + s + "}}]"
		},
		"live key":    func(s string) string { return "sk_live_" + s },
		"lines":       func(s string) string { return "A=b\nPASSWORD=" + s + "\n" },
		"broken JSON": func(s string) string { return `{"password":"` + s },
		"broken YAML": func(s string) string { return "a: [" + s + "\nb: '" },
		"PEM": func(s string) string {
			return "-----BEGIN RSA PRIVATE KEY-----\n" + s + "\n-----END RSA PRIVATE KEY-----"
		},
		"too deep": func(s string) string {
			for range 14 {
				s = b64(s)
			}
			return s
		},
		"AWS":   func(s string) string { return "ID=AKIAPRODPRODPRODPROD\nSECRET=" + (s + s + s)[:40] },
		"Auth0": func(s string) string { return "AUTH0_DOMAIN=" + s + ".prod.example.com\nAUTH0_CLIENT_SECRET=" + s },
	}
}

// TestNothingIsSaid plants random texts everywhere, and looks for any part of them of
// eight bytes, for their base64 and for their hashes in all that the package says.
func TestNothingIsSaid(t *testing.T) {
	names := make([]string, 0)
	for name := range forms() {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[a-zA-Z0-9]{20,40}`).Draw(t, "secret")
		form := forms()[rapid.SampledFrom(names).Draw(t, "form")]
		side := rapid.SampledFrom([]string{"staging", "prod"}).Draw(t, "also in")
		text := form(secret)
		var objs []bulkhead.Object
		for _, namespace := range []string{"staging", side} {
			objs = append(objs, planted(namespace, text)...)
		}
		objs = append(objs, planted("prod", secret)...)
		b := between()
		b.Protected.Secrets = append(b.Protected.Secrets, "x")
		proof, err := secrets.NoLeak(objs, b)
		findings := bulkhead.Check(objs, secrets.Rules()...)
		if len(proof.Breaches)+len(proof.Missing)+len(findings) == 0 {
			t.Fatal("nothing was found, so that this tests nothing")
		}
		asJSON, jsonErr := json.Marshal([]any{proof, findings})
		if jsonErr != nil {
			t.Fatal(jsonErr)
		}
		said := fmt.Sprintf("%v %+v %#v %v %+v %#v %v %v %v %s", proof, proof, proof, findings, findings, findings,
			err, findings.Err(), findings.ErrorList(), asJSON)
		unsayable := parts(secret)
		for i := range len(said) - 7 {
			if unsayable[said[i:i+8]] {
				t.Fatalf("%q of a secret is in what was said:\n%s", said[i:i+8], said)
			}
		}
	})
}

// parts returns what of a secret must not be seen: eight bytes of it, of its base64 in
// each alignment, and of its hashes.
func parts(secret string) map[string]bool {
	whole := []string{secret, b64(secret), b64("x" + secret)[2:], b64("xy" + secret)[3:], hex.EncodeToString([]byte(secret))}
	for _, sum := range [][]byte{digest(md5.Sum([]byte(secret))), digest(sha1.Sum([]byte(secret))), digest(sha256.Sum256([]byte(secret)))} {
		whole = append(whole, hex.EncodeToString(sum), base64.StdEncoding.EncodeToString(sum))
	}
	out := make(map[string]bool)
	for _, text := range whole {
		for i := range len(text) - 7 {
			out[text[i:i+8]] = true
		}
	}
	return out
}

func digest[T [16]byte | [20]byte | [32]byte](sum T) []byte {
	var out []byte
	switch s := any(sum).(type) {
	case [16]byte:
		out = s[:]
	case [20]byte:
		out = s[:]
	case [32]byte:
		out = s[:]
	}
	return out
}

// planted are objects of a namespace with a text in each place there is.
func planted(namespace, text string) []bulkhead.Object {
	meta := func(name string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Namespace: namespace, Name: name, Annotations: map[string]string{"a": text}}
	}
	container := corev1.Container{Name: "c", Args: []string{text}, Command: []string{text}, Env: []corev1.EnvVar{{Name: "PASSWORD", Value: text}}}
	custom := func(version, kind string, spec map[string]any) bulkhead.Object {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": version, "kind": kind, "metadata": map[string]any{"namespace": namespace, "name": "x"}, "spec": spec,
		}}
	}
	return []bulkhead.Object{
		&corev1.Secret{ObjectMeta: meta("s"), Data: map[string][]byte{"password": []byte(text)}, StringData: map[string]string{"token": text}},
		&corev1.ConfigMap{ObjectMeta: meta("c"), Data: map[string]string{"password": text}, BinaryData: map[string][]byte{"b": []byte(text)}},
		&corev1.Pod{ObjectMeta: meta("p"), Spec: corev1.PodSpec{InitContainers: []corev1.Container{container}, Containers: []corev1.Container{container}}},
		&corev1.Service{ObjectMeta: meta("e"), Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: text}},
		custom("example.com/v1", "Thing", map[string]any{"password": text, "list": []any{text}}),
		custom("external-secrets.io/v1", "SecretStore", map[string]any{"provider": map[string]any{"gcpsm": map[string]any{"projectID": text}}}),
		custom("external-secrets.io/v1", "ExternalSecret", map[string]any{"data": []any{map[string]any{"remoteRef": map[string]any{"key": text}}}}),
		custom("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass", map[string]any{"provider": "gcp", "parameters": map[string]any{"secrets": "- resourceName: '" + text + "'"}}),
	}
}

// TestOrderDecidesNothing holds that the order of objects does not change a proof, nor
// does a second run.
func TestOrderDecidesNothing(t *testing.T) {
	objs := slices.Concat(planted("staging", random), planted("prod", random), planted("staging2", "postgres://a:hunter2hunter2@10.0.0.5/x"))
	b := between()
	b.From = append(b.From, "staging2")
	first, err := json.Marshal(prove(t, b, objs))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		second, err := secrets.NoLeak(rapid.Permutation(objs).Draw(t, "objects"), b)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(second)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, data) {
			t.Fatalf("got\n%s\nthen\n%s", first, data)
		}
	})
}
