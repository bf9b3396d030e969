// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install" // with their defaults and conversions
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"

	"github.com/watertight-go/watertight/bulkhead"
)

// A registry is the part of kube-apiserver that judges new objects of one kind:
// what it does between a request's body and its storage, admission excepted.
type registry struct {
	strategy rest.RESTCreateStrategy
	resource schema.GroupVersionResource
	decode   func([]byte) (runtime.Object, error)
}

// ofKubernetes is the registry of one of Kubernetes' own kinds.
func ofKubernetes(strategy rest.RESTCreateStrategy, resource schema.GroupVersionResource) registry {
	internal := schema.GroupVersion{Group: resource.Group, Version: runtime.APIVersionInternal}
	decoder := legacyscheme.Codecs.UniversalDecoder(internal)
	return registry{strategy: strategy, resource: resource, decode: func(data []byte) (runtime.Object, error) {
		return runtime.Decode(decoder, data)
	}}
}

// judge returns the registry's answer to a request that creates the object, or an
// error if the object is none.
func (r registry) judge(obj bulkhead.Object) (answer, err error) {
	data, err := json.Marshal(obj)
	if err != nil {
		return nil, err
	}
	decoded, err := r.decode(data)
	if err != nil {
		return nil, err
	}
	return r.create(decoded), nil
}

// create does what the handler of a request and the store do before they write
// (k8s.io/apiserver v0.37, pkg/endpoints/handlers/create.go and
// pkg/registry/generic/registry/store.go).
func (r registry) create(obj runtime.Object) error {
	metadata, err := meta.Accessor(obj)
	if err != nil {
		return err
	}
	if r.strategy.NamespaceScoped() && metadata.GetNamespace() == "" {
		return errors.New("the object names no namespace")
	}
	ctx := request.WithNamespace(context.Background(), metadata.GetNamespace())
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{
		IsResourceRequest: true, Verb: "create",
		APIGroup: r.resource.Group, APIVersion: r.resource.Version, Resource: r.resource.Resource,
	})
	if !r.strategy.NamespaceScoped() {
		ctx = request.WithNamespace(ctx, "")
		metadata.SetNamespace("")
	}
	metadata.SetOwnerReferences(withoutRepetition(metadata.GetOwnerReferences()))
	rest.WipeObjectMetaSystemFields(metadata)
	rest.FillObjectMetaSystemFields(metadata)
	if metadata.GetGenerateName() != "" && metadata.GetName() == "" {
		metadata.SetName(r.strategy.GenerateName(metadata.GetGenerateName()))
	}
	return rest.BeforeCreate(r.strategy, ctx, obj)
}

// withoutRepetition does what the handler does with owner references that stand
// twice (pkg/endpoints/handlers/rest.go, dedupOwnerReferences).
func withoutRepetition(refs []metav1.OwnerReference) []metav1.OwnerReference {
	var out []metav1.OwnerReference
	for _, ref := range refs {
		if !slices.ContainsFunc(out, func(o metav1.OwnerReference) bool { return equalRefs(o, ref) }) {
			out = append(out, ref)
		}
	}
	return out
}

func equalRefs(a, b metav1.OwnerReference) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// refusedFields returns the fields that an answer of kube-apiserver blames, sorted
// and once each. An answer that blames no field is an error, except that the name
// is taken, which is found last. Causes that are set aside do not count.
func refusedFields(answer error, aside func(metav1.StatusCause) bool) ([]string, error) {
	if answer == nil || apierrors.IsAlreadyExists(answer) {
		return nil, nil
	}
	status, ok := errors.AsType[*apierrors.StatusError](answer)
	if !ok || status.ErrStatus.Reason != metav1.StatusReasonInvalid || status.ErrStatus.Details == nil {
		return nil, answer
	}
	causes := status.ErrStatus.Details.Causes
	if len(causes) == 0 {
		return nil, answer
	}
	var fields []string
	for _, cause := range causes {
		if aside == nil || !aside(cause) {
			fields = append(fields, cause.Field)
		}
	}
	return sorted(fields), nil
}

// sorted returns the strings sorted and once each.
func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
