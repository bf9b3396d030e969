// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead"
)

// atMost is how many differences a test prints.
const atMost = 5

// What our rules refuse is what the code of kube-apiserver refuses, field by field.
func TestRulesRefuseWhatTheRegistryRefuses(t *testing.T) {
	var seen tally
	all, run := kinds(t), 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			run++
			kind := all[name]
			compare(t, &seen, name, *objects/max(1, kind.dear), kind, kind.theirs)
		})
	}
	for name := range wanted() {
		if run == len(all) && seen.seen[name] == 0 {
			t.Errorf("the wanted difference %q no longer occurs", name)
		}
	}
}

// And it is what a running server refuses, its admission included.
func TestRulesRefuseWhatTheServerRefuses(t *testing.T) {
	c := cluster(t)
	client, err := dynamic.NewForConfig(c.Config)
	if err != nil {
		t.Fatal(err)
	}
	installClusterPolicies(t, c)
	var seen tally
	all := kinds(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			kind := all[name]
			var resource dynamic.ResourceInterface = client.Resource(kind.registry.resource)
			if kind.namespaced {
				resource = client.Resource(kind.registry.resource).Namespace(metav1.NamespaceDefault)
			}
			compare(t, &seen, name, *live, kind, func(obj bulkhead.Object) ([]string, error) {
				content, err := unstructuredOf(obj)
				if err != nil {
					return nil, err
				}
				_, err = resource.Create(t.Context(), content, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
				return refusedFields(err, kind.aside)
			})
		})
	}
}

// compare lets both sides judge n random objects of a kind.
func compare(t *testing.T, seen *tally, name string, n int, kind judged, theirs func(bulkhead.Object) ([]string, error)) {
	var mutex sync.Mutex
	refused, differing := 0, 0
	each(n, func(_ int, random *rand.Rand) {
		obj := mutator{random}.mutate(kind.seeds[random.IntN(len(kind.seeds))], 4)
		j := judgement{kind: name, object: obj, ours: kind.ours(obj)}
		var err error
		j.theirs, err = theirs(obj)
		same := err == nil && (j.equal() || seen.wants(j))
		mutex.Lock()
		defer mutex.Unlock()
		if len(j.theirs) > 0 {
			refused++
		}
		if same {
			return
		}
		differing++
		if differing <= atMost {
			text, yamlErr := yaml.Marshal(obj)
			t.Errorf("ours %q, theirs %q, %v %v:\n%s", j.ours, j.theirs, err, yamlErr, text)
		}
	})
	count(n)
	fmt.Printf("%s: %d objects, %d of them refused, %d differences\n", t.Name(), n, refused, differing)
	if refused == 0 || refused == n {
		t.Errorf("%d of %d objects were refused: nothing was compared", refused, n)
	}
}

// each calls f n times, by several workers at once, with a source of randomness that
// depends on the seed and on the call alone.
func each(n int, f func(worker int, random *rand.Rand)) {
	const workers = 4
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n; i += workers {
				f(w, rand.New(rand.NewPCG(*seed, uint64(i))))
			}
		})
	}
	wait.Wait()
}
