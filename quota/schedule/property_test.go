// SPDX-License-Identifier: Apache-2.0

package schedule_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/quota/schedule"
)

// evidence returns what may be known or not of one cluster: classes, quotas, limits,
// nodes, namespaces and policies, drawn so that a cluster could have them all.
func evidence(t *rapid.T) []bulkhead.Object {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	value := func(label string) int { return rapid.IntRange(-12, 12).Draw(t, label) }
	docs := []string{
		class("low", value("low"), pick("never", "", "preemptionPolicy: Never")),
		class("high", value("high"), pick("default", "", "globalDefault: true")),
		capQuota("prod", pick("cap", "cpu: 1", "requests.cpu: 3", "requests.memory: 4Gi")),
		quotaOf("classes", byClass(pick("operator", "NotIn", "In"), ", values: ["+pick("class", "low", "high")+"]", pick("scope", "", ", scopes: [Terminating]"))),
		quotaOf("more", pick("more", "{hard: {cpu: 3}}", "{hard: {pods: 0}}", "{hard: {pods: 0}, scopes: [NotTerminating]}")),
		"apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: " + pick("limited", "prod", "staging") + "}\nspec: {limits: [{type: Container, " +
			pick("limits", "max: {cpu: 1, memory: 1Gi}", "defaultRequest: {memory: 1Gi}", "default: {memory: 2Gi}") + "}]}",
		node("one", ", labels: {pool: "+pick("pool", "prod", "staging")+"}", ""),
		node("two", "", pick("taint", "", "taints: [{key: a, effect: NoSchedule}]")),
		"apiVersion: v1\nkind: Namespace\nmetadata: {name: staging, labels: {stage: " + pick("label", "staging", "qa") + "}}",
		strings.Replace(policyOf(pick("expression", `object.spec.priority < 5`, `object.spec.priorityClassName != "high"`, `object.spec.x`)),
			"kubernetes.io/metadata.name", pick("selector", "kubernetes.io/metadata.name", "stage"), 1),
	}
	return read(t, docs)
}

// workloads returns two workloads a side.
func workloads(t *rapid.T) []bulkhead.Object {
	var docs []string
	for i, namespace := range []string{"prod", "prod", "staging", "staging"} {
		spec := []string{rapid.SampledFrom([]string{"", of("low"), of("high"), of("system-node-critical"), of("nowhere")}).Draw(t, "class")}
		spec = append(spec, rapid.SampledFrom([]string{"", "nodeSelector: {pool: prod}", "nodeSelector: {pool: staging}", "tolerations: [{operator: Exists}]"}).Draw(t, "place"))
		if r := rapid.SampledFrom([]string{"", "{limits: {cpu: 1, memory: 1Gi}}", "{requests: {memory: 1Gi}}"}).Draw(t, "resources"); r != "" {
			spec = append(spec, "containers: [{name: c, image: i, resources: "+r+"}]")
		}
		docs = append(docs, deployment(namespace, fmt.Sprint("web-", i), spec...))
	}
	return read(t, docs)
}

func read(t *rapid.T, docs []string) []bulkhead.Object {
	set, err := manifest.Read("drawn.yaml", strings.NewReader(strings.Join(docs, "\n---\n")))
	if err != nil {
		t.Fatal(err)
	}
	return set.Objects
}

// answers asks everything.
func answers(objs []bulkhead.Object, options schedule.Options) ([]schedule.Judgement, bulkhead.Findings) {
	c := bulkhead.Must(schedule.New(objs, boundary(), options))
	return slices.Concat(c.Ranks(), c.Claims(), c.Evictions(), c.Sharing(), c.Capacity("prod", "staging")), c.Problems()
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objs := append(evidence(t), workloads(t)...)
		options := schedule.Options{Whole: rapid.Bool().Draw(t, "whole")}
		want, wantProblems := answers(objs, options)
		got, problems := answers(rapid.Permutation(objs).Draw(t, "order"), options)
		if diff := cmp.Diff(want, got) + cmp.Diff(wantProblems, problems); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Where the objects need not be all, a verdict that is certain with some of the
// evidence is never its opposite with more, and with all of it.
func TestEvidenceNeverTurnsAVerdict(t *testing.T) {
	type about struct {
		statement schedule.Statement
		object    string
	}
	rapid.Check(t, func(t *rapid.T) {
		pods, all := workloads(t), evidence(t)
		some := slices.DeleteFunc(slices.Clone(all), func(bulkhead.Object) bool { return rapid.Bool().Draw(t, "drop") })
		verdicts := func(objs []bulkhead.Object, options schedule.Options) map[about]bulkhead.Verdict {
			out := make(map[about]bulkhead.Verdict)
			js, _ := answers(append(objs, pods...), options)
			for _, j := range js {
				key := about{j.Statement, j.Object.String()}
				switch j.Statement {
				case schedule.Unclaimed: // by class, which stands in the message alone
					words := strings.Fields(j.Message)
					i := slices.Index(words, "class")
					if i < 0 {
						continue
					}
					key.object = words[i+1]
				case schedule.WithinNodes:
					key.object = map[bool]string{true: "cpu", false: "memory"}[strings.Contains(j.Message, "cpu")]
				default:
				}
				out[key] = j.Verdict
			}
			return out
		}
		before := verdicts(some, schedule.Options{})
		for _, after := range []map[about]bulkhead.Verdict{verdicts(all, schedule.Options{}), verdicts(all, whole())} {
			for key, was := range before {
				is := after[key]
				if was != bulkhead.Undetermined && is != bulkhead.Undetermined && was != is {
					t.Fatalf("%v was %v and is %v", key, was, is)
				}
			}
		}
	})
}

// Whatever the objects: answers that name their evidence, and no panic.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		class("a", -1) + "\n---\n" + class("a", 5) + "\n---\n" + deployment("prod", "web", of("a")) + "\n---\n" + deployment("staging", "web", of("missing")),
		quotaOf("q", byClass("NotIn", ", values: [a]", ", scopes: [Terminating, NotTerminating]")) + "\n---\n" + deployment("prod", "web"),
		node("n1", "", "taints: [{key: a, value: '1', effect: NoExecute}]") + "\n---\n" + deployment("staging", "web", "tolerations: [{key: a, operator: Gt, value: '0'}]"),
		policyOf(`object.spec.priority < 0`) + "\n---\n" + deployment("prod", "web", "resources: {limits: {memory: -1}}"),
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, all bool) {
		set, _ := manifest.Read("fuzz.yaml", strings.NewReader(text))
		if set == nil {
			return
		}
		js, _ := answers(set.Objects, schedule.Options{Whole: all})
		for _, j := range js {
			if (j.Verdict == bulkhead.Undetermined) != (len(j.Missing) > 0) || j.Field == "" || j.Message == "" || j.Object.Kind == "" {
				t.Errorf("not explained: %+v", j)
			}
		}
	})
}
