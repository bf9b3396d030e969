// SPDX-License-Identifier: Apache-2.0

package guard_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota"
)

// Guard a namespace, and find in a manifest what the guard will refuse.
func Example() {
	staging := bulkhead.Must(guard.Enforce("staging",
		guard.Classes("staging-low-priority"),
		guard.MemoryLimits(),
		guard.NoHost(),
	))
	pod := &corev1.Pod{}
	pod.Namespace, pod.Name = "staging", "web"
	pod.Spec.PriorityClassName = "system-node-critical"
	pod.Spec.Containers = []corev1.Container{{Name: "web"}}

	for _, obj := range staging.Objects() {
		fmt.Println(bulkhead.RefTo(obj))
	}
	for _, f := range bulkhead.Check([]bulkhead.Object{pod}, staging.Rules()...) {
		fmt.Println(f)
	}
	// Output:
	// ValidatingAdmissionPolicy/staging.pods
	// ValidatingAdmissionPolicyBinding/staging.pods
	// ValidatingAdmissionPolicy/staging.templates
	// ValidatingAdmissionPolicyBinding/staging.templates
	// error: Pod/staging/web spec.containers[0].resources.limits[memory]: the guard of namespace staging will refuse it: no memory limit above zero; set resources.limits.memory (guard/no-memory-limit)
	// error: Pod/staging/web spec.priorityClassName: the guard of namespace staging will refuse it: the priority class must be one of staging-low-priority; set spec.priorityClassName (guard/other-class)
}

func ExampleEnforce() {
	staging, err := guard.Enforce("staging", guard.ServiceTypes(corev1.ServiceTypeClusterIP))
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = manifest.Write(os.Stdout, staging.Objects()...)
	// Output:
	// apiVersion: admissionregistration.k8s.io/v1
	// kind: ValidatingAdmissionPolicy
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: staging.services
	// spec:
	//   failurePolicy: Fail
	//   matchConditions:
	//   - expression: oldObject == null || object.?spec.orValue({}) != oldObject.?spec.orValue({})
	//     name: changed
	//   matchConstraints:
	//     matchPolicy: Equivalent
	//     namespaceSelector:
	//       matchLabels:
	//         kubernetes.io/metadata.name: staging
	//     objectSelector: {}
	//     resourceRules:
	//     - apiGroups:
	//       - ""
	//       apiVersions:
	//       - v1
	//       operations:
	//       - CREATE
	//       - UPDATE
	//       resources:
	//       - services
	//       scope: '*'
	//   validations:
	//   - expression: object.?spec.?type.optMap(v, v in ["ClusterIP"]).orValue(true)
	//     message: the type must be one of ClusterIP; set spec.type
	//     reason: Forbidden
	//   - expression: object.?spec.?externalIPs.optMap(v, v.size() == 0).orValue(true)
	//     message: takes the traffic to addresses that are not its own; remove spec.externalIPs
	//     reason: Forbidden
	// ---
	// apiVersion: admissionregistration.k8s.io/v1
	// kind: ValidatingAdmissionPolicyBinding
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: staging.services
	// spec:
	//   policyName: staging.services
	//   validationActions:
	//   - Deny
}

func ExampleEnforce_mistakes() {
	_, err := guard.Enforce("staging",
		guard.Classes(),
		guard.Keepers(rbacv1.Subject{Kind: rbacv1.GroupKind, Name: "system:authenticated"}),
	)
	fmt.Println(err)
	// Output:
	// ValidatingAdmissionPolicy/staging: restrictions[0].classes: Required value: without a class no pod could run; restrictions[1].keepers[0].name: Invalid value: "system:authenticated": the tenants are in this group
}

func ExampleDefaultClass() {
	class := bulkhead.Must(quota.LowPriority("staging-low-priority", -10))
	classes, err := guard.DefaultClass("staging", class)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = manifest.Write(os.Stdout, classes.Objects()...)
	// Output:
	// apiVersion: admissionregistration.k8s.io/v1
	// kind: MutatingAdmissionPolicy
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: staging.default-class
	// spec:
	//   failurePolicy: Fail
	//   matchConditions:
	//   - expression: object.spec.?priorityClassName.orValue("") == ""
	//     name: no-class
	//   matchConstraints:
	//     matchPolicy: Equivalent
	//     namespaceSelector:
	//       matchLabels:
	//         kubernetes.io/metadata.name: staging
	//     objectSelector: {}
	//     resourceRules:
	//     - apiGroups:
	//       - ""
	//       apiVersions:
	//       - v1
	//       operations:
	//       - CREATE
	//       resources:
	//       - pods
	//       scope: '*'
	//   mutations:
	//   - applyConfiguration:
	//       expression: 'Object{spec: Object.spec{priorityClassName: "staging-low-priority", priority: -10, preemptionPolicy: "Never"}}'
	//     patchType: ApplyConfiguration
	//   reinvocationPolicy: IfNeeded
	// ---
	// apiVersion: admissionregistration.k8s.io/v1
	// kind: MutatingAdmissionPolicyBinding
	// metadata:
	//   labels:
	//     app.kubernetes.io/managed-by: watertight
	//   name: staging.default-class
	// spec:
	//   policyName: staging.default-class
}

