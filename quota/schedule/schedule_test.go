// SPDX-License-Identifier: Apache-2.0

package schedule_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
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

func TestEvictions(t *testing.T) {
	const guaranteed = "containers: [{name: c, image: i, resources: {limits: {cpu: 1, memory: 1Gi}}}]"
	const burstable = "containers: [{name: c, image: i, resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 2Gi}}}]"
	const zero = "containers: [{name: c, image: i, resources: {requests: {memory: 1Gi}, limits: {memory: 0}}}]"
	const kata = "runtimeClassName: kata"
	const runtimeClass = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: kata}\nhandler: h\noverhead: {podFixed: {memory: 512Mi}}"
	ref := func(namespace string) bulkhead.Ref {
		return bulkhead.Ref{Group: "apps", Kind: "Deployment", Namespace: namespace, Name: "web"}
	}
	using := func(prod, staging string) schedule.Options {
		o := whole()
		o.Usage = map[bulkhead.Ref]corev1.ResourceList{}
		for namespace, amount := range map[string]string{"prod": prod, "staging": staging} {
			if amount != "" {
				used := make(corev1.ResourceList)
				used[corev1.ResourceMemory] = resource.MustParse(amount)
				o.Usage[ref(namespace)] = used
			}
		}
		return o
	}
	open := func(o schedule.Options) schedule.Options { o.Whole = false; return o }
	hook := func(namespace string) string {
		return "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: hook}\nwebhooks: [{name: a.b.c, " +
			"namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: " + namespace + "}}, rules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}]"
	}
	tests := map[string]struct {
		prod, staging []string
		more          []string
		options       schedule.Options
		want          string
	}{
		"both guaranteed: the priority decides":           {[]string{guaranteed}, []string{guaranteed, of("low")}, nil, whole(), "Sealed|web|Guaranteed"},
		"both guaranteed, and staging is above":           {[]string{guaranteed}, []string{guaranteed, of("high")}, nil, whole(), "Breached|web|its class high has the value 9"},
		"staging without requests":                        {[]string{burstable}, []string{of("low")}, nil, whole(), "Sealed|web|"},
		"production without requests goes first":          {nil, []string{guaranteed, of("low")}, nil, whole(), "Breached|web|it is evicted before Deployment/staging/web (Guaranteed), since it uses more"},
		"burstable production and guaranteed staging":     {[]string{burstable}, []string{guaranteed, of("low")}, nil, whole(), "Undetermined|web|a pod of Deployment/prod/web uses"},
		"production that uses more than it requests":      {[]string{burstable}, []string{guaranteed, of("low")}, nil, using("1.5Gi", ""), "Breached|web|it is evicted before"},
		"production that uses less than it requests":      {[]string{burstable}, []string{guaranteed, of("low")}, nil, using("1Gi", ""), "Sealed|web|"},
		"guaranteed production and burstable staging":     {[]string{guaranteed}, []string{burstable, of("low")}, nil, whole(), "Sealed|web|"},
		"a limit of zero bounds nothing":                  {[]string{zero}, []string{guaranteed, of("low")}, nil, whole(), "Undetermined|web|uses"},
		"critical production is never evicted":            {[]string{of("system-node-critical")}, []string{guaranteed, of("low")}, nil, whole(), "Sealed|web|"},
		"critical staging is never evicted":               {[]string{guaranteed}, []string{of("system-cluster-critical")}, nil, whole(), "Breached|web|never evicted"},
		"equal priority: the larger excess goes first":    {[]string{burstable}, []string{burstable, of("zero")}, nil, using("1.2Gi", "1.5Gi"), "Sealed|web|"},
		"equal priority: production has the larger":       {[]string{burstable}, []string{burstable, of("zero")}, nil, using("1.5Gi", "1.2Gi"), "Breached|web|"},
		"equal in everything":                             {[]string{burstable}, []string{burstable, of("zero")}, nil, using("1.2Gi", "1.2Gi"), "Undetermined|web|equal"},
		"a LimitRange makes production guaranteed":        {nil, []string{guaranteed, of("low")}, []string{"apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: prod}\nspec: {limits: [{type: Container, max: {cpu: 1, memory: 1Gi}}]}"}, whole(), "Sealed|web|Guaranteed"},
		"two LimitRanges":                                 {nil, []string{guaranteed, of("low")}, []string{"apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: prod}\nspec: {limits: [{type: Container, max: {memory: 1Gi}}]}", "apiVersion: v1\nkind: LimitRange\nmetadata: {name: m, namespace: prod}\nspec: {limits: [{type: Container, max: {memory: 2Gi}}]}"}, whole(), "Undetermined|web|which LimitRange"},
		"a LimitRange may be elsewhere":                   {nil, []string{guaranteed, of("low")}, []string{class("d", 1, "globalDefault: true")}, schedule.Options{}, "Undetermined|web|all LimitRanges of namespace prod"},
		"an overhead is nothing without requests":         {[]string{"overhead: {memory: 120Mi}"}, []string{guaranteed, of("low")}, nil, using("100Mi", ""), "Breached|web|it is evicted before"},
		"an overhead of the RuntimeClass":                 {[]string{burstable, kata}, []string{guaranteed, of("low")}, []string{runtimeClass}, using("1.4Gi", ""), "Sealed|web|"},
		"more than requests and overhead":                 {[]string{burstable, kata}, []string{guaranteed, of("low")}, []string{runtimeClass}, using("1.6Gi", ""), "Breached|web|"},
		"a RuntimeClass that is not there":                {[]string{burstable, kata}, []string{guaranteed, of("low")}, nil, using("1.4Gi", ""), "Undetermined|web|RuntimeClass kata"},
		"a RuntimeClass that limits and requests share":   {[]string{guaranteed, kata}, []string{guaranteed, of("low")}, nil, whole(), "Sealed|web|"},
		"the pod's own limit beside lower requests":       {[]string{burstable, "resources: {limits: {memory: 3Gi}}"}, []string{guaranteed, of("low")}, nil, whole(), "Undetermined|web|uses"},
		"the pod's own request of another resource":       {[]string{guaranteed, "resources: {requests: {cpu: 2}}"}, []string{guaranteed, of("low")}, nil, whole(), "Sealed|web|"},
		"a limit in parts of a byte is rounded up":        {[]string{"containers: [{name: c, image: i, resources: {limits: {cpu: 1, memory: 1000.5}}}]"}, []string{guaranteed, of("low")}, nil, whole(), "Undetermined|web|uses"},
		"critical staging, production of any class":       {[]string{guaranteed}, []string{guaranteed, of("system-cluster-critical")}, nil, open(using("", "2Gi")), "Breached|web|never evicted"},
		"a webhook that may make staging critical":        {[]string{guaranteed}, nil, []string{hook("staging")}, whole(), "Undetermined|web|MutatingWebhookConfiguration/hook"},
		"a webhook that may make production critical":     {nil, []string{guaranteed}, []string{hook("prod")}, whole(), "Undetermined|web|MutatingWebhookConfiguration/hook"},
		"an unknown priority where usage does not decide": {[]string{guaranteed, of("low")}, []string{guaranteed, of("elsewhere")}, nil, schedule.Options{}, "Undetermined|web|PriorityClass elsewhere"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			docs := append([]string{class("low", -10), class("zero", 0), class("high", 9), deployment("prod", "web", tt.prod...), deployment("staging", "web", tt.staging...)}, tt.more...)
			expect(t, cluster(t, tt.options, docs...).Evictions(), schedule.EvictedLast, tt.want)
		})
	}
}

