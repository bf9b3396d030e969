// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/quota/admit"
)

// A refusal names the place that the server objects to, and a change that somebody can
// make.
func TestRefusalsNameTheirPlaceAndAChange(t *testing.T) {
	limited := func(l admit.LimitedResource) admit.Options {
		l.Resource = "pods"
		return admit.Options{Limited: []admit.LimitedResource{l}}
	}
	tests := map[string]struct {
		options       admit.Options
		priority      string
		field, change string
	}{
		"a class that there is not": {
			options: admit.Options{Whole: true}, priority: "low",
			field: "spec.template.spec.priorityClassName", change: "correct spec.template.spec.priorityClassName",
		},
		"a scope that no quota covers": {
			options: limited(admit.LimitedResource{MatchScopes: []corev1.ScopedResourceSelectorRequirement{
				{ScopeName: corev1.ResourceQuotaScopePriorityClass, Operator: corev1.ScopeSelectorOpIn, Values: []string{"system-node-critical"}},
			}}),
			priority: "system-node-critical", field: "spec.template.spec", change: "add a ResourceQuota that covers it",
		},
		"a resource that no quota covers": {
			options: limited(admit.LimitedResource{MatchContains: []string{"pods"}}),
			field:   "spec.template.spec", change: "add a ResourceQuota that covers it",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			web := deployment("web", 2, "", "")
			web.Spec.Template.Spec.PriorityClassName = tt.priority
			got := fit(t, tt.options, web)
			if got.Verdict != admit.NeverFits || len(got.Deciding) != 1 {
				t.Fatalf("%v by %+v", got.Verdict, got.Deciding)
			}
			if d := got.Deciding[0]; d.Field != tt.field || d.Change != tt.change {
				t.Errorf("%s: %s, want %s: %s", d.Field, d.Change, tt.field, tt.change)
			}
		})
	}
}

// What a scoped quota counts is not what the namespace takes.
func TestUsesSayWhetherTheyAreScoped(t *testing.T) {
	scoped := capped("scoped", "pods", "0")
	scoped.Spec.Scopes = []corev1.ResourceQuotaScope{corev1.ResourceQuotaScopeTerminating}
	selected := capped("selected", "pods", "9")
	selected.Spec.ScopeSelector = &corev1.ScopeSelector{MatchExpressions: []corev1.ScopedResourceSelectorRequirement{
		{ScopeName: corev1.ResourceQuotaScopePriorityClass, Operator: corev1.ScopeSelectorOpDoesNotExist},
	}}
	got := fit(t, admit.Options{}, deployment("web", 2, "", ""), capped("cap", "pods", "9"), scoped, selected)
	for _, u := range got.Quotas {
		if want := u.Quota != "cap"; u.Scoped != want {
			t.Errorf("%s: %v", u.Quota, u.Scoped)
		}
	}
}

// Manifests without a quota may belong to a namespace that has one.
func TestNoQuotaIsAnAssumption(t *testing.T) {
	const none = "no ResourceQuota of staging is among the objects, and none caps it"
	assumes := func(got admit.Fitness) bool { return slices.Contains(got.Assumed, none) }
	web := deployment("web", 2, "", "")
	if got := fit(t, admit.Options{}, web); !assumes(got) {
		t.Errorf("%q", got.Assumed)
	}
	if got := fit(t, admit.Options{Whole: true}, web); assumes(got) {
		t.Errorf("of a whole cluster: %q", got.Assumed)
	}
	if got := fit(t, admit.Options{}, web, capped("cap", "pods", "9")); strings.Contains(strings.Join(got.Assumed, " "), "ResourceQuota") {
		t.Errorf("beside a quota: %q", got.Assumed)
	}
}
