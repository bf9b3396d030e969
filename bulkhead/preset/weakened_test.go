// SPDX-License-Identifier: Apache-2.0

package preset_test

import (
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
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

// A test bed is both environments, a workload in each, and the rules that speak of
// what objects do.
type testBed struct {
	staging, production *preset.Environment
	rules               []bulkhead.Rule
}

func newTestBed() testBed {
	staging, production := bulkhead.Must(preset.Staging(stagingOptions())), bulkhead.Must(preset.Production(productionOptions()))
	return testBed{staging, production, slices.Concat(
		netpol.Rules(), quota.Rules(), identity.Rules(), staging.Guard.Rules(), production.Guard.Rules())}
}

