// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"math"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
)

// Counts are how many objects of one kind a workload keeps.
type Counts struct {
	Steady int64 // between rollouts
	// Surge is the most that its controller keeps beside each other, pods on their
	// way out not counted.
	Surge int64
	// Peak is the most that quotas are charged for: a pod that terminates is charged
	// until it is gone, however long its grace period is.
	Peak int64
}

// plain are counts of what has no rollout.
func plain(n int64) Counts { return Counts{n, n, n} }

// A pace is how many pods a workload keeps, and how it replaces them.
type pace struct {
	Counts
	replicated  bool   // somebody says how many
	scaler      string // the autoscaler that says more, if one does
	rolls       bool   // Surge and Peak are those of a rollout
	unavailable bool   // a rollout goes on without room for one more pod
	unbounded   bool   // there is no peak
	unknown     string
	finished    Counts // pods that have ended and are still there
	jobs        Counts // that a CronJob makes
	unlimited   bool   // there may be any number of them
}

// paceOf returns how many pods an object keeps. Scaled is what an autoscaler may scale
// it to, or nil (Kubernetes v1.37: pkg/controller/deployment/util/deployment_util.go,
// NewRSNewReplicas and ResolveFenceposts; pkg/controller/daemon/update.go;
// pkg/controller/job and cronjob).
func (c *Cluster) paceOf(obj bulkhead.Object, scaled scaling) pace {
	by := ""
	replicas := func(own *int32) int64 {
		n := value(own, 1)
		if n > 0 && int64(scaled.most) > n { // at 0 the autoscaler is off; fewer are there before it looks
			by = scaled.by
			return int64(scaled.most)
		}
		return n
	}
	p := c.paceOfKind(obj, replicas)
	p.scaler = by
	return p
}

func (c *Cluster) paceOfKind(obj bulkhead.Object, replicas func(*int32) int64) pace {
	replicated := func(p pace) pace {
		p.replicated = true
		return p
	}
	switch o := obj.(type) {
	case *appsv1.Deployment:
		return replicated(deploymentPace(o, replicas(o.Spec.Replicas)))
	case *appsv1.StatefulSet: // replaces a pod when it is gone
		return replicated(pace{Counts: plain(replicas(o.Spec.Replicas))})
	case *appsv1.DaemonSet:
		return c.daemonPace(o)
	case *appsv1.ReplicaSet:
		return replicated(replacedPace(replicas(o.Spec.Replicas)))
	case *corev1.ReplicationController:
		return replicated(replacedPace(replicas(o.Spec.Replicas)))
	case *batchv1.Job:
		return jobPace(&o.Spec)
	case *batchv1.CronJob:
		return cronPace(o)
	default: // a pod
		return pace{Counts: plain(1)}
	}
}

// deploymentPace is that of a Deployment. In a rollout all old pods may still be
// terminating when all new ones are there.
func deploymentPace(d *appsv1.Deployment, replicas int64) pace {
	if d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
		return pace{Counts: plain(replicas)} // waits until the old pods are gone
	}
	surge, unavailable := intstr.FromString("25%"), intstr.FromString("25%")
	if r := d.Spec.Strategy.RollingUpdate; r != nil {
		surge, unavailable = orDefault(r.MaxSurge, surge), orDefault(r.MaxUnavailable, unavailable)
	}
	return rollingPace(replicas, share(surge, replicas, true), share(unavailable, replicas, false))
}

func (c *Cluster) daemonPace(d *appsv1.DaemonSet) pace {
	nodes := int64(c.options.Nodes)
	switch {
	case nodes == 0 && len(c.nodes) == 0:
		return pace{unknown: "on how many nodes it runs is not known: no Node is among the objects, and no number was given"}
	case nodes == 0:
		nodes = c.runsOn(d)
	}
	if d.Spec.UpdateStrategy.Type == appsv1.OnDeleteDaemonSetStrategyType {
		return pace{Counts: plain(nodes)}
	}
	surge := intstr.FromInt32(0)
	if r := d.Spec.UpdateStrategy.RollingUpdate; r != nil {
		surge = orDefault(r.MaxSurge, surge)
	}
	if n := share(surge, nodes, true); n > 0 {
		return rollingPace(nodes, n, 0) // with a surge, the old pod of a node goes last
	}
	return pace{Counts: plain(nodes)}
}

func rollingPace(pods, surge, unavailable int64) pace {
	if pods == 0 {
		return pace{}
	}
	if surge == 0 && unavailable == 0 {
		unavailable = 1
	}
	surge = min(surge, pods) // there are never more new pods than replicas
	return pace{Counts: Counts{pods, pods + surge, 2 * pods}, rolls: true, unavailable: unavailable > 0}
}

// replacedPace is that of what has no rollouts and replaces pods as soon as they
// terminate.
func replacedPace(pods int64) pace { return pace{Counts: Counts{pods, pods, 2 * pods}} }

func orDefault(v *intstr.IntOrString, otherwise intstr.IntOrString) intstr.IntOrString {
	if v == nil {
		return otherwise
	}
	return *v
}

// share resolves a number or a percentage of pods. What cannot be read is nothing.
func share(v intstr.IntOrString, pods int64, up bool) int64 {
	n, err := intstr.GetScaledValueFromIntOrPercent(&v, int(min(pods, math.MaxInt32)), up)
	if err != nil {
		return 0
	}
	return max(0, int64(n))
}
