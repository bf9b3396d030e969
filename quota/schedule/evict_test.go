// SPDX-License-Identifier: Apache-2.0

package schedule_test

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/quota/schedule"
)

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
		"a webhook that sees a class, or none":            {[]string{guaranteed}, []string{guaranteed}, []string{hook("staging")}, open(using("", "2Gi")), "Undetermined|web|MutatingWebhookConfiguration/hook"},
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
