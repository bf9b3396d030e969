// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"maps"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets"
)

// holding draws a few ConfigMaps and Secrets of a namespace, each with one of some texts
// in a form of a credential.
func holding(t *rapid.T, namespace string, texts []string) []bulkhead.Object {
	var out []bulkhead.Object
	for range rapid.IntRange(1, 3).Draw(t, "objects of "+namespace) {
		form := rapid.SampledFrom(slices.Sorted(maps.Keys(forms()))).Draw(t, "form")
		text := forms()[form](rapid.SampledFrom(texts).Draw(t, "text"))
		meta := metav1.ObjectMeta{Namespace: namespace, Name: rapid.StringMatching(`[a-z]{8}`).Draw(t, "name")}
		if rapid.Bool().Draw(t, "secret") {
			out = append(out, &corev1.Secret{ObjectMeta: meta, Data: map[string][]byte{"password": []byte(text)}})
		} else {
			out = append(out, &corev1.ConfigMap{ObjectMeta: meta, Data: map[string]string{"password": text}})
		}
	}
	return out
}

func verdict(t *rapid.T, objs []bulkhead.Object, b secrets.Boundary) bulkhead.Verdict {
	proof, err := secrets.NoLeak(objs, b)
	if err != nil {
		t.Fatal(err)
	}
	return proof.Verdict
}

// Whatever else staging or production holds, a breach stays one.
func TestHoldingMoreSealsNothing(t *testing.T) {
	texts := []string{random, "hunter2hunter2hunter2", "0123456789abcdef0123"}
	rapid.Check(t, func(t *rapid.T) {
		objs := slices.Concat(holding(t, "staging", texts), holding(t, "prod", texts))
		more := holding(t, rapid.SampledFrom([]string{"staging", "prod"}).Draw(t, "more in"), texts)
		before, after := verdict(t, objs, between()), verdict(t, slices.Concat(objs, more), between())
		if before == bulkhead.Breached && after != bulkhead.Breached {
			t.Fatalf("from %v to %v", before, after)
		}
	})
}

// Whose a credential is has to be known: without a name that is staging's own, and
// without an object that somebody vetted, nothing becomes sealed.
func TestKnowingLessSealsNothing(t *testing.T) {
	texts := []string{"backendofstaging", "reportingofstaging"}
	rapid.Check(t, func(t *rapid.T) {
		staging := holding(t, "staging", texts)
		objs := slices.Concat(staging, holding(t, "prod", []string{random}))
		names := []string{"10.0.0.5", "backendofstaging", "reportingofstaging", "backendofstaging.prod.example.com", "backendofstaging.example.com"}
		own := rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID[string])
		knowing := between()
		knowing.Protected.Hosts = nil
		knowing.Own = secrets.Names{Hosts: own.Draw(t, "hosts"), Projects: own.Draw(t, "projects"), Users: own.Draw(t, "users"), Databases: own.Draw(t, "databases")}
		knowing.Vetted = []bulkhead.Ref{bulkhead.RefTo(rapid.SampledFrom(staging).Draw(t, "vetted"))}
		less := knowing
		switch rapid.IntRange(0, 4).Draw(t, "gone") {
		case 0:
			less.Own.Hosts = nil
		case 1:
			less.Own.Projects = nil
		case 2:
			less.Own.Users = nil
		case 3:
			less.Own.Databases = nil
		default:
			less.Vetted = nil
		}
		if before, after := verdict(t, objs, knowing), verdict(t, objs, less); before != bulkhead.Sealed && after == bulkhead.Sealed {
			t.Fatalf("from %v to %v", before, after)
		}
	})
}
