// SPDX-License-Identifier: Apache-2.0

package admit

import (
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// read notes what is needed to size workloads.
func (f *fitting) read(objs []bulkhead.Object) {
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		f.present[bulkhead.RefTo(obj)] = true
	}
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		f.problem(obj)
		switch o := obj.(type) {
		case *autoscalingv1.HorizontalPodAutoscaler:
			f.scale(obj, o.Spec.ScaleTargetRef.APIVersion, o.Spec.ScaleTargetRef.Kind, o.Spec.ScaleTargetRef.Name, o.Spec.MinReplicas, o.Spec.MaxReplicas)
		case *autoscalingv2.HorizontalPodAutoscaler:
			f.scale(obj, o.Spec.ScaleTargetRef.APIVersion, o.Spec.ScaleTargetRef.Kind, o.Spec.ScaleTargetRef.Name, o.Spec.MinReplicas, o.Spec.MaxReplicas)
		case *corev1.PersistentVolumeClaim:
			if set, n, ok := ordinal(o); ok {
				f.ordinals[set] = append(f.ordinals[set], n)
			}
		}
	}
}

// scale notes to how many replicas an autoscaler may scale a workload. Of several,
// the most counts.
func (f *fitting) scale(obj bulkhead.Object, version, kind, name string, least *int32, most int32) {
	switch {
	case most < 1:
		f.refused(obj, "spec.maxReplicas", "%d is not greater than 0", most)
		return
	case least != nil && *least > most:
		f.refused(obj, "spec.minReplicas", "%d is more than maxReplicas, %d", *least, most)
		return
	}
	group, err := schema.ParseGroupVersion(version)
	target := bulkhead.Ref{Group: group.Group, Kind: kind, Namespace: obj.GetNamespace(), Name: name}
	if err != nil || !f.present[target] {
		f.note(obj, "spec.scaleTargetRef", "%s %s of %q is not among the objects, so that it scales nothing of them", kind, name, version)
		return
	}
	if before := f.scaled[target]; before.most < most {
		f.scaled[target] = scaling{most, bulkhead.RefTo(obj).String()}
	}
}

// A scaling is to how many replicas an autoscaler may scale, and which.
type scaling struct {
	most int32
	by   string
}

// made reports whether an object belongs to a workload among the objects, which has
// been asked how many it makes: as its pod, ReplicaSet, Job or revision, or as the
// claim of its pod.
func (f *fitting) made(obj bulkhead.Object) bool {
	owner := metav1.GetControllerOf(obj)
	if owner == nil {
		return false
	}
	group, err := schema.ParseGroupVersion(owner.APIVersion)
	if err != nil {
		return false
	}
	kind := bulkhead.RefTo(obj).Kind
	ofPod := kind == "PersistentVolumeClaim" && group.Group == "" && owner.Kind == "Pod"
	return (ofPod || workload.Makes(group.Group, owner.Kind, kind)) &&
		f.present[bulkhead.Ref{Group: group.Group, Kind: owner.Kind, Namespace: obj.GetNamespace(), Name: owner.Name}]
}
