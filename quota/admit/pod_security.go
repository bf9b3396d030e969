// SPDX-License-Identifier: Apache-2.0

package admit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	psaapi "k8s.io/pod-security-admission/api"
	psapolicy "k8s.io/pod-security-admission/policy"

	"github.com/watertight-go/watertight/bulkhead"
)

func unrestricted() psaapi.LevelVersion {
	return psaapi.LevelVersion{Level: psaapi.LevelPrivileged, Version: psaapi.LatestVersion()}
}

// enforced returns the level that the labels of a namespace enforce. Labels that the
// server would refuse on a Namespace count as it counts them on one that has them
// (k8s.io/pod-security-admission v0.37, api/helpers.go, PolicyToEvaluate).
func enforced(namespace *corev1.Namespace) psaapi.LevelVersion {
	defaults := psaapi.Policy{Enforce: unrestricted(), Audit: unrestricted(), Warn: unrestricted()}
	policy, _ := psaapi.PolicyToEvaluate(namespace.Labels, defaults) // refused labels are findings of package quota
	return policy.Enforce
}

// checkSecurity holds a pod against the level of its namespace.
func (c *Cluster) checkSecurity(h *home, pod *corev1.Pod) *Result {
	if h.security.Level == psaapi.LevelPrivileged {
		return nil
	}
	var reasons []Reason
	by := bulkhead.Ref{Kind: "Namespace", Name: h.name}
	results := c.checks.EvaluatePod(h.security, &pod.ObjectMeta, &pod.Spec)
	for _, check := range results {
		if !check.Allowed {
			reasons = append(reasons, Reason{
				Message: check.ForbiddenReason + " (" + check.ForbiddenDetail + ")", By: by, Field: "spec",
				Containers: quotedContainers(check.ForbiddenDetail),
			})
		}
	}
	if len(reasons) == 0 {
		return nil
	}
	all := psapolicy.AggregateCheckResults(results)
	r := refuse(PodSecurity, reasons...)
	r.Message = fmt.Sprintf("violates PodSecurity %q: %s", h.security.String(), all.ForbiddenDetail())
	return r
}

// quotedContainers returns the names after "container" or "containers" in a detail
// of Pod Security, which has no other place for them.
func quotedContainers(detail string) []string {
	var out []string
	for {
		_, rest, found := strings.Cut(detail, "container")
		if !found {
			slices.Sort(out)
			return slices.Compact(out)
		}
		detail = strings.TrimPrefix(strings.TrimPrefix(rest, "s"), " ")
		for {
			quoted, err := strconv.QuotedPrefix(detail)
			if err != nil {
				break
			}
			if name, err := strconv.Unquote(quoted); err == nil {
				out = append(out, name)
			}
			detail = strings.TrimPrefix(detail[len(quoted):], ", ")
		}
	}
}
