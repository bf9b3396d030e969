// SPDX-License-Identifier: Apache-2.0

package admit_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/admit"
)

// A policy that gives pods the class of their namespace decides which quotas count
// them; of other policies and webhooks that change pods it is not known what they make
// of them, and what is wrong with the pod as it is may be gone then.
func TestPoliciesChangePods(t *testing.T) {
	class := bulkhead.Must(quota.Priority("low", -5))
	class.PreemptionPolicy = new(corev1.PreemptNever)
	others := read(t, "quota.yaml", []byte(`
apiVersion: v1
kind: ResourceQuota
metadata: {name: only-low, namespace: staging}
spec: {hard: {pods: 0}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: NotIn, values: [low]}]}}
`))[0]
	gift := bulkhead.Must(guard.DefaultClass("staging", class)).Objects()
	elsewhere := bulkhead.Must(guard.DefaultClass("qa", class)).Objects()
	stale := class.DeepCopy()
	stale.Value = -6
	webhook := func(selectors string) []bulkhead.Object {
		return read(t, "webhook.yaml", []byte(`
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: injector}
webhooks:
- {name: i.example.com, `+selectors+` rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
`))
	}
	tests := map[string]struct {
		objs  []bulkhead.Object
		class *schedulingv1.PriorityClass
		want  admit.Verdict
	}{
		"without the class":                            {nil, class, admit.Refused},
		"with the class that a policy gives":           {gift, class, admit.Admitted},
		"that of another namespace gives none":         {elsewhere, class, admit.Refused},
		"the value is no longer that of the class":     {gift, stale, admit.Refused},
		"a class that is not among the objects":        {gift, nil, admit.Undetermined},
		"a webhook may give one":                       {webhook(""), class, admit.Undetermined},
		"a webhook of another namespace":               {webhook("namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: qa}},"), class, admit.Refused},
		"a webhook of pods with a label":               {webhook("objectSelector: {matchLabels: {app: web}},"), class, admit.Undetermined},
		"a webhook of pods with a label it has not":    {webhook("objectSelector: {matchLabels: {app: db}},"), class, admit.Refused},
		"the class, and a webhook that changes no one": {append(webhook("namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: qa}},"), gift...), class, admit.Admitted},
	}
	if got := bulkhead.Must(admit.New(append([]bulkhead.Object{others, class}, gift...), admit.Options{Minor: 35})).Pod(podOf()); got.Verdict != admit.Refused {
		t.Errorf("policies that change pods are v1 since 1.36: %v before", got.Verdict)
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			objs := append([]bulkhead.Object{others}, tt.objs...)
			if tt.class != nil {
				objs = append(objs, tt.class)
			}
			pod := podOf()
			pod.Namespace, pod.Labels = "staging", map[string]string{"app": "web"}
			got := bulkhead.Must(admit.New(objs, admit.Options{})).Pod(pod)
			if got.Verdict != tt.want {
				t.Errorf("%v %s %q %v, want %v", got.Verdict, got.Stage, got.Message, got.Missing, tt.want)
			}
			if tt.want == admit.Undetermined && len(got.Missing) == 0 {
				t.Error("nothing is missing")
			}
			if pod.Spec.PriorityClassName != "" {
				t.Error("the pod was changed")
			}
		})
	}
}
