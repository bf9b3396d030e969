// SPDX-License-Identifier: Apache-2.0

package preset_test

import (
	"slices"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/netpol/platform"
)

// shared is the cluster of the tests: on GKE, with Dataplane V2.
func shared() preset.Cluster {
	return preset.Cluster{
		Platform: platform.GKEDataplaneV2,
		Pool:     identity.Pool{ProjectID: "my-project", ProjectNumber: 123456789012},
		Keepers:  keepers(),
	}
}

// keepers are who may change the environments of the tests.
func keepers() []rbacv1.Subject {
	return []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: "platform", Name: "operator"}}
}

func stagingOptions() preset.StagingOptions {
	return preset.StagingOptions{
		Cluster:   shared(),
		Workloads: []preset.Workload{{Account: "backend-service", ActsAs: "staging-sa@my-project.iam.gserviceaccount.com"}},
	}
}

func productionOptions() preset.ProductionOptions {
	return preset.ProductionOptions{
		Cluster:   shared(),
		Workloads: []preset.Workload{{Account: "backend-service", ActsAs: "production-sa@my-project.iam.gserviceaccount.com"}},
	}
}

// The manifests that people know the system by, each to the last field.
func TestManifests(t *testing.T) {
	staging := bulkhead.Must(preset.Staging(stagingOptions())).Objects
	production := bulkhead.Must(preset.Production(productionOptions())).Objects
	tests := map[string]struct {
		objects []bulkhead.Object
		ref     bulkhead.Ref
	}{
		"default-deny":    {staging, bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: "default-deny"}},
		"allow-within":    {staging, bulkhead.Ref{Group: "networking.k8s.io", Kind: "NetworkPolicy", Namespace: "staging", Name: "allow-within"}},
		"budget":          {staging, bulkhead.Ref{Kind: "ResourceQuota", Namespace: "staging", Name: "cap"}},
		"priority-class":  {production, bulkhead.Ref{Group: "scheduling.k8s.io", Kind: "PriorityClass", Name: "production-high-priority"}},
		"service-account": {staging, bulkhead.Ref{Kind: "ServiceAccount", Namespace: "staging", Name: "backend-service"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			i := slices.IndexFunc(tt.objects, func(o bulkhead.Object) bool { return bulkhead.RefTo(o) == tt.ref })
			if i < 0 {
				t.Fatalf("the preset makes no %s", tt.ref)
			}
			bulkheadtest.Golden(t, "testdata/"+name+".yaml", tt.objects[i])
		})
	}
}

// Every byte of both environments, which is what operators reconcile.
func TestEnvironments(t *testing.T) {
	bulkheadtest.Golden(t, "testdata/environments/staging.yaml", bulkhead.Must(preset.Staging(stagingOptions())).Objects...)
	bulkheadtest.Golden(t, "testdata/environments/prod.yaml", bulkhead.Must(preset.Production(productionOptions())).Objects...)
}
