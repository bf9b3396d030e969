// SPDX-License-Identifier: Apache-2.0

package priority_test

import (
	"math"
	"testing"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/internal/priority"
)

func class(name string, value int32, edits ...func(*schedulingv1.PriorityClass)) bulkhead.Object {
	c := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: name}, Value: value}
	for _, edit := range edits {
		edit(c)
	}
	return c
}

func asDefault(c *schedulingv1.PriorityClass) { c.GlobalDefault = true }
func never(c *schedulingv1.PriorityClass)     { c.PreemptionPolicy = new(corev1.PreemptNever) }

func TestOf(t *testing.T) {
	const whole, open = true, false
	pod := func(edit func(*corev1.Pod)) *corev1.Pod { p := &corev1.Pod{}; edit(p); return p }
	named := func(name string) *corev1.Pod {
		return pod(func(p *corev1.Pod) { p.Spec.PriorityClassName = name })
	}
	nothing := pod(func(*corev1.Pod) {})
	tests := map[string]struct {
		classes []bulkhead.Object
		whole   bool
		pod     *corev1.Pod
		state   priority.State
		value   int32
		never   bool
		class   string
	}{
		"no class in a cluster without a default":                                        {nil, whole, nothing, priority.Known, 0, false, ""},
		"no class where a default may be elsewhere":                                      {nil, open, nothing, priority.Unknown, 0, false, ""},
		"no class beside a default":                                                      {[]bulkhead.Object{class("d", -7, asDefault, never)}, open, nothing, priority.Known, -7, true, "d"},
		"no class beside two defaults":                                                   {[]bulkhead.Object{class("d", 2, asDefault), class("e", 1, asDefault, never)}, whole, nothing, priority.Known, 1, true, "e"},
		"no class beside three defaults, two the lowest":                                 {[]bulkhead.Object{class("d", 1, asDefault), class("e", 2, asDefault), class("f", 1, asDefault)}, whole, nothing, priority.Unknown, 0, false, ""},
		"no class beside two defaults where more may be":                                 {[]bulkhead.Object{class("d", 1, asDefault), class("e", 2, asDefault)}, open, nothing, priority.Unknown, 0, false, ""},
		"no class beside a default given twice":                                          {[]bulkhead.Object{class("d", 1, asDefault), class("d", 1, asDefault)}, whole, nothing, priority.Known, 1, false, "d"},
		"no class beside an object that is the default, and one of its name that is not": {[]bulkhead.Object{class("d", 1, asDefault), class("d", 1)}, whole, nothing, priority.Unknown, 0, false, ""},
		"no class beside two defaults, one contradictory":                                {[]bulkhead.Object{class("d", 1, asDefault), class("e", 2, asDefault), class("e", 3, asDefault)}, whole, nothing, priority.Unknown, 0, false, ""},
		"a class":                                           {[]bulkhead.Object{class("a", 5)}, open, named("a"), priority.Known, 5, false, "a"},
		"a class that preempts nobody":                      {[]bulkhead.Object{class("a", 5, never)}, open, named("a"), priority.Known, 5, true, "a"},
		"the least value":                                   {[]bulkhead.Object{class("a", math.MinInt32)}, open, named("a"), priority.Known, math.MinInt32, false, "a"},
		"a class that may be elsewhere":                     {nil, open, named("a"), priority.Unknown, 0, false, ""},
		"a class that is nowhere":                           {nil, whole, named("a"), priority.Refused, 0, false, ""},
		"a class that two objects give different values":    {[]bulkhead.Object{class("a", 5), class("a", 6)}, whole, named("a"), priority.Unknown, 0, false, ""},
		"a class that two objects give the same value":      {[]bulkhead.Object{class("a", 5), class("a", 5)}, open, named("a"), priority.Known, 5, false, "a"},
		"a class of the system, which every cluster has":    {nil, open, named("system-node-critical"), priority.Known, 2_000_001_000, false, "system-node-critical"},
		"a class of the system that a set contradicts":      {[]bulkhead.Object{class("system-node-critical", 5)}, open, named("system-node-critical"), priority.Known, 2_000_001_000, false, "system-node-critical"},
		"a name that only the system may give":              {nil, open, named("system-staging"), priority.Refused, 0, false, ""},
		"the value of the class beside it":                  {[]bulkhead.Object{class("a", 5)}, open, pod(func(p *corev1.Pod) { p.Spec.PriorityClassName, p.Spec.Priority = "a", new(int32(5)) }), priority.Known, 5, false, "a"},
		"another value beside the class":                    {[]bulkhead.Object{class("a", 5)}, open, pod(func(p *corev1.Pod) { p.Spec.PriorityClassName, p.Spec.Priority = "a", new(int32(6)) }), priority.Refused, 5, false, "a"},
		"another policy beside the class":                   {[]bulkhead.Object{class("a", 5)}, open, pod(func(p *corev1.Pod) { p.Spec.PriorityClassName, p.Spec.PreemptionPolicy = "a", new(corev1.PreemptNever) }), priority.Refused, 5, false, "a"},
		"a value without a class":                           {nil, whole, pod(func(p *corev1.Pod) { p.Spec.Priority = new(int32(5)) }), priority.Refused, 0, false, ""},
		"a stored pod whose class has another value by now": {[]bulkhead.Object{class("a", 5)}, whole, pod(func(p *corev1.Pod) { p.UID, p.Spec.PriorityClassName, p.Spec.Priority = "1", "a", new(int32(9)) }), priority.Known, 9, false, "a"},
		"a stored pod without a priority":                   {[]bulkhead.Object{class("a", -5)}, open, pod(func(p *corev1.Pod) { p.UID, p.Spec.PriorityClassName = "1", "a" }), priority.Known, 0, false, "a"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := priority.Read(tt.classes, tt.whole).Of(tt.pod, &tt.pod.Spec)
			if got.State != tt.state || got.Value != tt.value || got.Never != tt.never || got.Class != tt.class {
				t.Errorf("got %+v", got)
			}
			if (got.State == priority.Unknown) != (got.Missing != "") || (got.State == priority.Unknown) == (got.Why != "") || got.Field == "" {
				t.Errorf("not explained: %+v", got)
			}
		})
	}
}

// A known priority stays as it is when more classes turn up, unless they contradict
// those there are.
func TestMoreClassesChangeNoKnownPriority(t *testing.T) {
	names := rapid.SampledFrom([]string{"a", "b", "c", "system-node-critical", ""})
	rapid.Check(t, func(t *rapid.T) {
		var objs []bulkhead.Object
		for _, name := range []string{"a", "b", "c"} {
			objs = append(objs, class(name, rapid.Int32().Draw(t, name), func(c *schedulingv1.PriorityClass) {
				c.GlobalDefault = rapid.Bool().Draw(t, "default")
			}))
		}
		spec := corev1.PodSpec{PriorityClassName: names.Draw(t, "class")}
		some := priority.Read(objs[:rapid.IntRange(0, len(objs)).Draw(t, "some")], false).Of(&corev1.Pod{}, &spec)
		all := priority.Read(objs, false).Of(&corev1.Pod{}, &spec)
		if some.State == priority.Known && all.State == priority.Known && some.Value != all.Value {
			t.Fatalf("%+v became %+v", some, all)
		}
	})
}
