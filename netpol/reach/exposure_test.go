// SPDX-License-Identifier: Apache-2.0

package reach_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
)

// drawNewPod draws a pod that anybody may add to a cluster.
func drawNewPod(t *rapid.T, namespace, name string) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: someLabels.Draw(t, "labels")}}
	if rapid.Bool().Draw(t, "addressed") {
		pod.Status.PodIP = rapid.SampledFrom([]string{"10.0.0.5", "10.0.0.77", "192.0.2.77"}).Draw(t, "address")
	}
	if rapid.Bool().Draw(t, "placed") {
		pod.Spec.NodeName = rapid.SampledFrom([]string{"node-1", "node-2", "node-3"}).Draw(t, "node")
	}
	container := corev1.Container{Name: "main"}
	for _, port := range rapid.SliceOfN(someNumbers, 0, 2).Draw(t, "ports") {
		container.Ports = append(container.Ports, corev1.ContainerPort{
			Name: someNames.Draw(t, "port"), ContainerPort: port, Protocol: someProtocols.Draw(t, "protocol"),
		})
	}
	pod.Spec.Containers = []corev1.Container{container}
	return pod
}

// exposures are exposures by the names of their ends.
type exposures map[[2]string][]reach.Exposure

func exposuresOf(c *reach.Cluster, namespace string) exposures {
	out := make(exposures)
	for _, e := range c.Exposed(namespace) {
		ends := [2]string{e.From.Name, e.To.Name}
		out[ends] = append(out[ends], e)
	}
	return out
}

// verdict returns Allowed only where any labels will do, and Unknown where some may.
func (x exposures) verdict(from, to string, port reach.Port) reach.Verdict {
	verdict := reach.Denied
	for _, e := range x[[2]string{from, to}] {
		if !e.Ports.Has(port) {
			continue
		}
		if e.Verdict == reach.Allowed && e.From.Labels == nil && e.To.Labels == nil {
			return reach.Allowed
		}
		verdict = reach.Unknown
	}
	return verdict
}

// Whatever pod appears, it can do nothing that was not said, and all that was said of
// pods of any labels.
func TestNewPodsDoWhatIsExposed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		profile := rapid.SampledFrom([]reach.Profile{reach.Reference, reach.Generic, reach.Calico}).Draw(t, "profile")
		objs := slices.Concat(drawPlaces(t), drawPolicies(t, true))
		home := someNamespaces.Draw(t, "home")
		exposed := exposuresOf(newCluster(t, objs, profile), home)

		stranger := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "new-namespace", Labels: someLabels.Draw(t, "labels")}}
		after := newCluster(t, append(slices.Clone(objs), stranger, drawNewPod(t, home, "new-1"), drawNewPod(t, home, "new-2"), drawNewPod(t, "new-namespace", "new")), profile)
		names := map[string]string{home + "/new-1": home + "/*", home + "/new-2": home + "/*", "new-namespace/new": "*/*"}
		units := slices.DeleteFunc(slices.Concat(askedNames(objs)[len(someAddresses):], slices.Collect(maps.Keys(names))), func(n string) bool { return n == "" })
		check := func(from, to string, port reach.Port) {
			said := exposed.verdict(orName(names, from), orName(names, to), port)
			a := after.Allowed(reach.Pod(from), reach.Pod(to), port)
			if a.Verdict != said && said != reach.Unknown && (a.Verdict != reach.Unknown || said == reach.Denied) {
				t.Fatalf("%s to %s, %s: %s, and what is exposed says %s\n%v", from, to, port, a.Verdict, said, a.Why())
			}
		}
		for pod := range names {
			for _, unit := range units {
				atHome := strings.HasPrefix(pod, home+"/") || strings.HasPrefix(unit, home+"/")
				if pod == unit || !atHome {
					continue
				}
				for _, port := range askedPorts() {
					check(pod, unit, port)
					check(unit, pod, port)
				}
			}
		}
	})
}

// However many labels policies name, the few that are tried are those of the simplest.
func TestExposedTriesTheSimplestLabels(t *testing.T) {
	objs := []bulkhead.Object{netpol.DefaultDeny("shop"), examplePod("shop", "web")}
	allow := func(name string, subject, peer netpol.Pods) {
		objs = append(objs, bulkhead.Must(netpol.Allow("shop", name, subject, netpol.From(peer).TCP(80), netpol.To(peer).TCP(80))))
	}
	for i := range 300 {
		allow(fmt.Sprint("a", i), netpol.Pods{"app": fmt.Sprint("a", i), "tier": "a"}, netpol.Pods{"app": fmt.Sprint("b", i), "tier": "b"})
	}
	allow("simple", netpol.Pods{"app": "z"}, netpol.Pods{"app": "web"})
	allow("to-simple", netpol.Pods{"app": "web"}, netpol.Pods{"app": "z"})
	want := map[string]string{"app": "z"}
	found := slices.ContainsFunc(newCluster(t, objs, reach.Reference).Exposed("shop"), func(e reach.Exposure) bool {
		return e.Verdict == reach.Allowed && e.To.Name == "shop/web" && maps.Equal(e.From.Labels, want)
	})
	if !found {
		t.Errorf("nothing is shown for %v", want)
	}
}

func orName(names map[string]string, name string) string {
	if other, found := names[name]; found {
		return other
	}
	return name
}

// Labels that are said to open ports do so.
func TestExposedLabelsOpenPorts(t *testing.T) {
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		objs := slices.Concat(drawPlaces(t), drawPolicies(t, true))
		home := someNamespaces.Draw(t, "home")
		for _, e := range newCluster(t, objs, reach.Reference).Exposed(home) {
			if e.Verdict != reach.Allowed {
				continue
			}
			with := slices.Clone(objs)
			from, to := appear(&with, e.From, "from"), appear(&with, e.To, "to")
			after := newCluster(t, with, reach.Reference)
			for _, port := range askedPorts() {
				if !e.Ports.Has(port) {
					continue
				}
				shown++
				if a := after.Allowed(reach.Pod(from), reach.Pod(to), port); a.Verdict != reach.Allowed {
					t.Fatalf("%+v: %s is %s\n%v", e, port, a.Verdict, a.Why())
				}
			}
		}
	})
	if shown == 0 && !testing.Short() { // which draws few clusters
		t.Error("no exposure was seen")
	}
}

// appear adds the pod of an end to objects, and returns its name.
func appear(objs *[]bulkhead.Object, end reach.End, name string) string {
	namespace, _, found := strings.Cut(end.Name, "/*")
	if !found {
		return end.Name
	}
	if namespace == "*" {
		namespace = "new-" + name
		if asked := end.NamespaceLabels[corev1.LabelMetadataName]; asked != "" {
			namespace = asked
		}
		*objs = append(*objs, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace, Labels: end.NamespaceLabels}})
	}
	*objs = append(*objs, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "new-" + name, Labels: end.Labels}})
	return namespace + "/new-" + name
}
