// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"sigs.k8s.io/controller-runtime/pkg/envtest"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/internal/conformance/servers"
)

// installClusterPolicies makes the server serve ClusterNetworkPolicy.
func installClusterPolicies(t *testing.T, c *servers.Cluster) {
	t.Helper()
	definition, err := clusterPolicyDefinition()
	if err != nil {
		t.Fatal(err)
	}
	_, err = envtest.InstallCRDs(c.Config, envtest.CRDInstallOptions{CRDs: []*apiextensionsv1.CustomResourceDefinition{definition}})
	if err != nil {
		t.Fatal(err)
	}
}

// unstructuredOf returns an object as its JSON is, with nothing left out.
func unstructuredOf(obj bulkhead.Object) (*unstructured.Unstructured, error) {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
	return &unstructured.Unstructured{Object: content}, err
}

// An applier applies objects of any kind, as an operator does.
type applier struct {
	dynamic    *dynamic.DynamicClient
	namespaces func(context.Context, string) error // makes one, unless it is there
	mapper     meta.RESTMapper
}

func newApplier(config *rest.Config) (*applier, error) {
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	served, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, err
	}
	var there sync.Map
	namespaces := func(ctx context.Context, name string) error {
		if _, ok := there.Load(name); ok || name == "" {
			return nil
		}
		_, err := client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return err
		}
		there.Store(name, true)
		return nil
	}
	mapper := restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(served))
	return &applier{dynamic: objects, namespaces: namespaces, mapper: mapper}, nil
}

// client returns a client for the kind and namespace of an object.
func (a *applier) client(obj *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	gvk := obj.GroupVersionKind()
	mapping, err := a.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return a.dynamic.Resource(mapping.Resource).Namespace(obj.GetNamespace()), nil
	}
	return a.dynamic.Resource(mapping.Resource), nil
}

// apply applies an object by server-side apply, and returns what is stored.
func (a *applier) apply(ctx context.Context, obj bulkhead.Object) (*unstructured.Unstructured, error) {
	if err := a.namespaces(ctx, obj.GetNamespace()); err != nil {
		return nil, err
	}
	content, err := bulkhead.Unstructured(obj)
	if err != nil {
		return nil, err
	}
	client, err := a.client(content)
	if err != nil {
		return nil, err
	}
	return client.Apply(ctx, obj.GetName(), content, metav1.ApplyOptions{FieldManager: bulkhead.ManagedByValue})
}

// twice applies an object, compares it with what is stored, applies it once more
// and deletes it.
func (a *applier) twice(ctx context.Context, obj bulkhead.Object) error {
	first, err := a.apply(ctx, obj)
	if err != nil {
		return fmt.Errorf("applying %v: %w", bulkhead.RefTo(obj), err)
	}
	client, err := a.client(first)
	if err != nil {
		return err
	}
	stored, err := client.Get(ctx, first.GetName(), metav1.GetOptions{})
	if err != nil {
		return err
	}
	if diff := bulkheadtest.Diff(obj, withoutServersOwn(obj, stored)); diff != "" {
		return fmt.Errorf("built and stored differ:\n%s", diff)
	}
	if err := a.again(ctx, client, obj); err != nil {
		return err
	}
	if _, isNamespace := obj.(*corev1.Namespace); isNamespace {
		return nil // other objects may be in it
	}
	return client.Delete(ctx, obj.GetName(), metav1.DeleteOptions{})
}

// again applies what is applied already. A controller that writes the status
// meanwhile changes the version too, so that a change counts if it happens each time.
func (a *applier) again(ctx context.Context, client dynamic.ResourceInterface, obj bulkhead.Object) error {
	for range 10 {
		before, err := client.Get(ctx, obj.GetName(), metav1.GetOptions{})
		if err != nil {
			return err
		}
		after, err := a.apply(ctx, obj)
		if err != nil {
			return fmt.Errorf("applying %v once more: %w", bulkhead.RefTo(obj), err)
		}
		if before.GetResourceVersion() == after.GetResourceVersion() {
			return nil
		}
	}
	return fmt.Errorf("applying %v once more changes it", bulkhead.RefTo(obj))
}

// withoutServersOwn returns a stored object without the label that the server gives
// every namespace, whatever is asked for.
func withoutServersOwn(built bulkhead.Object, stored *unstructured.Unstructured) *unstructured.Unstructured {
	namespace, ok := built.(*corev1.Namespace)
	if !ok {
		return stored
	}
	out := stored.DeepCopy()
	labels := out.GetLabels()
	if _, ours := namespace.Labels[corev1.LabelMetadataName]; !ours {
		delete(labels, corev1.LabelMetadataName)
		out.SetLabels(labels)
	}
	return out
}
