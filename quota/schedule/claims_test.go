// SPDX-License-Identifier: Apache-2.0

package schedule_test

import (
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/netpol/platform"
	"github.com/watertight-go/watertight/quota/schedule"
)

func quotaOf(name, spec string) string {
	return "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: " + name + ", namespace: staging}\nspec: " + spec
}

func byClass(operator, values string, more ...string) string {
	return "{hard: {pods: 0}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: " + operator + values + "}]}" + strings.Join(more, "") + "}"
}

func policyOf(expression string, more ...string) string {
	return "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: guard}\nspec:\n" +
		"  matchConstraints: {resourceRules: [{apiGroups: [\"\"], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}\n" +
		"  validations: [{expression: '" + expression + "'}]\n" + strings.Join(more, "\n") +
		"\n---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: guard}\n" +
		"spec: {policyName: guard, validationActions: [Deny], matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: staging}}}}"
}

func TestClaims(t *testing.T) {
	tests := map[string]struct {
		docs []string
		want string // of the class high of production, % for any name
		any  bool   // the other classes too
	}{
		"nothing refuses it":                          {nil, "Breached|staging|high", true},
		"a quota of all classes but staging's":        {[]string{quotaOf("q", byClass("NotIn", ", values: [low]"))}, "Sealed|q|high", true},
		"a quota of the class by name":                {[]string{quotaOf("q", byClass("In", ", values: [high]"))}, "Sealed|q|high", false},
		"a quota of another class by name":            {[]string{quotaOf("q", byClass("In", ", values: [other]"))}, "Breached|staging|high", true},
		"a quota of pods that have a class":           {[]string{quotaOf("q", byClass("Exists", ""))}, "Sealed|q|high", true},
		"a quota of pods that have none":              {[]string{quotaOf("q", byClass("DoesNotExist", ""))}, "Breached|staging|high", true},
		"a quota that allows some":                    {[]string{quotaOf("q", strings.Replace(byClass("NotIn", ", values: [low]"), "pods: 0", "pods: 1", 1))}, "Breached|staging|high", true},
		"a quota of no pods at all":                   {[]string{quotaOf("q", "{hard: {pods: 0}}")}, "Sealed|q|high", true},
		"a quota that counts pods by the other key":   {[]string{quotaOf("q", strings.Replace(byClass("NotIn", ", values: [low]"), "pods: 0", "count/pods: 0", 1))}, "Sealed|q|high", true},
		"a quota of terminating pods only":            {[]string{quotaOf("q", byClass("NotIn", ", values: [low]", ", scopes: [Terminating]"))}, "Undetermined|staging|leave the scopes of ResourceQuota/staging/q", true},
		"both halves of them":                         {[]string{quotaOf("q", byClass("NotIn", ", values: [low]", ", scopes: [Terminating]")), quotaOf("r", byClass("Exists", "", ", scopes: [NotTerminating]"))}, "Sealed|%|high", true},
		"scopes that exclude each other":              {[]string{quotaOf("q", "{hard: {pods: 0}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high]}, {scopeName: PriorityClass, operator: In, values: [low]}]}}")}, "Breached|staging|high", true},
		"a quota that the API server refuses":         {[]string{quotaOf("q", strings.Replace(byClass("NotIn", ", values: [low]"), "pods: 0", "pods: -1", 1))}, "Undetermined|staging|ResourceQuota/staging/q", true},
		"a quota whose status has not followed":       {[]string{quotaOf("q", byClass("NotIn", ", values: [low]")+"\nstatus: {hard: {pods: 5}}")}, "Undetermined|staging|the status of ResourceQuota/staging/q", true},
		"a policy of classes":                         {[]string{policyOf(`object.spec.?priorityClassName.orValue("") in ["low"]`)}, "Sealed|guard|high", true},
		"a policy of values":                          {[]string{policyOf(`has(object.spec.priority) && object.spec.priority < 0`)}, "Sealed|guard|high", true},
		"a policy of something else":                  {[]string{policyOf(`object.spec.hostNetwork != true`)}, "Undetermined|staging|spec.validations[0].expression", true},
		"a policy that lets it through":               {[]string{policyOf(`object.spec.priority <= 1000`), quotaOf("q", byClass("In", ", values: [system-node-critical, system-cluster-critical]"))}, "Breached|staging|high", false},
		"a policy that is not bound to refuse":        {[]string{strings.Replace(policyOf(`object.spec.priority < 0`), "[Deny]", "[Warn, Audit]", 1)}, "Breached|staging|high", true},
		"a policy of another namespace":               {[]string{strings.Replace(policyOf(`object.spec.priority < 0`), "metadata.name: staging", "metadata.name: qa", 1)}, "Breached|staging|high", true},
		"a policy of namespaces with a label":         {[]string{strings.Replace(policyOf(`object.spec.priority < 0`), "kubernetes.io/metadata.name", "stage", 1)}, "Undetermined|staging|guard", true},
		"and the namespace has it":                    {[]string{strings.Replace(policyOf(`object.spec.priority < 0`), "kubernetes.io/metadata.name", "stage", 1), "apiVersion: v1\nkind: Namespace\nmetadata: {name: staging, labels: {stage: staging}}"}, "Sealed|guard|high", true},
		"a policy on updates only":                    {[]string{strings.Replace(policyOf(`object.spec.priority < 0`), "CREATE", "UPDATE", 1)}, "Breached|staging|high", true},
		"a policy on Deployments only":                {[]string{strings.Replace(strings.Replace(policyOf(`object.spec.priority < 0`), "[pods]", "[deployments]", 1), `[""]`, "[apps]", 1)}, "Breached|staging|high", true},
		"a policy on labels that the author chooses":  {[]string{strings.Replace(policyOf(`object.spec.priority < 0`), "{resourceRules", "{objectSelector: {matchLabels: {a: b}}, resourceRules", 1)}, "Undetermined|staging|guard", true},
		"a policy under a condition that never holds": {[]string{policyOf(`object.spec.priority < 0`, `  matchConditions: [{name: c, expression: 'object.spec.priority < 0'}]`)}, "Breached|staging|high", true},
		"a webhook": {[]string{"apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: hook}\nwebhooks: [{name: a.b.c, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {url: 'https://x'}, " +
			"rules: [{apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*']}]}]"}, "Undetermined|staging|ValidatingWebhookConfiguration/hook webhooks[0]", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			docs := append([]string{class("high", 1000), class("low", -10), deployment("prod", "web", of("high")), deployment("staging", "web", of("low"))}, tt.docs...)
			got := cluster(t, whole(), docs...).Claims()
			if len(got) != 3 {
				t.Fatalf("got %v", got)
			}
			parts := strings.Split(tt.want, "|")
			for _, j := range got {
				if !tt.any && !strings.Contains(j.Message, "class high") {
					continue
				}
				text := strings.Replace(j.Message, "system-node-critical", "high", 1) + strings.Join(j.Missing, ";")
				text = strings.Replace(text, "system-cluster-critical", "high", 1)
				if j.Verdict.String() != parts[0] || parts[1] != "%" && j.Object.Name != parts[1] || !strings.Contains(text, parts[2]) {
					t.Errorf("got %s, want %s", j, tt.want)
				}
			}
		})
	}
}

