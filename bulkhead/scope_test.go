// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

type kindScope struct {
	group, kind string
	namespaced  bool
}

// kubernetesKinds reads the kinds that kube-apiserver serves.
func kubernetesKinds(t *testing.T) []kindScope {
	t.Helper()
	data, err := os.ReadFile("testdata/kinds-1.37.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []kindScope
	for line := range strings.Lines(string(data)) {
		words := strings.Fields(line)
		if words[0] == "#" {
			continue
		}
		k := kindScope{strings.TrimPrefix(words[0], "core"), words[1], words[2] == "namespaced"}
		if !k.namespaced && words[2] != "cluster" {
			t.Fatalf("bad line %q", words)
		}
		out = append(out, k)
	}
	if len(out) < 70 {
		t.Fatalf("only %d kinds", len(out))
	}
	return out
}

// object returns an object of the kind; its version does not matter here.
func (k kindScope) object(namespace, name string) bulkhead.Object {
	return untyped(strings.TrimPrefix(k.group+"/v1", "/"), k.kind, namespace, name)
}

// New takes every cluster-scoped kind of Kubernetes without a namespace and every
// other kind with one, and refuses both the other way round.
func TestScopeOfEveryKubernetesKind(t *testing.T) {
	kinds := append(kubernetesKinds(t),
		kindScope{"policy.networking.k8s.io", "ClusterNetworkPolicy", false},
		kindScope{"policy.networking.k8s.io", "AdminNetworkPolicy", false},
		kindScope{"policy.networking.k8s.io", "BaselineAdminNetworkPolicy", false},
		kindScope{"extensions", "NetworkPolicy", true},
	)
	for _, k := range kinds {
		with, without := k.object("staging", "staging"), k.object("", "staging")
		good, bad := without, with
		if k.namespaced {
			good, bad = with, without
		}
		if _, err := bulkhead.New("staging", good); err != nil {
			t.Errorf("%+v: %v", k, err)
		}
		_, err := bulkhead.New("staging", bad)
		var outside *bulkhead.NamespaceError
		var forbidden *field.Error
		switch {
		case k.namespaced && !errors.As(err, &outside):
			t.Errorf("%+v without a namespace: %v", k, err)
		case !k.namespaced && (!errors.As(err, &forbidden) || forbidden.Type != field.ErrorTypeForbidden || forbidden.Field != "metadata.namespace"):
			t.Errorf("%+v with a namespace: %v", k, err)
		}
	}
}

// The list of kinds covers the Go types: a type of k8s.io/api is on it, or is
// never stored under a name, or is served no more.
func TestScopesCoverKubernetesTypes(t *testing.T) {
	served := map[bulkhead.Ref]bool{}
	for _, k := range kubernetesKinds(t) {
		served[bulkhead.Ref{Group: k.group, Kind: k.kind}] = true
	}
	unserved := map[bulkhead.Ref]bool{
		{Kind: "PodStatusResult"}:                                               true, // an answer, never stored
		{Kind: "RangeAllocation"}:                                               true, // kept by the server for itself
		{Group: "apidiscovery.k8s.io", Kind: "APIGroupDiscovery"}:               true, // an answer
		{Group: "apps", Kind: "Scale"}:                                          true, // a subresource
		{Group: "autoscaling", Kind: "Scale"}:                                   true, // a subresource
		{Group: "authentication.k8s.io", Kind: "TokenRequest"}:                  true, // a subresource
		{Group: "extensions", Kind: "DaemonSet"}:                                true, // removed in 1.16, as the next five
		{Group: "extensions", Kind: "Deployment"}:                               true,
		{Group: "extensions", Kind: "Ingress"}:                                  true,
		{Group: "extensions", Kind: "NetworkPolicy"}:                            true,
		{Group: "extensions", Kind: "ReplicaSet"}:                               true,
		{Group: "extensions", Kind: "Scale"}:                                    true,
		{Group: "imagepolicy.k8s.io", Kind: "ImageReview"}:                      true, // sent to a webhook, not to the API server
		{Group: "policy", Kind: "Eviction"}:                                     true, // a subresource
		{Group: "policy.networking.k8s.io", Kind: "AdminNetworkPolicy"}:         true, // not part of Kubernetes itself
		{Group: "policy.networking.k8s.io", Kind: "BaselineAdminNetworkPolicy"}: true,
		{Group: "policy.networking.k8s.io", Kind: "ClusterNetworkPolicy"}:       true,
	}
	for gvk := range kubernetesTypes(t) {
		if ref := (bulkhead.Ref{Group: gvk.Group, Kind: gvk.Kind}); !served[ref] && !unserved[ref] {
			t.Errorf("%v is neither served nor known not to be", gvk)
		}
	}
}

// Whether a kind of somebody else has a namespace is the author's to say, also
// where its group's name ends as those of Kubernetes do.
func TestUnknownKindsAreTakenAsMeant(t *testing.T) {
	for name, obj := range map[string]bulkhead.Object{
		"cluster-scoped, of a group under k8s.io": untyped("gateway.networking.k8s.io/v1", "GatewayClass", "", "internal"),
		"cluster-scoped, of another group":        untyped("example.com/v1", "Fleet", "", "fleet"),
		"in the namespace":                        untyped("gateway.networking.k8s.io/v1", "Gateway", "staging", "web"),
		"newer than this library":                 untyped("storage.k8s.io/v2", "VolumePlan", "", "plan"),
		"a name of the aggregated API's own form": untyped("user.openshift.io/v1", "User", "", "system:admin"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := bulkhead.New("staging", obj); err != nil {
				t.Error(err)
			}
		})
	}
	elsewhere := &widget{
		TypeMeta:   metav1.TypeMeta{APIVersion: "example.com/v1", Kind: "Widget"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: "w"},
	}
	var outside *bulkhead.NamespaceError
	if _, err := bulkhead.New("staging", elsewhere); !errors.As(err, &outside) {
		t.Errorf("an unknown kind in another namespace: %v", err)
	}
}
