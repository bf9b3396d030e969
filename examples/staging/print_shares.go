// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// printShares says who gives way to whom, and what a namespace may take.
func printShares(w io.Writer, objs []bulkhead.Object) {
	fmt.Fprintln(w, "\nwhen the cluster is full")
	classes := slices.SortedFunc(bulkhead.Each[*schedulingv1.PriorityClass](objs), func(a, b *schedulingv1.PriorityClass) int {
		return int(b.Value) - int(a.Value)
	})
	for _, class := range classes {
		fmt.Fprintf(w, "  %-26s priority %d, preemption: %s\n", class.Name, class.Value, *class.PreemptionPolicy)
	}
	for quota := range bulkhead.Each[*corev1.ResourceQuota](objs) {
		whose := "all pods of " + quota.Namespace
		if quota.Spec.ScopeSelector != nil {
			whose = "pods of " + quota.Namespace + " of any class but " + strings.Join(quota.Spec.ScopeSelector.MatchExpressions[0].Values, ", ")
		}
		var most []string
		for _, name := range slices.Sorted(maps.Keys(quota.Spec.Hard)) {
			amount := quota.Spec.Hard[name]
			most = append(most, string(name)+" "+amount.String())
		}
		fmt.Fprintf(w, "  %-26s %s: at most %s\n", quota.Name, whose, strings.Join(most, ", "))
	}
}

// printIdentities says who acts as whom, and what has to be granted for it.
func printIdentities(w io.Writer, objs []bulkhead.Object, grants []identity.Grant) {
	fmt.Fprintln(w, "\nin Google Cloud")
	for account := range bulkhead.Each[*corev1.ServiceAccount](objs) {
		who := account.Annotations[identity.GoogleAccountAnnotation]
		if who == "" {
			who = "nobody"
		}
		fmt.Fprintf(w, "  %-26s acts as %s\n", account.Namespace+"/"+account.Name, who)
	}
	for _, grant := range grants {
		fmt.Fprintf(w, "  to be granted: %s to %s on %s\n", grant.Role, grant.Member, grant.Resource)
	}
}

// printGuards says what the API server refuses.
func printGuards(w io.Writer, objs []bulkhead.Object) {
	fmt.Fprintln(w, "\nrefused by the API server")
	for policy := range bulkhead.Each[*admissionregistrationv1.ValidatingAdmissionPolicy](objs) {
		var problems []string
		for _, validation := range policy.Spec.Validations {
			problem, _, _ := strings.Cut(validation.Message, ";")
			if !slices.Contains(problems, problem) {
				problems = append(problems, problem)
			}
		}
		fmt.Fprintf(w, "  %-26s %s\n", policy.Name, strings.Join(problems, "; "))
	}
}
