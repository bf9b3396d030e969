// SPDX-License-Identifier: Apache-2.0

package preset_test

import (
	"errors"
	"slices"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/netpol/platform"
)

// places returns "Kind/name field" for everything that an error refuses.
func places(err error) []string {
	var out []string
	switch e := err.(type) { //nolint:errorlint // the tree is walked here
	case nil:
	case *bulkhead.InvalidError:
		for _, wrong := range e.Errs {
			out = append(out, e.Object.String()+" "+wrong.Field)
		}
	case *bulkhead.DuplicateError:
		out = append(out, e.Object.String()+" twice")
	case interface{ Unwrap() []error }:
		for _, part := range e.Unwrap() {
			out = append(out, places(part)...)
		}
	default:
		out = append(out, err.Error())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestStagingRefuses(t *testing.T) {
	tests := map[string]struct {
		edit func(*preset.StagingOptions)
		want []string
	}{
		"nothing of the example": {func(*preset.StagingOptions) {}, nil},
		"no platform, and nobody who keeps it": {
			func(o *preset.StagingOptions) { o.Cluster.Platform, o.Cluster.Keepers = 0, nil },
			[]string{"Namespace/staging cluster.keepers", "Namespace/staging cluster.platform"},
		},
		"a Google service account on another platform": {
			func(o *preset.StagingOptions) { o.Cluster.Platform = platform.EKS },
			[]string{"Namespace/staging workloads[0].actsAs"},
		},
		"namespaces of production that are none": {
			func(o *preset.StagingOptions) { o.Production = []string{"", "prod.eu", "prod"} },
			[]string{"Namespace/staging production[0]", "Namespace/staging production[1]"},
		},
		"a workload that acts as somebody, and no pool": {
			func(o *preset.StagingOptions) { o.Cluster.Pool.ProjectID, o.Cluster.Pool.ProjectNumber = "", 0 },
			[]string{"ServiceAccount/staging/backend-service pool.projectID", "ServiceAccount/staging/backend-service pool.projectNumber"},
		},
		"an address that is none, and a budget below zero": {
			func(o *preset.StagingOptions) {
				o.Workloads[0].ActsAs = "staging-sa"
				o.Budget = preset.DefaultBudget()
				o.Budget.Limits.Memory = resource.MustParse("-16Gi")
			},
			[]string{"ResourceQuota/staging/cap budget.limits.memory", "ServiceAccount/staging/backend-service email"},
		},
		"keepers that are everybody": {
			func(o *preset.StagingOptions) {
				o.Cluster.Keepers = []rbacv1.Subject{{Kind: rbacv1.GroupKind, Name: "system:authenticated"}}
			},
			[]string{"ValidatingAdmissionPolicy/staging restrictions[5].keepers[0].name"},
		},
		"two workloads of one name": {
			func(o *preset.StagingOptions) { o.Workloads = append(o.Workloads, o.Workloads[0]) },
			[]string{
				"Namespace/staging workloads[1].account",
			},
		},
		"a staging that would hide from itself": {
			func(o *preset.StagingOptions) { o.Production = []string{"prod", "staging"} },
			[]string{"Namespace/staging production[1]"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			options := stagingOptions()
			tt.edit(&options)
			got, err := preset.Staging(options)
			if found := places(err); !slices.Equal(found, tt.want) {
				t.Errorf("refused %q, want %q", found, tt.want)
			}
			if (got == nil) != (err != nil) {
				t.Errorf("an environment and an error, or neither: %v, %v", got, err)
			}
		})
	}
}

func TestProductionRefuses(t *testing.T) {
	tests := map[string]struct {
		edit func(*preset.ProductionOptions)
		want []string
	}{
		"nothing of the example": {func(*preset.ProductionOptions) {}, nil},
		"a class below pods without one, and an address that is none": {
			func(o *preset.ProductionOptions) { o.Priority, o.Workloads[0].ActsAs = -5, "nobody" },
			[]string{"PriorityClass/production-high-priority value", "ServiceAccount/prod/backend-service email"},
		},
		"a class of Kubernetes' own": {
			func(o *preset.ProductionOptions) { o.Class = "system-node-critical" },
			[]string{"PriorityClass/system-node-critical metadata.name"},
		},
		"a value that no class may have": {
			func(o *preset.ProductionOptions) { o.Priority = 2_000_000_000 },
			[]string{"PriorityClass/production-high-priority value"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			options := productionOptions()
			tt.edit(&options)
			_, err := preset.Production(options)
			if found := places(err); !slices.Equal(found, tt.want) {
				t.Errorf("refused %q, want %q", found, tt.want)
			}
			if _, ok := errors.AsType[*bulkhead.InvalidError](err); tt.want != nil && !ok {
				t.Errorf("errors.As reaches no *bulkhead.InvalidError in %v", err)
			}
		})
	}
}
