// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"math"
	"time"

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
	rolls       bool // Surge and Peak are those of a rollout
	unavailable bool // a rollout goes on without room for one more pod
	unbounded   bool // there is no peak
	unknown     string
	finished    Counts // pods that have ended and are still there
}

// paceOf returns how many pods an object keeps. Scaled is what an autoscaler may scale
// it to, or nil (Kubernetes v1.37: pkg/controller/deployment/util/deployment_util.go,
// NewRSNewReplicas and ResolveFenceposts; pkg/controller/daemon/update.go;
// pkg/controller/job and cronjob).
func (c *Cluster) paceOf(obj bulkhead.Object, scaled *int32) pace {
	replicas := func(own *int32) int64 {
		if scaled != nil {
			own = scaled
		}
		if own == nil {
			return 1
		}
		return max(0, int64(*own))
	}
	switch o := obj.(type) {
	case *appsv1.Deployment:
		return deploymentPace(o, replicas(o.Spec.Replicas))
	case *appsv1.StatefulSet: // replaces a pod when it is gone
		return pace{Counts: plain(replicas(o.Spec.Replicas))}
	case *appsv1.DaemonSet:
		return c.daemonPace(o)
	case *appsv1.ReplicaSet:
		return replacedPace(replicas(o.Spec.Replicas))
	case *corev1.ReplicationController:
		return replacedPace(replicas(o.Spec.Replicas))
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
	if c.nodes == 0 {
		return pace{unknown: "on how many nodes it runs is not known: no Node is among the objects, and Options.Nodes is zero"}
	}
	nodes := int64(c.nodes)
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

// jobPace is that of a Job: as many pods as it still needs, at once at most as many
// as run beside each other. Failed ones are replaced while they terminate, unless the
// Job says otherwise.
func jobPace(spec *batchv1.JobSpec) pace {
	parallel, completions := value(spec.Parallelism, 1), value(spec.Completions, -1)
	total := max(parallel, completions)
	if completions >= 0 {
		parallel = min(parallel, completions)
		total = completions
	}
	if spec.Suspend != nil && *spec.Suspend {
		return pace{Counts: Counts{0, parallel, parallel}, finished: Counts{0, total - parallel, total - parallel}}
	}
	p := replacedPace(parallel)
	if waits := spec.PodReplacementPolicy; waits != nil && *waits == batchv1.Failed || waits == nil && spec.PodFailurePolicy != nil {
		p.Peak = parallel
	}
	p.finished = plain(total - parallel)
	if spec.Template.Spec.RestartPolicy == corev1.RestartPolicyNever {
		p.finished.Peak += value(spec.BackoffLimit, 6)
	}
	return p
}

// cronPace is that of a CronJob: nothing between its runs.
func cronPace(cron *batchv1.CronJob) pace {
	job := jobPace(&cron.Spec.JobTemplate.Spec)
	each := job.Steady
	kept := times(value(cron.Spec.SuccessfulJobsHistoryLimit, 3)+value(cron.Spec.FailedJobsHistoryLimit, 1), each+job.finished.Steady)
	if cron.Spec.Suspend != nil && *cron.Spec.Suspend {
		return pace{finished: plain(kept)}
	}
	p := pace{Counts: Counts{0, each, job.Peak}, finished: Counts{kept, kept, kept + job.finished.Peak}}
	switch cron.Spec.ConcurrencyPolicy {
	case batchv1.ForbidConcurrent:
	case batchv1.ReplaceConcurrent: // while the pods of the run before terminate
		p.Peak = max(p.Peak, 2*each)
	default: // batchv1.AllowConcurrent
		runs, bounded := concurrentRuns(cron)
		if !bounded {
			p.unbounded = each > 0
			return p
		}
		p.Surge, p.Peak = times(runs, each), times(runs, job.Peak)
	}
	return p
}

// concurrentRuns returns how many runs of a CronJob there may be at once, if the
// deadline of its Jobs bounds it.
func concurrentRuns(cron *batchv1.CronJob) (int64, bool) {
	deadline := cron.Spec.JobTemplate.Spec.ActiveDeadlineSeconds
	interval, ok := shortestInterval(cron.Spec.Schedule)
	if deadline == nil || !ok {
		return 0, false
	}
	grace := int64(corev1.DefaultTerminationGracePeriodSeconds)
	if own := cron.Spec.JobTemplate.Spec.Template.Spec.TerminationGracePeriodSeconds; own != nil {
		grace = max(0, *own)
	}
	seconds := int64(interval / time.Second)
	lasts := min(max(0, *deadline), most) + min(grace, most)
	return max(1, (lasts+seconds-1)/seconds), true
}

// most is more than there can be of anything.
const most = math.MaxInt32 * 64

// times multiplies counts, up to most.
func times(a, b int64) int64 {
	if a > 0 && b > most/a {
		return most
	}
	return a * b
}

func value(n *int32, otherwise int64) int64 {
	if n == nil {
		return otherwise
	}
	return max(0, int64(*n))
}
