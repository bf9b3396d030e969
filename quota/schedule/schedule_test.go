// SPDX-License-Identifier: Apache-2.0

package schedule_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota/schedule"
)

// objects reads manifests.
func objects(t testing.TB, docs ...string) []bulkhead.Object {
	t.Helper()
	set, err := manifest.Read("test.yaml", strings.NewReader(strings.Join(docs, "\n---\n")))
	if err != nil {
		t.Fatal(err)
	}
	return set.Objects
}

func boundary() schedule.Boundary {
	return schedule.Boundary{Production: []string{"prod"}, Staging: []string{"staging"}}
}

func whole() schedule.Options { return schedule.Options{Whole: true} }

func cluster(t testing.TB, options schedule.Options, docs ...string) *schedule.Cluster {
	t.Helper()
	return bulkhead.Must(schedule.New(objects(t, docs...), boundary(), options))
}

// expect compares the judgements on one statement with lines of verdict, object name
// and part of the message or of what is missing, "|" between them.
func expect(t *testing.T, judgements []schedule.Judgement, statement schedule.Statement, want ...string) {
	t.Helper()
	var got []schedule.Judgement
	for _, j := range judgements {
		if j.Statement == statement {
			got = append(got, j)
		}
		if (j.Verdict == bulkhead.Undetermined) != (len(j.Missing) > 0) || j.Field == "" || j.Object.Kind == "" || j.Message == "" {
			t.Errorf("not explained: %+v", j)
		}
	}
	ok := len(got) == len(want)
	for i := range min(len(got), len(want)) {
		parts := strings.Split(want[i], "|")
		text := got[i].Message + "; " + strings.Join(got[i].Missing, "; ")
		ok = ok && got[i].Verdict.String() == parts[0] && got[i].Object.Name == parts[1] && strings.Contains(text, parts[2])
	}
	if !ok {
		for _, j := range got {
			t.Errorf("got %s", j)
		}
		t.Errorf("want %s", strings.Join(want, "\n"))
	}
}

func class(name string, value int, more ...string) string {
	return fmt.Sprintf("apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: %s}\nvalue: %d\n", name, value) + strings.Join(more, "\n")
}

// deployment has one container; spec is YAML in flow style that goes into the pod's.
func deployment(namespace, name string, spec ...string) string {
	container := "containers: [{name: c, image: i}]"
	if slices.ContainsFunc(spec, func(s string) bool { return strings.HasPrefix(s, "containers:") }) {
		container = ""
	}
	lines := append([]string{container}, spec...)
	return fmt.Sprintf("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s, namespace: %s}\nspec:\n  selector: {matchLabels: {app: a}}\n"+
		"  template:\n    metadata: {labels: {app: a}}\n    spec:\n      %s\n", name, namespace, strings.Join(lines, "\n      "))
}

func of(class string) string { return "priorityClassName: " + class }

func TestRanks(t *testing.T) {
	prod, staging := deployment("prod", "web"), deployment("staging", "web", of("low"))
	tests := map[string]struct {
		docs    []string
		options schedule.Options
		want    string
	}{
		"production without a class is above a negative one": {[]string{prod, staging, class("low", -10)}, whole(), "Sealed|web|it names no class"},
		"a modest class of staging is above it":              {[]string{prod, staging, class("low", 100)}, whole(), "Breached|web|evicts it"},
		"zero gives no way to zero":                          {[]string{prod, staging, class("low", 0)}, whole(), "Breached|web|gives no way"},
		"one that preempts nobody is scheduled first":        {[]string{prod, staging, class("low", 100, "preemptionPolicy: Never")}, whole(), "Breached|web|is scheduled before it"},
		"a default may lower production":                     {[]string{prod, staging, class("low", -10)}, schedule.Options{}, "Undetermined|web|globalDefault"},
		"a default lowers production":                        {[]string{prod, staging, class("low", -10), class("d", -20, "globalDefault: true")}, schedule.Options{}, "Breached|web|the global default d has the value -20"},
		"a default raises staging": {
			[]string{deployment("prod", "web", of("p")), deployment("staging", "web"), class("p", 5), class("d", 9, "globalDefault: true")},
			schedule.Options{},
			"Breached|web|evicts it",
		},
		"of two defaults the lower counts":       {[]string{prod, staging, class("low", -10), class("d", -20, "globalDefault: true"), class("e", 2, "globalDefault: true")}, whole(), "Breached|web|the global default d has the value -20"},
		"two defaults of one value":              {[]string{prod, staging, class("low", -10), class("d", 1, "globalDefault: true"), class("e", 1, "globalDefault: true")}, whole(), "Undetermined|web|d, e"},
		"two defaults, and there may be more":    {[]string{prod, staging, class("low", -10), class("d", 1, "globalDefault: true"), class("e", 2, "globalDefault: true")}, schedule.Options{}, "Undetermined|web|d, e"},
		"the class of staging is elsewhere":      {[]string{deployment("prod", "web", of("p")), class("p", 5), staging}, schedule.Options{}, "Undetermined|web|PriorityClass low"},
		"the class of production is elsewhere":   {[]string{deployment("prod", "web", of("p")), class("low", 5), staging}, schedule.Options{}, "Undetermined|web|PriorityClass p"},
		"staging in a class of the system":       {[]string{deployment("prod", "web", of("p")), class("p", 1000000000), deployment("staging", "web", of("system-node-critical"))}, schedule.Options{}, "Breached|web|evicts it"},
		"no pods of staging":                     {[]string{prod}, whole(), "Undetermined|web|the workloads of staging"},
		"no pods of production":                  {[]string{staging, class("low", -10)}, whole(), "Undetermined|prod|the workloads of namespace prod"},
		"an unknown one beside one that is over": {[]string{prod, deployment("staging", "a", of("x")), deployment("staging", "b", of("other")), class("other", 1), class("d", 0, "globalDefault: true")}, schedule.Options{}, "Breached|web|evicts it"},
		"a class that the API server refuses":    {[]string{deployment("prod", "web", of("p")), class("p", 2000000000), class("low", 1), staging}, whole(), "Undetermined|web|PriorityClass p"},
		"a version that nobody serves":           {[]string{prod, staging, class("low", -10), strings.Replace(class("d", -50, "globalDefault: true"), "/v1", "/v1beta7", 1)}, whole(), "Undetermined|web|PriorityClass/d"},
		"a stored pod keeps its value": {
			[]string{"apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: prod, uid: u}\nspec: {priorityClassName: p, priority: -50, containers: [{name: c, image: i}]}", class("p", 5), class("low", -10), staging},
			whole(), "Breached|web|it is stored with the value -50",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			expect(t, cluster(t, tt.options, tt.docs...).Ranks(), schedule.Outranks, tt.want)
		})
	}
}