// A pod that a server older than 1.37 stored may have resources of its own that leave
// memory out. The kubelet then passes its containers' requests over.
func TestEvictionsOfAPodWithOtherResourcesOfItsOwn(t *testing.T) {
	const prod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: prod, uid: u}\n" +
		"spec: {priority: 0, containers: [{name: c, image: i, resources: {requests: {memory: 1Gi}, limits: {memory: 1Gi}}}]"
	staging := deployment("staging", "web", of("low"), "containers: [{name: c, image: i, resources: {limits: {cpu: 1, memory: 1Gi}}}]")
	for more, want := range map[string]string{
		"}":                                  "Sealed|web|",
		", resources: {requests: {cpu: 1}}}": "Breached|web|it is evicted before",
		", resources: {requests: {cpu: 1, memory: 1Gi}}}": "Sealed|web|",
	} {
		expect(t, cluster(t, whole(), class("low", -10), prod+more, staging).Evictions(), schedule.EvictedLast, want)
	}
}

// The kubelet never evicts a static pod, of which the API shows a mirror.
func TestEvictionsOfStaticPods(t *testing.T) {
	pod := func(namespace string, priority int, annotations string) string {
		return fmt.Sprintf("apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: %s, uid: u, annotations: {%s}}\n"+
			"spec: {nodeName: one, priority: %d, containers: [{name: c, image: i}]}", namespace, annotations, priority)
	}
	const mirror, source = "kubernetes.io/config.mirror: x, kubernetes.io/config.source: file", "kubernetes.io/config.source: file"
	for name, tt := range map[string]struct{ prod, staging, want string }{
		"of staging":              {pod("prod", 0, ""), pod("staging", -10, mirror), "Breached|web|it is evicted before Pod/staging/web (BestEffort), which is never evicted"},
		"of production":           {pod("prod", -10, mirror), pod("staging", 0, ""), "Sealed|web|"},
		"of both":                 {pod("prod", 0, mirror), pod("staging", 0, mirror), "Sealed|web|"},
		"that only says it comes": {pod("prod", 0, ""), pod("staging", -10, source), "Sealed|web|"},
		"beside others like it":   {pod("prod", 0, ""), pod("staging", -10, "") + "\n---\n" + strings.Replace(pod("staging", -10, mirror), "web", "x", 1), "Breached|web|Pod/staging/x"},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, cluster(t, whole(), tt.prod, tt.staging).Evictions(), schedule.EvictedLast, tt.want)
		})
	}
}
