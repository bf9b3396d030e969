// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/admit"
)

func TestLadder(t *testing.T) {
	prod := template()
	prod.Spec.PriorityClassName = "prod"
	unclassed := deployment("web", 3, "", "")
	unclassed.Spec.Template = prod
	for name, tt := range map[string]struct {
		deployment *appsv1.Deployment
		cpu        string
		want       admit.Rung
		need       string
		change     string
	}{
		"one pod is more than all":              {deployment("web", 3, "", ""), "500m", admit.NeverFits, "0", "ask for less, or raise what ResourceQuota cap caps"},
		"one replica too many":                  {deployment("web", 3, "", ""), "2", admit.SteadyExceeds, "3", "raise requests.cpu of ResourceQuota cap from 2 to 3, or run 1 of Deployment/staging/web less"},
		"R05: three replicas by default":        {deployment("web", 3, "", ""), "3", admit.WedgesOnRollout, "4", "raise requests.cpu of ResourceQuota cap from 3 to 4, or set spec.strategy.rollingUpdate.maxUnavailable to 1"},
		"R06b: four replicas by default":        {deployment("web", 4, "", ""), "4", admit.SlowRollout, "5", "raise requests.cpu of ResourceQuota cap from 4 to 5"},
		"room for a part of the surge":          {deployment("web", 10, "", ""), "11", admit.SlowRollout, "13", "raise requests.cpu of ResourceQuota cap from 11 to 13"},
		"room for the surge":                    {deployment("web", 3, "", ""), "4", admit.FitsSurge, "6", "raise requests.cpu of ResourceQuota cap from 4 to 6"},
		"room for pods that terminate":          {deployment("web", 3, "", ""), "6", admit.FitsPeak, "6", ""},
		"a class is missing, and there is none": {unclassed, "2", admit.SteadyExceeds, "3", "raise requests.cpu of ResourceQuota cap from 2 to 3, or run 1 of Deployment/staging/web less"},
	} {
		t.Run(name, func(t *testing.T) {
			got := fit(t, admit.Options{}, tt.deployment, capped("cap", "requests.cpu", tt.cpu))
			if got.Verdict != tt.want || len(got.Deciding) != 1 {
				t.Fatalf("%v by %+v, want %v by one", got.Verdict, got.Deciding, tt.want)
			}
			d := got.Deciding[0]
			if d.Need.String() != tt.need || d.Change != tt.change || d.Object != bulkhead.RefTo(tt.deployment) || d.Message == "" {
				t.Errorf("%+v, want need %s, change %q", d, tt.need, tt.change)
			}
		})
	}
}

// The change that a decision names reaches the next rung.
func TestChanges(t *testing.T) {
	web, api := deployment("web", 3, "1", "0"), deployment("api", 4, "", "")
	quota := capped("cap", "requests.cpu", "5", "pods", "6")
	want := []admit.Rung{admit.SteadyExceeds, admit.WedgesOnRollout, admit.SlowRollout, admit.FitsSurge, admit.FitsPeak}
	for _, rung := range want {
		got := fit(t, admit.Options{}, web, api, quota)
		if got.Verdict != rung {
			t.Fatalf("%v, want %v: %+v", got.Verdict, rung, got.Deciding)
		}
		for _, d := range got.Deciding {
			if hard := quota.Spec.Hard[d.Resource]; hard.Cmp(d.Need) < 0 {
				quota.Spec.Hard[d.Resource] = d.Need
			}
		}
	}
}

func TestRolloutsOneAfterAnother(t *testing.T) {
	web, api := deployment("web", 3, "1", "0"), deployment("api", 4, "1", "0")
	quota := capped("cap", "pods", "11")
	if got := fit(t, admit.Options{}, web, api, quota); got.Verdict != admit.FitsSurge {
		t.Errorf("all at once: %v", got.Verdict)
	}
	if got := fit(t, admit.Options{ConcurrentRollouts: 1}, web, api, quota); got.Verdict != admit.FitsPeak || got.Quotas[0].Peak.Pods().Value() != 11 {
		t.Errorf("one at a time: %v %v", got.Verdict, got.Quotas)
	}
}

func TestAutoscalersDecideHowMany(t *testing.T) {
	scaler := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: meta("web"), Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
		ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "web"}, MaxReplicas: 8,
	}}
	got := fit(t, admit.Options{}, deployment("web", 2, "", ""), scaler, capped("cap", "pods", "9"))
	if want := (admit.Counts{Steady: 8, Surge: 10, Peak: 16}); got.Loads[0].Counts != want {
		t.Errorf("%+v, want %+v", got.Loads[0].Counts, want)
	}
}
