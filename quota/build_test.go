// SPDX-License-Identifier: Apache-2.0

package quota_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota"
)

// checkBuilt fails unless no rule finds anything in objs, and YAML carries them
// unchanged.
func checkBuilt(t *rapid.T, objs ...bulkhead.Object) {
	if err := bulkhead.Check(objs, quota.Rules()...).Err(); err != nil {
		t.Fatalf("builders' own objects have findings: %v", err)
	}
	var yaml bytes.Buffer
	if err := manifest.Write(&yaml, objs...); err != nil {
		t.Fatal(err)
	}
	set, err := manifest.Read("built.yaml", &yaml)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(objs, set.Objects); diff != "" {
		t.Fatalf("YAML changes the objects (-built +read):\n%s", diff)
	}
}

func TestCapBuildsSharesWithoutFindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		share, err := quota.Cap(names().Draw(t, "namespace"), budgets().Draw(t, "budget"))
		if err != nil {
			t.Fatal(err)
		}
		checkBuilt(t, share.Objects()...)
	})
}

func TestNamespaceBuildsNamespacesWithoutFindings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		level := rapid.SampledFrom([]quota.Level{quota.Restricted, quota.Baseline, quota.Privileged}).Draw(t, "level")
		namespace, err := quota.Namespace(names().Draw(t, "name"), level)
		if err != nil {
			t.Fatal(err)
		}
		checkBuilt(t, namespace)
	})
}

func TestPrioritiesBuildValidClasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		high, err := quota.Priority(names().Draw(t, "high"), rapid.Int32Range(0, quota.HighestPriority).Draw(t, "value"))
		if err != nil {
			t.Fatal(err)
		}
		low, err := quota.LowPriority(names().Draw(t, "low"), rapid.Int32Range(quota.LowestPriority, -1).Draw(t, "low value"))
		if err != nil {
			t.Fatal(err)
		}
		checkBuilt(t, high)
		checkBuilt(t, low)
	})
}

// budget is one that nothing is wrong with.
func budget() quota.Budget {
	compute := func(cpu, memory string) quota.Compute {
		return quota.Compute{CPU: resource.MustParse(cpu), Memory: resource.MustParse(memory)}
	}
	return quota.Budget{
		Requests:       compute("4", "8Gi"),
		Limits:         compute("8", "16Gi"),
		Pods:           40,
		Pod:            compute("2", "4Gi"),
		Default:        compute("500m", "512Mi"),
		DefaultRequest: compute("100m", "128Mi"),
		Storage:        resource.MustParse("50Gi"),
		Claims:         10,
	}
}

