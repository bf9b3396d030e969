// SPDX-License-Identifier: Apache-2.0

package preset_test

import (
	"slices"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/quota"
)

// deployment is a workload of an environment that acts as somebody in the cloud.
func deployment(namespace, class string) *appsv1.Deployment {
	labels := map[string]string{"app": "backend-service"}
	return &appsv1.Deployment{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "backend-service"},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec: corev1.PodSpec{
					ServiceAccountName: "backend-service", PriorityClassName: class,
					Containers: []corev1.Container{{Name: "main", Image: "registry.example/backend-service:1.4.2"}},
				},
			},
		},
	}
}

// A bed is both environments, a workload in each, and what is missing.
type bed struct {
	staging, production *preset.Environment
	workloads           []bulkhead.Object
	without             []bulkhead.Object
}

func newBed() *bed {
	return &bed{
		staging:    bulkhead.Must(preset.Staging(stagingOptions())),
		production: bulkhead.Must(preset.Production(productionOptions())),
		workloads:  []bulkhead.Object{deployment("staging", "staging-low-priority"), deployment("prod", "production-high-priority")},
	}
}

// findings are those of the rules that say what objects do. None of them knows what
// was made.
func (b *bed) findings() bulkhead.Findings {
	objs := slices.Concat(b.staging.Objects, b.production.Objects, b.workloads)
	objs = slices.DeleteFunc(objs, func(o bulkhead.Object) bool { return slices.Contains(b.without, o) })
	return bulkhead.Check(objs, slices.Concat(netpol.Rules(), quota.Rules(), identity.Rules(), guard.Rules(),
		b.staging.Guard.Rules(), b.production.Guard.Rules())...)
}

// find returns the object of a type and name in an environment.
func find[T bulkhead.Object](e *preset.Environment, name string) T {
	for obj := range bulkhead.Each[T](e.Objects) {
		if obj.GetName() == name {
			return obj
		}
	}
	panic("no object is called " + name)
}

// policy edits an admission policy of staging.
func policy(name string, edit func(*admissionregistrationv1.ValidatingAdmissionPolicy)) func(*bed) {
	return func(b *bed) { edit(find[*admissionregistrationv1.ValidatingAdmissionPolicy](b.staging, name)) }
}

