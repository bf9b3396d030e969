// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/identity/secrets"
)

// FuzzNoLeak holds that whatever can be read can be judged, that the order of objects
// decides nothing, and that a verdict goes with what it rests on.
func FuzzNoLeak(f *testing.F) {
	for _, seed := range []string{
		production, secretOf("A", "postgres://app:hunter2hunter2@10.0.0.5/shop"), secretOf("A", random), clusterStore(toProdProject),
		store("provider: {kubernetes: {remoteNamespace: prod}}"), external("dataFrom: [{find: {name: {regexp: a}}}]"), stagingSpace,
		"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: c, namespace: prod, annotations: {sealedsecrets.bitnami.com/cluster-wide: 'true'}}",
		"apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nmetadata: {name: c, namespace: staging}\nspec: {provider: gcp, parameters: {secrets: '- resourceName: projects/p/secrets/s'}}",
	} {
		f.Add([]byte(seed), random)
	}
	f.Fuzz(func(t *testing.T, text []byte, value string) {
		set, _ := manifest.Read("fuzz", bytes.NewReader(text)) // what can be read is judged all the same
		objs := append(read(t, production, inhabitant), set.Objects...)
		objs = append(objs, planted("staging", value)...)
		proof, err := secrets.NoLeak(objs, between())
		if err != nil {
			t.Fatal(err)
		}
		want := bulkhead.NewProof(proof.Breaches, proof.Missing).Verdict
		if proof.Verdict != want {
			t.Errorf("%v, and what it rests on gives %v", proof.Verdict, want)
		}
		slices.Reverse(objs)
		again, err := secrets.NoLeak(objs, between())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(proof, again) {
			t.Errorf("the order of objects decides:\n%v\n%v", proof, again)
		}
	})
}