// Where there may be more than is given, nothing is claimed for certain.
func TestClaimsOfAnOpenCluster(t *testing.T) {
	docs := []string{class("high", 1000), deployment("prod", "web", of("high"))}
	got := cluster(t, schedule.Options{}, docs...).Claims()
	if schedule.Worst(got) != bulkhead.Undetermined || len(got) != 4 {
		t.Errorf("got %v", got)
	}
	got = cluster(t, schedule.Options{}, append(docs, quotaOf("q", byClass("NotIn", ", values: [low]")))...).Claims()
	if schedule.Worst(got) != bulkhead.Sealed || len(got) != 4 {
		t.Errorf("got %v", got)
	}
	got = cluster(t, schedule.Options{}, append(docs, quotaOf("q", byClass("In", ", values: [high, system-node-critical, system-cluster-critical]")))...).Claims()
	if schedule.Worst(got) != bulkhead.Undetermined {
		t.Errorf("classes that are elsewhere are forgotten: %v", got)
	}
}

func TestClaimsOfLimitedClasses(t *testing.T) {
	options := whole()
	options.LimitedClasses = []string{"system-node-critical", "system-cluster-critical"}
	docs := []string{deployment("prod", "web", of("high")), class("high", 5), quotaOf("q", byClass("In", ", values: [high]"))}
	if got := cluster(t, options, docs...).Claims(); schedule.Worst(got) != bulkhead.Sealed {
		t.Errorf("got %v", got)
	}
	docs = append(docs, quotaOf("r", "{hard: {pods: 5}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [system-node-critical]}]}}"))
	if got := cluster(t, options, docs...).Claims(); schedule.Worst(got) != bulkhead.Breached {
		t.Errorf("a quota that governs the class lets it in: %v", got)
	}
}

// The presets hold what this package judges, with and without classes in templates.
func TestPresets(t *testing.T) {
	config := preset.Cluster{Platform: platform.EKS, Keepers: []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: "system:masters"}}}
	staging := bulkhead.Must(preset.Staging(preset.StagingOptions{Cluster: config}))
	production := bulkhead.Must(preset.Production(preset.ProductionOptions{Cluster: config}))
	objs := append(staging.Objects, production.Objects...)
	objs = append(objs, objects(t, deployment("production", "web"), deployment("staging", "web"))...)
	sides := schedule.Boundary{Production: []string{"production"}, Staging: []string{"staging"}}
	c := bulkhead.Must(schedule.New(objs, sides, whole()))
	if got := append(c.Ranks(), c.Claims()...); schedule.Worst(got) != bulkhead.Sealed || len(c.Problems()) > 0 {
		t.Errorf("got %v, problems %v", got, c.Problems())
	}
}
