// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets"
)

// many returns 10,000 Secrets and ConfigMaps of 4 KB in staging, and 1,000 values in
// production.
func many() []bulkhead.Object {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(n int) string {
		const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		var b strings.Builder
		for range n {
			b.WriteByte(letters[random.IntN(len(letters))])
		}
		return b.String()
	}
	var objs []bulkhead.Object
	for i := range 100 {
		data := make(map[string][]byte)
		for k := range 10 {
			data[fmt.Sprintf("PASSWORD_%d", k)] = []byte(word(16 + k))
		}
		objs = append(objs, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: fmt.Sprintf("s-%d", i)}, Data: data})
	}
	for i := range 5000 {
		meta := metav1.ObjectMeta{Namespace: "staging", Name: fmt.Sprintf("o-%d", i)}
		data := make(map[string][]byte)
		for k := range 32 {
			data[fmt.Sprintf("KEY_%d", k)] = []byte(word(115))
		}
		var yaml, lines strings.Builder
		for k := range 40 {
			fmt.Fprintf(&yaml, "setting%d:\n  name: %s\n  url: http://service-%d:8080\n", k, word(12), k)
			fmt.Fprintf(&lines, "SETTING_%d=%s\n", k, word(24))
		}
		config := map[string]string{"app.yaml": yaml.String(), "app.env": lines.String()}
		objs = append(objs, &corev1.Secret{ObjectMeta: meta, Data: data}, &corev1.ConfigMap{ObjectMeta: meta, Data: config})
	}
	return objs
}

func BenchmarkNoLeak(b *testing.B) {
	objs := many()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := secrets.NoLeak(objs, between()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRules(b *testing.B) {
	objs := many()
	for _, rule := range secrets.Rules() {
		b.Run(strings.TrimPrefix(rule.ID, "secrets/"), func(b *testing.B) {
			for b.Loop() {
				bulkhead.Check(objs, rule)
			}
		})
	}
}
