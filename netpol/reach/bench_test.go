// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/large"
	"github.com/watertight-go/watertight/netpol/reach"
)

var sink any

// BenchmarkConnectivity builds the engine from typed objects and works out every
// flow. Reasons can be asked for when it is done.
func BenchmarkConnectivity(b *testing.B) {
	for _, profile := range []reach.Profile{reach.Reference, reach.Generic} {
		for _, workloads := range []int{100, 1_000, 5_000, 10_000} {
			objs := large.Cluster(workloads)
			b.Run(fmt.Sprint(profile, "/", workloads), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					c := newCluster(b, objs, profile)
					count := c.Count()
					b.ReportMetric(float64(count.Flows), "flows")
				}
			})
		}
	}
}

// BenchmarkBuild is the part of it that comes before the first answer.
func BenchmarkBuild(b *testing.B) {
	objs := large.Cluster(10_000)
	b.ReportAllocs()
	for b.Loop() {
		sink = newCluster(b, objs, reach.Reference)
	}
}

// BenchmarkFlows goes over every flow with its ports.
func BenchmarkFlows(b *testing.B) {
	c := newCluster(b, large.Cluster(10_000), reach.Reference)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range c.Flows() {
			n++
		}
		b.ReportMetric(float64(n), "flows")
	}
}

// somePairs are ends of connections of a large cluster.
func somePairs(objs []bulkhead.Object) (pairs [][2]reach.Endpoint) {
	var pods []reach.Endpoint
	for _, obj := range objs {
		if ref := bulkhead.RefTo(obj); ref.Kind == "Deployment" {
			pods = append(pods, reach.Pod(ref.Namespace+"/"+ref.Name))
		}
	}
	for i := range pods {
		pairs = append(pairs, [2]reach.Endpoint{pods[i], pods[(i*7+3)%len(pods)]}, [2]reach.Endpoint{pods[i], pods[i/20*20]})
	}
	return pairs
}

func BenchmarkAllowed(b *testing.B) {
	objs := large.Cluster(1_000)
	c := newCluster(b, objs, reach.Reference)
	pairs := somePairs(objs)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		pair := pairs[i%len(pairs)]
		i++
		if a := c.Allowed(pair[0], pair[1], reach.TCP(80)); a.Verdict == reach.Unknown {
			b.Fatal(a.Why())
		}
	}
}

func BenchmarkWhy(b *testing.B) {
	objs := large.Cluster(1_000)
	c := newCluster(b, objs, reach.Reference)
	pairs := somePairs(objs)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		pair := pairs[i%len(pairs)]
		i++
		sink = c.Allowed(pair[0], pair[1], reach.TCP(80)).Why()
	}
}

// BenchmarkUpdate changes one policy and asks what that means for its namespace.
func BenchmarkUpdate(b *testing.B) {
	objs := large.Cluster(10_000)
	c := newCluster(b, objs, reach.Reference)
	var policies []*networkingv1.NetworkPolicy
	for np := range bulkhead.Each[*networkingv1.NetworkPolicy](objs) {
		policies = append(policies, np)
	}
	pairs := somePairs(objs)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		np := policies[i*37%len(policies)].DeepCopy()
		np.Spec.PodSelector.MatchLabels = map[string]string{"app": fmt.Sprint("a", i%8)}
		c.Update(np)
		pair := pairs[i%len(pairs)]
		sink = c.Allowed(pair[0], pair[1], reach.TCP(80))
		i++
	}
}

// BenchmarkExposed asks what the next pod of a namespace could do.
func BenchmarkExposed(b *testing.B) {
	for _, profile := range []reach.Profile{reach.Reference, reach.Generic} {
		c := newCluster(b, large.Cluster(10_000), profile)
		b.Run(fmt.Sprint(profile), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.ReportMetric(float64(len(c.Exposed("ns-007"))), "exposures")
			}
		})
	}
}

// BenchmarkRules runs the rules of the package.
func BenchmarkRules(b *testing.B) {
	objs := large.Cluster(10_000)
	rules := reach.Rules(reach.Options{})
	for b.Loop() {
		sink = bulkhead.Check(objs, rules...)
	}
}

// BenchmarkCountAlike counts between pods that nothing tells apart.
func BenchmarkCountAlike(b *testing.B) {
	objs := make([]bulkhead.Object, 10_000)
	for i := range objs {
		objs[i] = &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprint("web-", i)}}
	}
	c := newCluster(b, objs, reach.Reference)
	for b.Loop() {
		b.ReportMetric(float64(c.Count().Flows), "flows")
	}
}

// BenchmarkRedundant looks for policies and rules that change nothing.
func BenchmarkRedundant(b *testing.B) {
	c := newCluster(b, large.Cluster(1_000), reach.Reference)
	for b.Loop() {
		b.ReportMetric(float64(len(c.Redundant())), "redundant")
	}
}
