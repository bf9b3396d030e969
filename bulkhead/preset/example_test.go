// SPDX-License-Identifier: Apache-2.0

package preset_test

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/platform"
	"github.com/watertight-go/watertight/quota"
)

// Put staging beside production in one cluster, and check what was made.
func Example() {
	cluster := preset.Cluster{
		Platform: platform.GKEDataplaneV2,
		Pool:     identity.Pool{ProjectID: "my-project", ProjectNumber: 123456789012},
		Keepers:  []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: "platform", Name: "operator"}},
	}
	staging := bulkhead.Must(preset.Staging(preset.StagingOptions{
		Cluster:   cluster,
		Workloads: []preset.Workload{{Account: "backend-service", ActsAs: "staging-sa@my-project.iam.gserviceaccount.com"}},
	}))
	production := bulkhead.Must(preset.Production(preset.ProductionOptions{Cluster: cluster}))

	rules := slices.Concat(netpol.Rules(), quota.Rules(), identity.Rules(), guard.Rules())
	fmt.Println(bulkhead.Check(slices.Concat(staging.Objects, production.Objects), rules...).Err())
	for _, grant := range staging.Grants {
		fmt.Println(grant.Resource)
		fmt.Println(grant.Role, grant.Member)
	}
	// Output:
	// <nil>
	// projects/my-project/serviceAccounts/staging-sa@my-project.iam.gserviceaccount.com
	// roles/iam.workloadIdentityUser serviceAccount:my-project.svc.id.goog[staging/backend-service]
}

// What a staging environment consists of.
func ExampleStaging() {
	staging := bulkhead.Must(preset.Staging(preset.StagingOptions{
		Cluster:    preset.Cluster{Platform: platform.EKS, Keepers: keepers()},
		Production: []string{"prod", "payments"},
		Workloads:  []preset.Workload{{Account: "backend-service"}},
	}))
	for _, obj := range staging.Objects {
		fmt.Println(bulkhead.RefTo(obj))
	}
	// Output:
	// Namespace/staging
	// PriorityClass/staging-low-priority
	// ValidatingAdmissionPolicy/staging.keepers
	// ValidatingAdmissionPolicy/staging.pods
	// ValidatingAdmissionPolicy/staging.service-accounts
	// ValidatingAdmissionPolicy/staging.services
	// ValidatingAdmissionPolicy/staging.templates
	// ValidatingAdmissionPolicyBinding/staging.keepers
	// ValidatingAdmissionPolicyBinding/staging.pods
	// ValidatingAdmissionPolicyBinding/staging.service-accounts
	// ValidatingAdmissionPolicyBinding/staging.services
	// ValidatingAdmissionPolicyBinding/staging.templates
	// MutatingAdmissionPolicy/staging.default-class
	// MutatingAdmissionPolicyBinding/staging.default-class
	// ClusterNetworkPolicy/staging.blind-to.payments
	// ClusterNetworkPolicy/staging.blind-to.prod
	// NetworkPolicy/staging/allow-dns
	// NetworkPolicy/staging/allow-within
	// NetworkPolicy/staging/default-deny
	// ResourceQuota/staging/cap
	// ResourceQuota/staging/only-classes
	// LimitRange/staging/cap
	// ServiceAccount/staging/backend-service
}

// What a production environment consists of.
func ExampleProduction() {
	production := bulkhead.Must(preset.Production(preset.ProductionOptions{
		Cluster:   preset.Cluster{Platform: platform.Kubernetes, Keepers: keepers()},
		Namespace: "payments",
	}))
	for _, obj := range production.Objects {
		fmt.Println(bulkhead.RefTo(obj))
	}
	// Output:
	// Namespace/payments
	// PriorityClass/production-high-priority
	// ValidatingAdmissionPolicy/payments.keepers
	// ValidatingAdmissionPolicy/payments.pods
	// ValidatingAdmissionPolicy/payments.service-accounts
	// ValidatingAdmissionPolicy/payments.templates
	// ValidatingAdmissionPolicyBinding/payments.keepers
	// ValidatingAdmissionPolicyBinding/payments.pods
	// ValidatingAdmissionPolicyBinding/payments.service-accounts
	// ValidatingAdmissionPolicyBinding/payments.templates
	// MutatingAdmissionPolicy/payments.default-class
	// MutatingAdmissionPolicyBinding/payments.default-class
	// NetworkPolicy/payments/allow-dns
	// NetworkPolicy/payments/default-deny
}

// Find out that somebody raised the budget by hand.
func ExampleEnvironment_Drift() {
	options := preset.StagingOptions{Cluster: preset.Cluster{Platform: platform.EKS, Keepers: keepers()}}
	made, inCluster := bulkhead.Must(preset.Staging(options)), bulkhead.Must(preset.Staging(options))
	find[*corev1.ResourceQuota](inCluster, "cap").Spec.Hard[corev1.ResourceLimitsMemory] = resource.MustParse("64Gi")
	for _, finding := range inCluster.Check(made.Drift()) {
		fmt.Println(finding)
	}
	// Output:
	// error: ResourceQuota/staging/cap spec.hard[limits.memory]: is "64Gi", and was "16Gi" when the environment was made; restore it (preset/drift)
}
