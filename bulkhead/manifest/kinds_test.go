// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/api/admissionregistration/v1alpha1"
	"k8s.io/api/admissionregistration/v1beta1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	nodev1 "k8s.io/api/node/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

// TestEveryKindThatAClusterStoresIsTyped compares the kinds with those that
// k8s.io/api registers. Left out are requests that are answered, not stored.
func TestEveryKindThatAClusterStoresIsTyped(t *testing.T) {
	answered := map[string]bool{
		"Binding": true, "ComponentStatus": true, "Eviction": true, "RangeAllocation": true, "Scale": true, "SerializedReference": true,
	}
	beta := map[string]bool{"MutatingAdmissionPolicy": true, "MutatingAdmissionPolicyBinding": true}
	for _, add := range []func(*runtime.Scheme) error{
		admissionregistrationv1.AddToScheme, v1alpha1.AddToScheme, v1beta1.AddToScheme, appsv1.AddToScheme,
		autoscalingv1.AddToScheme, autoscalingv2.AddToScheme, batchv1.AddToScheme, certificatesv1.AddToScheme,
		coordinationv1.AddToScheme, corev1.AddToScheme, discoveryv1.AddToScheme, networkingv1.AddToScheme,
		nodev1.AddToScheme, policyv1.AddToScheme, rbacv1.AddToScheme, schedulingv1.AddToScheme, storagev1.AddToScheme,
		policyv1alpha1.Install, policyv1alpha2.Install,
	} {
		scheme := runtime.NewScheme()
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
		for gvk, want := range scheme.AllKnownTypes() {
			_, isObject := reflect.TypeAssert[bulkhead.Object](reflect.New(want))
			unstable := strings.HasPrefix(gvk.Group, "admissionregistration") && gvk.Version != "v1"
			if !isObject || gvk.Version == "__internal" || answered[gvk.Kind] || unstable && !beta[gvk.Kind] || want.PkgPath() == "k8s.io/apimachinery/pkg/apis/meta/v1" {
				continue
			}
			text := fmt.Sprintf("{apiVersion: %s, kind: %s, metadata: {name: a}}", gvk.GroupVersion(), gvk.Kind)
			set, err := manifest.Read("in", strings.NewReader(text))
			if err != nil || len(set.Objects) != 1 {
				t.Fatalf("%v: got %d objects and %v", gvk, len(set.Objects), err)
			}
			if got := reflect.TypeOf(set.Objects[0]).Elem(); got != want {
				t.Errorf("%v: got %v, want %v", gvk, got, want)
			}
		}
	}
}