// fields returns the fields that an *InvalidError names, sorted and once each.
func fields(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*bulkhead.InvalidError](err)
	if !ok {
		t.Fatalf("%T is no *bulkhead.InvalidError: %v", err, err)
	}
	if _, ok := errors.AsType[*field.Error](err); !ok {
		t.Errorf("errors.As reaches no *field.Error in %v", err)
	}
	var out []string
	for _, e := range invalid.Errs {
		out = append(out, e.Field)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestCapRefuses(t *testing.T) {
	tests := map[string]struct {
		namespace string
		edit      func(*quota.Budget)
		want      []string
	}{
		"nothing":                       {edit: func(*quota.Budget) {}},
		"no claims and no storage pass": {edit: func(b *quota.Budget) { b.Storage, b.Claims = resource.Quantity{}, 0 }},
		"the zero budget": {
			edit: func(b *quota.Budget) { *b = quota.Budget{} },
			want: []string{
				"budget.default.cpu", "budget.default.memory", "budget.defaultRequest.cpu", "budget.defaultRequest.memory",
				"budget.limits.cpu", "budget.limits.memory", "budget.pod.cpu", "budget.pod.memory", "budget.pods",
				"budget.requests.cpu", "budget.requests.memory",
			},
		},
		"a namespace of 64 bytes, and a mistake beside it": {
			namespace: "sixty-four-letters-sixty-four-letters-sixty-four-letters-sixty-fo",
			edit:      func(b *quota.Budget) { b.Pods = 0 },
			want:      []string{"budget.pods", "namespace"},
		},
		"a namespace whose class would be Kubernetes' own": {namespace: "system-staging", edit: func(*quota.Budget) {}, want: []string{"namespace"}},
		"negative cores":                  {edit: func(b *quota.Budget) { b.Requests.CPU = resource.MustParse("-1") }, want: []string{"budget.requests.cpu"}},
		"negative counts":                 {edit: func(b *quota.Budget) { b.Pods, b.Claims = -1, -1 }, want: []string{"budget.claims", "budget.pods"}},
		"negative storage":                {edit: func(b *quota.Budget) { b.Storage = resource.MustParse("-1Gi") }, want: []string{"budget.storage"}},
		"an absurd limit":                 {edit: func(b *quota.Budget) { b.Limits.Memory = resource.MustParse("1e30") }, want: []string{"budget.limits.memory"}},
		"absurd cores":                    {edit: func(b *quota.Budget) { b.Limits.CPU = resource.MustParse("1000001") }, want: []string{"budget.limits.cpu"}},
		"more pods than clusters have":    {edit: func(b *quota.Budget) { b.Pods = 150_001 }, want: []string{"budget.pods"}},
		"a zero limit":                    {edit: func(b *quota.Budget) { b.Limits.Memory = resource.MustParse("0") }, want: []string{"budget.limits.memory"}},
		"an eighth of a byte":             {edit: func(b *quota.Budget) { b.DefaultRequest.Memory = resource.MustParse("128m") }, want: []string{"budget.defaultRequest.memory"}},
		"a millionth of a core":           {edit: func(b *quota.Budget) { b.DefaultRequest.CPU = resource.MustParse("1001u") }, want: []string{"budget.defaultRequest.cpu"}},
		"requests above limits":           {edit: func(b *quota.Budget) { b.Requests = b.Limits; b.Requests.CPU = resource.MustParse("9") }, want: []string{"budget.requests.cpu"}},
		"a pod above all":                 {edit: func(b *quota.Budget) { b.Pod.Memory = resource.MustParse("17Gi") }, want: []string{"budget.pod.memory"}},
		"a default above the pod":         {edit: func(b *quota.Budget) { b.Default.Memory = resource.MustParse("5Gi") }, want: []string{"budget.default.memory"}},
		"a default request above default": {edit: func(b *quota.Budget) { b.DefaultRequest.CPU = resource.MustParse("501m") }, want: []string{"budget.defaultRequest.cpu"}},
		"a default request below least":   {edit: func(b *quota.Budget) { b.DefaultRequest.Memory = resource.MustParse("1Ki") }, want: []string{"budget.defaultRequest.memory"}},
		"claims without storage":          {edit: func(b *quota.Budget) { b.Storage = resource.Quantity{} }, want: []string{"budget.storage"}},
		"storage without claims":          {edit: func(b *quota.Budget) { b.Claims = 0 }, want: []string{"budget.storage"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := budget()
			tt.edit(&b)
			namespace := "staging"
			if tt.namespace != "" {
				namespace = tt.namespace
			}
			share, err := quota.Cap(namespace, b)
			if diff := cmp.Diff(tt.want, fields(t, err)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if (share == nil) != (err != nil) {
				t.Errorf("share %v beside error %v", share, err)
			}
		})
	}
}

func TestBuildersRefuse(t *testing.T) {
	container := func(edit func(*corev1.LimitRangeItem)) error {
		item := corev1.LimitRangeItem{Type: corev1.LimitTypeContainer, Max: amounts("cpu", "1")}
		edit(&item)
		_, err := quota.Limits("staging", "limits", item)
		return err
	}
	errorOf := func(_ any, err error) error { return err }
	tests := map[string]struct {
		err  error
		want []string
	}{
		"a priority beyond the highest":          {errorOf(quota.Priority("p", quota.HighestPriority+1)), []string{"value"}},
		"a reserved name":                        {errorOf(quota.Priority("system-p", 5)), []string{"metadata.name"}},
		"a name and a value":                     {errorOf(quota.Priority("P", quota.HighestPriority+1)), []string{"metadata.name", "value"}},
		"no name":                                {errorOf(quota.Priority("", 1)), []string{"metadata.name"}},
		"a low priority of zero":                 {errorOf(quota.LowPriority("low", 0)), []string{"value"}},
		"a low priority that brings no node":     {errorOf(quota.LowPriority("low", quota.LowestPriority-1)), []string{"value"}},
		"a quota of nothing":                     {errorOf(quota.ResourceQuota("staging", "q", nil)), []string{"spec.hard"}},
		"a quota in no namespace":                {errorOf(quota.ResourceQuota("", "q", amounts("pods", "1"))), []string{"metadata.namespace"}},
		"a negative quota":                       {errorOf(quota.ResourceQuota("staging", "q", amounts("pods", "-1"))), []string{"spec.hard[pods]"}},
		"no classes":                             {errorOf(quota.OnlyClasses("staging", "q")), []string{"spec.scopeSelector.matchExpressions.values"}},
		"an empty class":                         {errorOf(quota.OnlyClasses("staging", "q", "low", "")), []string{"classes[1]"}},
		"no limits":                              {errorOf(quota.Limits("staging", "limits")), []string{"spec.limits"}},
		"limits without a name":                  {errorOf(quota.Limits("staging", "", corev1.LimitRangeItem{Type: "Pod"})), []string{"metadata.name"}},
		"a default request above the most":       {container(func(i *corev1.LimitRangeItem) { i.DefaultRequest = amounts("cpu", "2") }), []string{"spec.limits[0].defaultRequest[cpu]"}},
		"a negative most, which the API permits": {container(func(i *corev1.LimitRangeItem) { i.Max = amounts("cpu", "-1") }), []string{"spec.limits[0].max[cpu]"}},
		"no level":                               {errorOf(quota.Namespace("staging", "")), []string{"metadata.labels[pod-security.kubernetes.io/enforce]"}},
		"a level in capitals":                    {errorOf(quota.Namespace("staging", "Restricted")), []string{"metadata.labels[pod-security.kubernetes.io/enforce]"}},
		"a namespace with a dot":                 {errorOf(quota.Namespace("staging.eu", quota.Restricted)), []string{"metadata.name"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, fields(t, tt.err)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

// What a caller does with an argument afterwards must not reach the object.
func TestBuildersKeepNoArgument(t *testing.T) {
	hard := amounts("pods", "1")
	q := bulkhead.Must(quota.ResourceQuota("staging", "q", hard))
	hard[corev1.ResourcePods] = resource.MustParse("9")
	if got := q.Spec.Hard[corev1.ResourcePods]; got.Value() != 1 {
		t.Errorf("the quota follows its argument: %v", got)
	}
	classes := []string{"low", "lower", "lowest"}
	only := bulkhead.Must(quota.OnlyClasses("staging", "q", classes...))
	classes[0] = "high"
	if got := only.Spec.ScopeSelector.MatchExpressions[0].Values[0]; got != "low" {
		t.Errorf("the quota follows its argument: %v", got)
	}
	item := corev1.LimitRangeItem{Type: corev1.LimitTypeContainer, Max: amounts("cpu", "1"), Default: amounts("cpu", "1")}
	limits := bulkhead.Must(quota.Limits("staging", "limits", item))
	item.Default[corev1.ResourceCPU] = resource.MustParse("9")
	if got := limits.Spec.Limits[0].Default[corev1.ResourceCPU]; got.Value() != 1 {
		t.Errorf("the limits follow their argument: %v", got)
	}
	if _, ok := item.Default[corev1.ResourceMemory]; ok || item.DefaultRequest != nil {
		t.Error("the argument was changed")
	}
}
