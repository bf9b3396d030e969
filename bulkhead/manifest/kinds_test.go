// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/api/admissionregistration/v1alpha1"
	"k8s.io/api/admissionregistration/v1beta1"
	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	eventsv1 "k8s.io/api/events/v1"
	flowcontrolv1 "k8s.io/api/flowcontrol/v1"
	networkingv1 "k8s.io/api/networking/v1"
	nodev1 "k8s.io/api/node/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	resourcev1 "k8s.io/api/resource/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	storagemigrationv1 "k8s.io/api/storagemigration/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
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

// TestKindsThatKubernetesServesAreKnown holds that no kind of a stable version is
// taken for a mistake.
func TestKindsThatKubernetesServesAreKnown(t *testing.T) {
	options := []string{"Options", "WatchEvent", "List"} // no objects
	for _, add := range []func(*runtime.Scheme) error{
		admissionv1.AddToScheme, admissionregistrationv1.AddToScheme, appsv1.AddToScheme, authenticationv1.AddToScheme,
		authorizationv1.AddToScheme, autoscalingv1.AddToScheme, autoscalingv2.AddToScheme, batchv1.AddToScheme,
		certificatesv1.AddToScheme, coordinationv1.AddToScheme, corev1.AddToScheme, discoveryv1.AddToScheme, eventsv1.AddToScheme,
		flowcontrolv1.AddToScheme, networkingv1.AddToScheme, nodev1.AddToScheme, policyv1.AddToScheme, rbacv1.AddToScheme,
		resourcev1.AddToScheme, schedulingv1.AddToScheme, storagev1.AddToScheme, storagemigrationv1.AddToScheme,
		policyv1alpha1.Install, policyv1alpha2.Install,
	} {
		scheme := runtime.NewScheme()
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
		for gvk, object := range scheme.AllKnownTypes() {
			isOption := slices.ContainsFunc(options, func(end string) bool { return strings.HasSuffix(gvk.Kind, end) })
			if isOption || gvk.Version == "__internal" || object.PkgPath() == "k8s.io/apimachinery/pkg/apis/meta/v1" {
				continue
			}
			u := &unstructured.Unstructured{}
			u.SetGroupVersionKind(gvk)
			if findings := bulkhead.Check([]bulkhead.Object{u}, manifest.Rules()...); len(findings) != 0 {
				t.Errorf("%v: got %v", gvk, findings)
			}
			u.SetKind(gvk.Kind + "s")
			findings := bulkhead.Check([]bulkhead.Object{u}, manifest.Rules()...)
			if len(findings) != 1 || findings[0].Fix != "write "+gvk.Kind {
				t.Errorf("%v: got %v, want a finding about the letter too many", gvk, findings)
			}
		}
	}
}

func TestUnknownKindSaysWhatToWrite(t *testing.T) {
	for object, want := range map[string]string{
		"networking.k8s.io/v1 Networkpolicy":   "networking.k8s.io/v1 has no kind Networkpolicy; write NetworkPolicy",
		"apps/v1 Deploymnet":                   "apps/v1 has no kind Deploymnet; write Deployment",
		"v1 NetworkPolicy":                     "v1 has no kind NetworkPolicy; write apiVersion: networking.k8s.io/v1",
		"apps/v1 Gadget":                       "apps/v1 has no kind Gadget; correct the kind or the apiVersion",
		"policy/v1beta1 PodDisruptionBudget":   "Kubernetes 1.37 does not serve policy/v1beta1; write policy/v1",
		"batch/v1beta1 Gadget":                 "Kubernetes 1.37 does not serve batch/v1beta1; use a version that is served",
		"v2 Pod":                               "Kubernetes 1.37 does not serve v2; write v1",
		"scheduling.k8s.io/v1alpha3 Workload":  "",
		"gateway.networking.k8s.io/v1 Gateway": "",
	} {
		u := &unstructured.Unstructured{}
		apiVersion, kind, _ := strings.Cut(object, " ")
		u.SetAPIVersion(apiVersion)
		u.SetKind(kind)
		got := ""
		for _, f := range bulkhead.Check([]bulkhead.Object{u}, manifest.Rules()...) {
			got += f.Message + "; " + f.Fix
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", object, got, want)
		}
	}
}
