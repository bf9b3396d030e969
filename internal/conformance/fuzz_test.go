// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// FuzzRegistry is TestRulesRefuseWhatTheRegistryRefuses led by what the code on both
// sides does with an object. It is for runs by hand:
//
//	go -C internal/conformance test . -run '^$' -fuzz FuzzRegistry -fuzztime 1h
func FuzzRegistry(f *testing.F) {
	all := kinds(f)
	for name, kind := range all {
		for _, obj := range kind.seeds {
			text, err := json.Marshal(obj)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(name, text, uint64(0))
		}
	}
	var seen tally
	f.Fuzz(func(t *testing.T, name string, text []byte, seed uint64) {
		kind, ok := all[name]
		if !ok {
			return
		}
		obj := reflect.New(reflect.TypeOf(kind.seeds[0]).Elem()).Interface().(bulkhead.Object)
		if json.Unmarshal(text, obj) != nil {
			return
		}
		obj.GetObjectKind().SetGroupVersionKind(kind.seeds[0].GetObjectKind().GroupVersionKind())
		obj.SetManagedFields(nil)
		if kind.namespaced {
			obj.SetNamespace(metav1.NamespaceDefault)
		}
		obj = mutator{rand.New(rand.NewPCG(seed, 0))}.mutate(obj, 4)
		theirs, err := kind.theirs(obj)
		if err != nil {
			t.Fatal(err)
		}
		if j := (judgement{kind: name, object: obj, ours: kind.ours(obj), theirs: theirs}); !j.equal() && !seen.wants(j) {
			t.Errorf("ours %q, theirs %q", j.ours, j.theirs)
		}
	})
}