func TestWeakenedEnvironments(t *testing.T) {
	tests := map[string]struct {
		edit func(*bed)
		want string // a rule; others may speak too
	}{
		"production without its default deny": {
			func(b *bed) {
				b.without = append(b.without, find[*networkingv1.NetworkPolicy](b.production, "default-deny"))
			}, netpol.Unpoliced,
		},
		"a default deny of egress alone": {
			func(b *bed) {
				find[*networkingv1.NetworkPolicy](b.production, "default-deny").Spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}
			}, netpol.Unpoliced,
		},
		"a default deny of some pods": {
			func(b *bed) {
				find[*networkingv1.NetworkPolicy](b.production, "default-deny").Spec.PodSelector.MatchLabels = map[string]string{"app": "other"}
			}, netpol.Unpoliced,
		},
		"a mirror with a hole": {
			func(b *bed) {
				find[*networkingv1.NetworkPolicy](b.staging, "allow-within").Spec.Egress[0].To = nil
			}, netpol.AllowAll,
		},
		"a mirror that shows every namespace": {
			func(b *bed) {
				find[*networkingv1.NetworkPolicy](b.staging, "allow-within").Spec.Egress[0].To[0].NamespaceSelector = &metav1.LabelSelector{}
			}, netpol.EveryNamespace,
		},
		"a way to the metadata server for every port": {
			func(b *bed) {
				np := find[*networkingv1.NetworkPolicy](b.staging, "allow-metadata-backend-service")
				np.Spec.Egress[0].To[0].IPBlock.CIDR = "0.0.0.0/0"
			}, netpol.EveryAddress,
		},
		"blindness to a namespace whose name has a slip": {
			func(b *bed) {
				find[*policyv1alpha2.ClusterNetworkPolicy](b.staging, "staging.blind-to.prod").Spec.Egress[0].To[0].Namespaces.MatchLabels[corev1.LabelMetadataName] = "prdo"
			}, netpol.AbsentNamespace,
		},
		"no budget": {
			func(b *bed) { b.without = append(b.without, find[*corev1.ResourceQuota](b.staging, "cap")) }, quota.Uncapped,
		},
		"a budget without memory limits": {
			func(b *bed) {
				delete(find[*corev1.ResourceQuota](b.staging, "cap").Spec.Hard, corev1.ResourceLimitsMemory)
			}, quota.Uncapped,
		},
		"limits of zero": {
			func(b *bed) { find[*corev1.LimitRange](b.staging, "cap").Spec.Limits[0].Min = nil }, quota.ZeroLimit,
		},
		"no defaults": {
			func(b *bed) { find[*corev1.LimitRange](b.staging, "cap").Spec.Limits[0].Default = nil }, guard.NoMemoryLimit,
		},
		"classes refused by name": {
			func(b *bed) {
				find[*corev1.ResourceQuota](b.staging, "only-classes").Spec.ScopeSelector.MatchExpressions[0].Operator = corev1.ScopeSelectorOpIn
			}, quota.ClassEscape,
		},
		"staging above production": {
			func(b *bed) { find[*schedulingv1.PriorityClass](b.staging, "staging-low-priority").Value = 2_000_000 }, quota.ClassOutranks,
		},
		"staging as the default of the cluster": {
			func(b *bed) {
				find[*schedulingv1.PriorityClass](b.staging, "staging-low-priority").GlobalDefault = true
			}, quota.GlobalDefault,
		},
		"Pod Security that only warns": {
			func(b *bed) { delete(find[*corev1.Namespace](b.staging, "staging").Labels, quota.EnforceLabel) }, quota.PodSecurityNotEnforced,
		},
		"both act as production": {
			func(b *bed) {
				find[*corev1.ServiceAccount](b.staging, "backend-service").Annotations[identity.GoogleAccountAnnotation] = "production-sa@my-project.iam.gserviceaccount.com"
			}, identity.SharedIdentity,
		},
		"staging acts as production's account, which its guard does not list": {
			func(b *bed) {
				find[*corev1.ServiceAccount](b.staging, "backend-service").Annotations[identity.GoogleAccountAnnotation] = "production-sa@my-project.iam.gserviceaccount.com"
			}, guard.OtherIdentity,
		},
		"a misspelt annotation": {
			func(b *bed) {
				account := find[*corev1.ServiceAccount](b.staging, "backend-service")
				account.Annotations = map[string]string{"iam.gke.io/gcp-service-acount": "staging-sa@my-project.iam.gserviceaccount.com"}
			}, identity.MisplacedIdentity,
		},
		"a binding that is gone": {
			func(b *bed) {
				b.without = append(b.without, find[*admissionregistrationv1.ValidatingAdmissionPolicyBinding](b.staging, "staging.pods"))
			}, guard.Unbound,
		},
		"a binding that audits": {
			func(b *bed) {
				find[*admissionregistrationv1.ValidatingAdmissionPolicyBinding](b.staging, "staging.keepers").Spec.ValidationActions = []admissionregistrationv1.ValidationAction{admissionregistrationv1.Audit}
			}, guard.NotDenied,
		},
		"a policy that fails open": {
			policy("staging.pods", func(p *admissionregistrationv1.ValidatingAdmissionPolicy) {
				ignore := admissionregistrationv1.Ignore
				p.Spec.FailurePolicy = &ignore
			}), guard.FailsOpen,
		},
		"a policy that does not see pods being resized": {
			policy("staging.pods", func(p *admissionregistrationv1.ValidatingAdmissionPolicy) {
				p.Spec.MatchConstraints.ResourceRules = p.Spec.MatchConstraints.ResourceRules[:1]
			}), guard.SubresourceGap,
		},
		"a policy that does not see changes of Services": {
			policy("staging.services", func(p *admissionregistrationv1.ValidatingAdmissionPolicy) {
				p.Spec.MatchConstraints.ResourceRules[0].Operations = []admissionregistrationv1.OperationType{admissionregistrationv1.Create}
			}), guard.UpdateGap,
		},
		"a policy that pods can opt out of": {
			policy("staging.pods", func(p *admissionregistrationv1.ValidatingAdmissionPolicy) {
				p.Spec.MatchConstraints.ObjectSelector = &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
					{Key: "skip", Operator: metav1.LabelSelectorOpDoesNotExist},
				}}
			}), guard.ObjectOptOut,
		},
		"a policy of another namespace": {
			policy("staging.pods", func(p *admissionregistrationv1.ValidatingAdmissionPolicy) {
				p.Spec.MatchConstraints.NamespaceSelector.MatchLabels[corev1.LabelMetadataName] = "stagin"
			}), guard.AbsentNamespace,
		},
		"a policy of one version of the API": {
			policy("staging.templates", func(p *admissionregistrationv1.ValidatingAdmissionPolicy) {
				exact := admissionregistrationv1.Exact
				p.Spec.MatchConstraints.MatchPolicy = &exact
			}), guard.MatchExact,
		},
		"a policy that is always content": {
			policy("staging.services", func(p *admissionregistrationv1.ValidatingAdmissionPolicy) {
				for i := range p.Spec.Validations {
					p.Spec.Validations[i].Expression = "true"
				}
			}), guard.NeverDenies,
		},
		"a policy that reads a field that is none": {
			policy("staging.pods", func(p *admissionregistrationv1.ValidatingAdmissionPolicy) {
				p.Spec.Variables[0].Expression = "object.specs"
			}), guard.UnknownField,
		},
		"a default class without its value": {
			func(b *bed) {
				find[*admissionregistrationv1.MutatingAdmissionPolicy](b.staging, "staging.default-class").Spec.Mutations[0].ApplyConfiguration.Expression = `Object{spec: Object.spec{priorityClassName: "staging-low-priority"}}`
			}, guard.StalePriority,
		},
		"a workload that names production's class": {
			func(b *bed) { b.workloads[0] = deployment("staging", "production-high-priority") }, guard.OtherClass,
		},
	}
	if fs := newBed().findings(); len(fs) > 0 {
		t.Fatalf("as made: %v", fs.Err())
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBed()
			tt.edit(b)
			fs := b.findings()
			if !slices.ContainsFunc(fs, func(f bulkhead.Finding) bool { return f.Rule == tt.want }) {
				t.Errorf("%s says nothing; findings: %v", tt.want, fs.Err())
			}
		})
	}
}
