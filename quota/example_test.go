// SPDX-License-Identifier: Apache-2.0

package quota_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota"
)

// Cap a namespace, and check what was made.
func Example() {
	share := bulkhead.Must(quota.Cap("staging", quota.Budget{
		Requests:       quota.Compute{CPU: resource.MustParse("4"), Memory: resource.MustParse("8Gi")},
		Limits:         quota.Compute{CPU: resource.MustParse("8"), Memory: resource.MustParse("16Gi")},
		Pods:           40,
		Pod:            quota.Compute{CPU: resource.MustParse("2"), Memory: resource.MustParse("4Gi")},
		Default:        quota.Compute{CPU: resource.MustParse("500m"), Memory: resource.MustParse("512Mi")},
		DefaultRequest: quota.Compute{CPU: resource.MustParse("100m"), Memory: resource.MustParse("128Mi")},
	}))
	staging := bulkhead.Must(bulkhead.New("staging", share.Objects()...))
	for _, obj := range staging.Objects {
		fmt.Println(bulkhead.RefTo(obj))
	}
	fmt.Println(staging.Check(quota.Rules()...).Err())
	// Output:
	// PriorityClass/staging-low-priority
	// ResourceQuota/staging/cap
	// ResourceQuota/staging/only-classes
	// LimitRange/staging/cap
	// <nil>
}

func ExampleCap() {
	share, err := quota.Cap("staging", budget())
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = manifest.Write(os.Stdout, share.Objects()...)
	// Output:
	// apiVersion: scheduling.k8s.io/v1
	// kind: PriorityClass
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: staging-low-priority
	// preemptionPolicy: Never
	// value: -10
	// ---
	// apiVersion: v1
	// kind: ResourceQuota
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: cap
	//   namespace: staging
	// spec:
	//   hard:
	//     limits.cpu: "8"
	//     limits.memory: 16Gi
	//     persistentvolumeclaims: "10"
	//     pods: "40"
	//     requests.cpu: "4"
	//     requests.memory: 8Gi
	//     requests.storage: 50Gi
	//     services.loadbalancers: "0"
	//     services.nodeports: "0"
	// ---
	// apiVersion: v1
	// kind: ResourceQuota
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: only-classes
	//   namespace: staging
	// spec:
	//   hard:
	//     pods: "0"
	//   scopeSelector:
	//     matchExpressions:
	//     - operator: NotIn
	//       scopeName: PriorityClass
	//       values:
	//       - staging-low-priority
	// ---
	// apiVersion: v1
	// kind: LimitRange
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: cap
	//   namespace: staging
	// spec:
	//   limits:
	//   - default:
	//       cpu: 500m
	//       memory: 512Mi
	//     defaultRequest:
	//       cpu: 100m
	//       memory: 128Mi
	//     min:
	//       cpu: 1m
	//       memory: 1Mi
	//     type: Container
	//   - max:
	//       cpu: "2"
	//       memory: 4Gi
	//     min:
	//       cpu: 1m
	//       memory: 1Mi
	//     type: Pod
}

// What is left out of a budget is not unlimited.
func ExampleCap_forgotten() {
	forgotten := budget()
	forgotten.Limits.Memory = resource.Quantity{}
	forgotten.Pods = 0
	_, err := quota.Cap("staging", forgotten)
	fmt.Println(err)
	// Output:
	// ResourceQuota/staging/cap: budget.limits.memory: Required value: zero; a limit of zero is no limit on the node; budget.pods: Required value: no pod could run
}

func ExamplePriority() {
	_ = manifest.Write(os.Stdout, bulkhead.Must(quota.Priority("production-high-priority", 1_000_000)))
	// Output:
	// apiVersion: scheduling.k8s.io/v1
	// kind: PriorityClass
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: production-high-priority
	// preemptionPolicy: PreemptLowerPriority
	// value: 1000000
}

func ExampleLowPriority() {
	_ = manifest.Write(os.Stdout, bulkhead.Must(quota.LowPriority("staging-low-priority", -5)))
	_, err := quota.LowPriority("staging-low-priority", 100)
	fmt.Println(err)
	// Output:
	// apiVersion: scheduling.k8s.io/v1
	// kind: PriorityClass
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: staging-low-priority
	// preemptionPolicy: Never
	// value: -5
	// PriorityClass/staging-low-priority: value: Invalid value: 100: pods without a class have the value 0; a low priority is below it
}

func ExampleNamespace() {
	_ = manifest.Write(os.Stdout, bulkhead.Must(quota.Namespace("staging", quota.Restricted)))
	// Output:
	// apiVersion: v1
	// kind: Namespace
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//     kubernetes.io/metadata.name: staging
	//     pod-security.kubernetes.io/audit: restricted
	//     pod-security.kubernetes.io/audit-version: latest
	//     pod-security.kubernetes.io/enforce: restricted
	//     pod-security.kubernetes.io/enforce-version: latest
	//     pod-security.kubernetes.io/warn: restricted
	//     pod-security.kubernetes.io/warn-version: latest
	//   name: staging
}

func ExampleResourceQuota() {
	hard := make(corev1.ResourceList)
	hard[corev1.ResourceServicesLoadBalancers] = resource.MustParse("0")
	hard["requests.nvidia.com/gpu"] = resource.MustParse("0")
	_ = manifest.Write(os.Stdout, bulkhead.Must(quota.ResourceQuota("staging", "nothing-costly", hard)))
	// Output:
	// apiVersion: v1
	// kind: ResourceQuota
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: nothing-costly
	//   namespace: staging
	// spec:
	//   hard:
	//     requests.nvidia.com/gpu: "0"
	//     services.loadbalancers: "0"
}

func ExampleOnlyClasses() {
	_ = manifest.Write(os.Stdout, bulkhead.Must(quota.OnlyClasses("staging", "only-classes", "staging-low-priority")))
	// Output:
	// apiVersion: v1
	// kind: ResourceQuota
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: only-classes
	//   namespace: staging
	// spec:
	//   hard:
	//     pods: "0"
	//   scopeSelector:
	//     matchExpressions:
	//     - operator: NotIn
	//       scopeName: PriorityClass
	//       values:
	//       - staging-low-priority
}

// The API server fills in what is not said: the default is the most.
func ExampleLimits() {
	most := make(corev1.ResourceList)
	most[corev1.ResourceCPU] = resource.MustParse("2")
	_ = manifest.Write(os.Stdout, bulkhead.Must(quota.Limits("staging", "limits",
		corev1.LimitRangeItem{Type: corev1.LimitTypeContainer, Max: most})))
	// Output:
	// apiVersion: v1
	// kind: LimitRange
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: limits
	//   namespace: staging
	// spec:
	//   limits:
	//   - default:
	//       cpu: "2"
	//     defaultRequest:
	//       cpu: "2"
	//     max:
	//       cpu: "2"
	//     type: Container
}

// A manifest from anywhere is judged on its own.
func ExampleValidate() {
	found := &corev1.ResourceQuota{}
	found.Namespace, found.Name = "staging", "cap"
	found.Spec.Hard = make(corev1.ResourceList)
	found.Spec.Hard["limits.storage"] = resource.MustParse("50Gi")
	for _, finding := range quota.Validate(found) {
		fmt.Println(finding)
	}
	// Output:
	// error: ResourceQuota/staging/cap spec.hard[limits.storage]: Invalid value: "limits.storage": no resource of quotas; resources that are not Kubernetes' own have a domain (quota/invalid)
}