// A rule finds the pod that a policy refuses, and says nothing of one that gets a
// class by default.
func ExampleGuard_Rules() {
	class := bulkhead.Must(quota.LowPriority("staging-low-priority", -10))
	classes := bulkhead.Must(guard.DefaultClass("staging", class))
	staging := bulkhead.Must(guard.Enforce("staging", guard.Classes(class.Name)))

	pod := &corev1.Pod{}
	pod.Namespace, pod.Name = "staging", "web"
	fmt.Println(bulkhead.Check([]bulkhead.Object{pod}, staging.Rules()...).Err())
	fmt.Println(bulkhead.Check(append(classes.Objects(), class, pod), staging.Rules()...).Err())
	// Output:
	// error: Pod/staging/web spec.priorityClassName: the guard of namespace staging will refuse it: the priority class must be one of staging-low-priority; set spec.priorityClassName (guard/other-class)
	// <nil>
}

func ExampleClasses() {
	show(guard.Classes("staging-low-priority", "staging-batch"))
	// Output:
	// the priority class must be one of staging-low-priority, staging-batch; set spec.priorityClassName
}

func ExampleMemoryLimits() {
	show(guard.MemoryLimits())
	// Output:
	// no memory limit above zero; set resources.limits.memory
}

func ExampleCPULimits() {
	show(guard.CPULimits())
	// Output:
	// no cpu limit above zero; set resources.limits.cpu
}

func ExampleNoPodLevelBypass() {
	show(guard.NoPodLevelBypass())
	// Output:
	// with resources for the pod as a whole, a quota charges no memory for containers without a limit; set spec.resources.limits.memory, or a memory limit of every container
}

func ExampleNoHost() {
	show(guard.NoHost())
	// Output:
	// the pod shares the network of its node; remove spec.hostNetwork
	// the pod shares the processes of its node; remove spec.hostPID
	// the pod shares the inter-process communication of its node; remove spec.hostIPC
	// mounts files of the node; remove the hostPath
	// privileged, which is as good as root on the node; remove securityContext.privileged
	// takes a port of the node; remove the hostPort
}

func ExampleTokenAudiences() {
	show(guard.TokenAudiences("vault"))
	// Output:
	// holds a token for another audience; only the API server and vault may be one; remove the serviceAccountToken, or its audience
}

func ExampleServiceTypes() {
	show(guard.ServiceTypes(corev1.ServiceTypeClusterIP, corev1.ServiceTypeLoadBalancer))
	// Output:
	// the type must be one of ClusterIP, LoadBalancer; set spec.type
	// takes the traffic to addresses that are not its own; remove spec.externalIPs
}

func ExampleCloudIdentities() {
	show(guard.CloudIdentities("staging-sa@my-project.iam.gserviceaccount.com"))
	// Output:
	// the cloud identity must be one of staging-sa@my-project.iam.gserviceaccount.com; remove the annotation iam.gke.io/gcp-service-account, or set one of these
	// the cloud identity must be one of staging-sa@my-project.iam.gserviceaccount.com; remove the annotation eks.amazonaws.com/role-arn, or set one of these
	// the cloud identity must be one of staging-sa@my-project.iam.gserviceaccount.com; remove the annotation azure.workload.identity/client-id, or set one of these
}

func ExampleKeepers() {
	show(guard.Keepers(
		rbacv1.Subject{Kind: rbacv1.GroupKind, Name: "system:masters"},
		rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: "platform", Name: "operator"},
	))
	// Output:
	// guards the namespace; ask a keeper of the guards of this namespace
	// the labels of the Namespace decide what guards it; ask a keeper of the guards of this namespace
	// the annotations decide which cloud identity pods have; ask a keeper of the guards of this namespace
}

// show prints what the first policy of a restriction says of what it refuses.
func show(r guard.Restriction) {
	staging, err := guard.Enforce("staging", r)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range []*guard.Admission{staging.Pods, staging.Services, staging.ServiceAccounts, staging.Keepers} {
		if a == nil {
			continue
		}
		for _, v := range a.Policy.Spec.Validations {
			fmt.Println(v.Message)
		}
	}
}
