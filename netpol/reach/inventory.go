// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	policyv1alpha1 "sigs.k8s.io/network-policy-api/apis/v1alpha1"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// A role is what an object is to the engine.
type role int

const (
	noRole      role = iota
	placeRole        // says who there is: a namespace, a node, a pod or workload
	policyRole       // says who may connect to whom
	serviceRole      // says what a Service stands for
)

func roleOf(obj bulkhead.Object) role {
	switch obj.(type) {
	case *corev1.Namespace, *corev1.Node, *corev1.Pod, *corev1.ReplicationController,
		*appsv1.Deployment, *appsv1.ReplicaSet, *appsv1.StatefulSet, *appsv1.DaemonSet, *batchv1.Job, *batchv1.CronJob:
		return placeRole
	case *networkingv1.NetworkPolicy, *policyv1alpha2.ClusterNetworkPolicy,
		*policyv1alpha1.AdminNetworkPolicy, *policyv1alpha1.BaselineAdminNetworkPolicy:
		return policyRole
	case *corev1.Service, *discoveryv1.EndpointSlice, *corev1.Endpoints: //nolint:staticcheck // see services
		return serviceRole
	case *unstructured.Unstructured: // perhaps a policy of a kind that is not read
		return policyRole
	default:
		return noRole
	}
}

// refOf is bulkhead.RefTo, with the namespace that an object without one goes to.
// An object of a namespace is told by its kind.
func refOf(obj bulkhead.Object) bulkhead.Ref {
	ref := bulkhead.RefTo(obj)
	if ref.Namespace == "" && namespaced(obj) {
		ref.Namespace = namespaceOf(obj)
	}
	return ref
}

func namespaced(obj bulkhead.Object) bool {
	switch obj.(type) {
	case *corev1.Namespace, *corev1.Node, *policyv1alpha2.ClusterNetworkPolicy,
		*policyv1alpha1.AdminNetworkPolicy, *policyv1alpha1.BaselineAdminNetworkPolicy:
		return false
	default:
		return roleOf(obj) == serviceRole || roleOf(obj) == placeRole || isNetworkPolicy(obj)
	}
}

func isNetworkPolicy(obj bulkhead.Object) bool {
	_, ok := obj.(*networkingv1.NetworkPolicy)
	return ok
}

// An item is an object of the inventory.
type item struct {
	ref  bulkhead.Ref
	obj  bulkhead.Object
	role role
	// unreadable is why an unstructured object of a kind that is read stays unread.
	unreadable error
	// rivals are other objects of the same name.
	rivals []bulkhead.Object
}

// objects returns all objects of the name.
func (it item) objects() []bulkhead.Object {
	return append([]bulkhead.Object{it.obj}, it.rivals...)
}

// itemsOf returns what matters among objects, each name once, in order. Of different
// objects of one name one comes first, in a way that does not depend on their order.
func itemsOf(objs []bulkhead.Object) []item {
	items := make([]item, 0, len(objs))
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		obj, err := typed(obj)
		if r := roleOf(obj); r != noRole {
			items = append(items, item{ref: refOf(obj), obj: obj, role: r, unreadable: err})
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return a.ref.Compare(b.ref) })
	out := items[:0]
	for i, it := range items {
		if i == 0 || out[len(out)-1].ref != it.ref {
			out = append(out, it)
			continue
		}
		last := &out[len(out)-1]
		if slices.ContainsFunc(last.objects(), func(obj bulkhead.Object) bool { return reflect.DeepEqual(obj, it.obj) }) {
			continue
		}
		if strings.Compare(fingerprint(it.obj), fingerprint(last.obj)) < 0 {
			it.obj, last.obj = last.obj, it.obj
		}
		last.rivals = append(last.rivals, it.obj)
	}
	return slices.Clip(out)
}

func fingerprint(obj bulkhead.Object) string {
	data, err := json.Marshal(obj)
	if err != nil {
		return ""
	}
	return string(data)
}
