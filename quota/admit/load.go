// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// A load is something that quotas are charged for, so many times.
type load struct {
	Load
	charges []corev1.ResourceList // of one, by quota of the namespace; nil where it is not governed
	pace    pace
	hidden  bool  // it is not reported on its own: an object that is only counted
	kept    int64 // old revisions, which there are after so many rollouts
}

// podLoad returns what the pods of a workload take, and the other objects that it
// makes: claims, revisions, jobs, and pods that have ended.
func (f *fitting) podLoad(h *home, w workload.Workload) []load {
	c := f.cluster
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: h.name, Name: w.Object.GetName(), Labels: w.Labels, Annotations: w.Annotations,
		},
		Spec: *w.Spec,
	}
	ref := bulkhead.RefTo(w.Object)
	p := c.paceOf(w.Object, f.scaled[ref])
	result, made, usage := c.pod(h, pod)
	for i := range result.Missing {
		if result.Missing[i].Object.Kind != "Pod" {
			continue
		}
		result.Missing[i].Object = ref
		if w.Path.String() != "spec" {
			result.Missing[i].Field = inTemplate(w.Path, result.Missing[i].Field)
		}
	}
	if p.unknown != "" {
		result.Missing = append(result.Missing, Problem{Object: ref, Message: p.unknown})
	}
	pods := load{
		Load: Load{Object: ref, Field: w.Path.String(), Pod: true, Result: result, Counts: p.Counts, Unbounded: p.unbounded},
		pace: p,
	}
	switch {
	case len(result.Charges) > 0:
		pods.charges = h.byQuota(result.Charges)
	case usage != nil: // refused by a quota, or counted by none
		pods.charges = h.chargesFor(podItem{c, made}, usage)
	}
	out := []load{pods}
	if usage != nil && p.finished.Peak > 0 {
		ended := make(corev1.ResourceList)
		ended[counted.CountPrefix+"pods"] = one()
		out = append(out, load{Load: Load{Object: ref, Counts: p.finished}, charges: h.chargesFor(podItem{c, made}, ended), hidden: true})
	}
	for i, v := range w.Spec.Volumes {
		if v.Ephemeral != nil && v.Ephemeral.VolumeClaimTemplate != nil {
			at := w.Path.Child("volumes").Index(i).Child("ephemeral", "volumeClaimTemplate")
			out = append(out, f.claimLoad(ref, at, &corev1.PersistentVolumeClaim{Spec: v.Ephemeral.VolumeClaimTemplate.Spec}, p))
		}
	}
	return append(out, f.companions(w.Object, ref, p)...)
}

// inTemplate puts a field of a pod where the workload has it.
func inTemplate(spec *field.Path, of string) string {
	if rest := len("spec"); len(of) >= rest && of[:rest] == "spec" {
		return spec.String() + of[rest:]
	}
	return of
}

// claimLoad returns claims that a workload makes.
func (f *fitting) claimLoad(ref bulkhead.Ref, at *field.Path, claim *corev1.PersistentVolumeClaim, p pace) load {
	claim = claim.DeepCopy()
	claim.Namespace = ref.Namespace
	h := f.cluster.at(ref.Namespace)
	i := claimItem{f.cluster, claim}
	result := f.cluster.Object(claim)
	for n := range result.Missing {
		if m := &result.Missing[n]; m.Object.Kind == "PersistentVolumeClaim" {
			m.Object, m.Field = ref, at.String()+"."+m.Field
		}
	}
	return load{
		Load:    Load{Object: ref, Field: at.String(), Result: result, Counts: p.Counts, Unbounded: p.unbounded},
		charges: h.chargesFor(i, i.usage()), pace: p,
	}
}

// stored returns how many of the claims that a StatefulSet has are among the objects,
// where they are counted.
func (f *fitting) stored(set *appsv1.StatefulSet, template string, replicas int64) (n int64) {
	first := int64(0)
	if set.Spec.Ordinals != nil {
		first = int64(set.Spec.Ordinals.Start)
	}
	for _, ordinal := range f.ordinals[claimsOf{set.Namespace, template + "-" + set.Name}] {
		if ordinal >= first && ordinal-first < replicas {
			n++
		}
	}
	return n
}

// claimsOf names the claims of a StatefulSet for one template, without their ordinals.
type claimsOf struct{ namespace, prefix string }

// ordinal returns the number at the end of a claim's name, and what is before it.
func ordinal(claim *corev1.PersistentVolumeClaim) (claimsOf, int64, bool) {
	at := strings.LastIndexByte(claim.Name, '-')
	if at < 0 {
		return claimsOf{}, 0, false
	}
	n, err := strconv.ParseInt(claim.Name[at+1:], 10, 32)
	return claimsOf{claim.Namespace, claim.Name[:at]}, n, err == nil && n >= 0
}

// companions returns the objects that the controller of a workload makes beside its
// pods.
func (f *fitting) companions(obj bulkhead.Object, ref bulkhead.Ref, p pace) []load {
	h := f.cluster.at(ref.Namespace)
	// Old revisions go only after the new one is there, so each rollout needs one more
	// than are kept.
	revisions := func(group, plural string, limit *int32) load {
		n := value(limit, 10)
		return load{
			Load: Load{Object: ref, Counts: Counts{1, n + 1, n + 2}}, charges: h.presence(countedItem{group, plural}), hidden: true, kept: n,
		}
	}
	switch o := obj.(type) {
	case *appsv1.Deployment:
		return []load{revisions("apps", "replicasets", o.Spec.RevisionHistoryLimit)}
	case *appsv1.DaemonSet:
		return []load{revisions("apps", "controllerrevisions", o.Spec.RevisionHistoryLimit)}
	case *appsv1.StatefulSet:
		out := []load{revisions("apps", "controllerrevisions", o.Spec.RevisionHistoryLimit)}
		for i := range o.Spec.VolumeClaimTemplates {
			template := &o.Spec.VolumeClaimTemplates[i]
			claims := p
			claims.Counts = plain(p.Steady - f.stored(o, template.Name, p.Steady))
			out = append(out, f.claimLoad(ref, field.NewPath("spec", "volumeClaimTemplates").Index(i), template, claims))
		}
		return out
	case *batchv1.CronJob:
		return []load{{Load: Load{Object: ref, Counts: p.jobs, Unbounded: p.unlimited}, charges: h.presence(countedItem{"batch", "jobs"}), hidden: true}}
	default:
		return nil
	}
}
