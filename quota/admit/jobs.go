// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"math"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

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
	p := replacedPace(parallel)
	if waits := spec.PodReplacementPolicy; waits != nil && *waits == batchv1.Failed || waits == nil && spec.PodFailurePolicy != nil {
		p.Peak = parallel
	}
	p.finished = plain(total - parallel)
	if spec.Template.Spec.RestartPolicy == corev1.RestartPolicyNever {
		p.finished.Peak += retries(spec, total)
	}
	if spec.Suspend != nil && *spec.Suspend {
		p.Steady, p.finished.Steady = 0, 0
	}
	return p
}

// retries is how many pods of a Job may fail before it gives up (Kubernetes v1.37,
// pkg/apis/batch/v1/defaults.go).
func retries(spec *batchv1.JobSpec, total int64) int64 {
	switch {
	case spec.BackoffLimitPerIndex == nil:
		return value(spec.BackoffLimit, 6)
	case spec.BackoffLimit == nil:
		return times(total, value(spec.BackoffLimitPerIndex, 0))
	default:
		return min(times(total, value(spec.BackoffLimitPerIndex, 0)), value(spec.BackoffLimit, 0))
	}
}

// cronPace is that of a CronJob: nothing between its runs. Jobs that have ended are
// kept, with their pods.
func cronPace(cron *batchv1.CronJob) pace {
	job := jobPace(&cron.Spec.JobTemplate.Spec)
	each := job.Surge
	good, bad := history(cron)
	kept := times(good, each+job.finished.Surge) + times(bad, each+job.finished.Peak)
	if cron.Spec.Suspend != nil && *cron.Spec.Suspend {
		return pace{finished: plain(kept), jobs: plain(good + bad)}
	}
	runs, bounded := runsAtOnce(cron)
	p := pace{
		Counts: Counts{0, each, job.Peak}, finished: Counts{kept, kept, kept + times(runs, job.finished.Peak)},
		jobs: Counts{good + bad, good + bad + 1, good + bad + runs}, unlimited: !bounded, unbounded: !bounded && each > 0,
	}
	switch {
	case !bounded:
	case cron.Spec.ConcurrencyPolicy == batchv1.ReplaceConcurrent:
		// The run before goes when the next begins, and its pods when they have terminated.
		p.Peak = max(p.Peak, times(runs, each))
		p.jobs.Peak = good + bad + 1
	case cron.Spec.ConcurrencyPolicy != batchv1.ForbidConcurrent:
		p.Surge, p.Peak = times(runs, each), times(runs, job.Peak)
		p.jobs.Surge = p.jobs.Peak
	}
	return p
}

// history returns how many Jobs of a CronJob are kept that ended well, and that did
// not.
func history(cron *batchv1.CronJob) (good, bad int64) {
	return value(cron.Spec.SuccessfulJobsHistoryLimit, 3), value(cron.Spec.FailedJobsHistoryLimit, 1)
}

// runsAtOnce returns how many runs of a CronJob there may be at once, pods on their way
// out included, or one if that is not bounded.
func runsAtOnce(cron *batchv1.CronJob) (int64, bool) {
	grace := int64(corev1.DefaultTerminationGracePeriodSeconds)
	if own := cron.Spec.JobTemplate.Spec.Template.Spec.TerminationGracePeriodSeconds; own != nil {
		grace = max(0, *own)
	}
	interval, readable := shortestInterval(cron.Spec.Schedule)
	seconds := int64(interval / time.Second)
	if zone := cron.Spec.TimeZone; readable && zone != nil && *zone != "UTC" && *zone != "Etc/UTC" && seconds > 3600 {
		seconds = max(60, seconds-3600) // where clocks are put forward
	}
	suspended := cron.Spec.JobTemplate.Spec.Suspend
	deadline := cron.Spec.JobTemplate.Spec.ActiveDeadlineSeconds
	switch {
	case cron.Spec.ConcurrencyPolicy == batchv1.ForbidConcurrent:
		return 1, true
	case !readable:
		return 1, false
	case cron.Spec.ConcurrencyPolicy == batchv1.ReplaceConcurrent:
		return 1 + upTo(min(grace, most), seconds), true
	case deadline == nil, suspended != nil && *suspended: // a Job that waits has no deadline yet
		return 1, false
	default:
		return max(1, upTo(min(max(0, *deadline), most)+min(grace, most), seconds)), true
	}
}

// upTo divides, rounding up.
func upTo(n, by int64) int64 { return (n + by - 1) / by }

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
