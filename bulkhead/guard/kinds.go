// SPDX-License-Identifier: Apache-2.0

package guard

import (
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
)

const (
	create  = admissionregistrationv1.Create
	update  = admissionregistrationv1.Update
	deletes = admissionregistrationv1.Delete
)

// podPolicy judges pods when they are created, resized and given containers for
// debugging. Other updates of a pod cannot change what a restriction speaks of
// (Kubernetes v1.37, pkg/apis/core/validation, ValidatePodUpdate), and refusing them
// would keep controllers from removing finalizers of pods that were there before.
func podPolicy(namespace string, restrictions []Restriction) *Admission {
	spec := variable("spec", "dyn(object.spec)")
	spec.MatchConstraints = &admissionregistrationv1.MatchResources{ResourceRules: []admissionregistrationv1.NamedRuleWithOperations{
		on("", []string{"pods"}, create),
		on("", []string{"pods/ephemeralcontainers", "pods/resize"}, update),
	}}
	return policyOf(namespace, "pods", "variables.spec", complete, restrictions, spec)
}

// templatePolicy judges the pod templates of workloads. Their pods would be refused
// all the same: this is so that who applies a Deployment is told. It asks for nothing
// that may be filled in between template and pod. A template that an update does not
// change passes, so that what was there before can be scaled down and replaced.
func templatePolicy(namespace string, restrictions []Restriction) *Admission {
	spec := variable("spec", templateSpec("object"))
	spec.MatchConditions = changed(templateSpec("object"), templateSpec("oldObject"))
	spec.MatchConstraints = &admissionregistrationv1.MatchResources{ResourceRules: []admissionregistrationv1.NamedRuleWithOperations{
		on("", []string{"replicationcontrollers"}, create, update),
		on("apps", []string{"daemonsets", "deployments", "replicasets", "statefulsets"}, create, update),
		on("batch", []string{"cronjobs", "jobs"}, create, update),
	}}
	return policyOf(namespace, "templates", "variables.spec", template, restrictions, spec)
}

// templateSpec is an expression of the pod spec in a workload.
func templateSpec(x string) string {
	x = "dyn(" + x + ")"
	return fields("spec", "template", "spec").cel(x) +
		".or(" + fields("spec", "jobTemplate", "spec", "template", "spec").cel(x) + ").orValue({})"
}

// objectPolicy judges objects without pods. An update that leaves the part of an
// object as it was that restrictions speak of passes, so that controllers can remove
// finalizers from what was there before.
func objectPolicy(namespace, name, resource string, part path, restrictions []Restriction) *Admission {
	spec := admissionregistrationv1.ValidatingAdmissionPolicySpec{
		MatchConditions: changed(part.cel("object")+".orValue({})", part.cel("oldObject")+".orValue({})"),
		MatchConstraints: &admissionregistrationv1.MatchResources{ResourceRules: []admissionregistrationv1.NamedRuleWithOperations{
			on("", []string{resource}, create, update),
		}},
	}
	return policyOf(namespace, name, "object", complete, restrictions, spec)
}

func variable(name, expression string) admissionregistrationv1.ValidatingAdmissionPolicySpec {
	return admissionregistrationv1.ValidatingAdmissionPolicySpec{
		Variables: []admissionregistrationv1.Variable{{Name: name, Expression: expression}},
	}
}

// changed is true of new objects, and of updates that change a part of one.
func changed(part, before string) []admissionregistrationv1.MatchCondition {
	return []admissionregistrationv1.MatchCondition{{
		Name:       "changed",
		Expression: "oldObject == null || " + part + " != " + before,
	}}
}