func TestProductionThatPreemptsNobody(t *testing.T) {
	c := cluster(t, whole(), deployment("prod", "web", of("p")), class("p", 5, "preemptionPolicy: Never"), deployment("staging", "web"))
	expect(t, c.Ranks(), schedule.Outranks, "Sealed|web|5")
	expect(t, c.Ranks(), schedule.Preempts, "Breached|web|Never")
}

func TestCounted(t *testing.T) {
	docs := []string{class("at", -10), class("below", -11), deployment("staging", "at", of("at")), deployment("staging", "below", of("below")), deployment("prod", "web")}
	expect(t, cluster(t, whole(), docs...).Ranks(), schedule.Counted, "Sealed|web|", "Sealed|at|", "Breached|below|below the cutoff -10")
	options := whole()
	options.ExpendableCutoff = new(int32(-11))
	expect(t, cluster(t, options, docs...).Ranks(), schedule.Counted, "Sealed|web|", "Sealed|at|", "Sealed|below|")
}

// A pod that was stored without a priority, which other components take for 0, is never
// expendable.
func TestCountedWithoutAPriority(t *testing.T) {
	pod := func(name, priority string) string {
		return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: prod, uid: u}\nspec: {" + priority + "containers: [{name: c, image: i}]}"
	}
	options := whole()
	options.ExpendableCutoff = new(int32(10))
	c := cluster(t, options, pod("none", ""), pod("zero", "priority: 0, "))
	expect(t, c.Ranks(), schedule.Counted, "Sealed|none|without a priority, and so never expendable", "Breached|zero|below the cutoff 10")
}

func TestNewRefuses(t *testing.T) {
	tests := map[string]struct {
		boundary schedule.Boundary
		fields   []string
	}{
		"no sides":                      {schedule.Boundary{}, []string{"production", "staging"}},
		"no staging":                    {schedule.Boundary{Production: []string{"p"}}, []string{"staging"}},
		"a namespace on both sides":     {schedule.Boundary{Production: []string{"a", "b"}, Staging: []string{"b"}}, []string{"production[1]"}},
		"names that no namespace has":   {schedule.Boundary{Production: []string{"A"}, Staging: []string{""}}, []string{"production[0]", "staging[0]"}},
		"the same, empty, on both ends": {schedule.Boundary{Production: []string{""}, Staging: []string{"s"}}, []string{"production[0]"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := schedule.New(nil, tt.boundary, schedule.Options{})
			invalid := &bulkhead.InvalidError{}
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v", err)
			}
			var got []string
			invalid.Errs = slices.CompactFunc(invalid.Errs, func(a, b *field.Error) bool { return a.Field == b.Field })
			for _, e := range invalid.Errs {
				got = append(got, e.Field)
			}
			if !slices.Equal(got, tt.fields) {
				t.Errorf("got %v, want %v", got, tt.fields)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	tests := map[string]struct{ doc, want string }{
		"a quota of less than nothing":     {"apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: staging}\nspec: {hard: {pods: -1}}", "quota/invalid ResourceQuota/staging/q spec.hard[pods]"},
		"a version that is not read":       {strings.Replace(class("c", 1), "/v1", "/v1beta1", 1), "schedule/unreadable PriorityClass/c apiVersion"},
		"a workload without a namespace":   {strings.Replace(deployment("x", "web"), ", namespace: x", "", 1), "schedule/no-namespace Deployment/web metadata.namespace"},
		"two nodes of one name":            {"apiVersion: v1\nkind: Node\nmetadata: {name: node}\n---\napiVersion: v1\nkind: Node\nmetadata: {name: node, labels: {a: b}}", "schedule/contradiction Node/node metadata.name"},
		"a node of less than nothing":      {"apiVersion: v1\nkind: Node\nmetadata: {name: node}\nstatus: {allocatable: {cpu: -1}}", "schedule/invalid-node Node/node status.allocatable[cpu]"},
		"a priority that is not the class": {deployment("prod", "web", "priority: 7"), "schedule/priority-refused Deployment/prod/web spec.template.spec.priority"},
		"a class that cannot be":           {deployment("staging", "web", of("system-x")), "schedule/priority-refused Deployment/staging/web spec.template.spec.priorityClassName"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := cluster(t, whole(), tt.doc).Problems()
			var lines []string
			for _, f := range got {
				lines = append(lines, f.Rule+" "+f.Object.String()+" "+f.Field)
			}
			if len(lines) != 1 || lines[0] != tt.want {
				t.Errorf("got %q, want %q", lines, tt.want)
			}
		})
	}
}
