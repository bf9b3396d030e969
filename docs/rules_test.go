// SPDX-License-Identifier: Apache-2.0

// Package docs_test renders rules.md from the rules themselves, so that the text
// exists once.
package docs_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/bulkhead/preset"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/secrets"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/schedule"
)

var update = flag.Bool("update", false, "rewrite rules.md")

// sections lists the packages with rules that judge anybody's objects.
func sections() []section {
	return []section{
		{"bulkhead/manifest", "What is wrong with the text of a manifest.", manifest.Rules()},
		{"netpol", "NetworkPolicy and ClusterNetworkPolicy.", netpol.Rules()},
		{"netpol/reach", "What policies add up to: who can talk to whom.", reach.Rules(reach.Options{})},
		{"bulkhead/guard", "Admission policies, their bindings, and webhooks that judge Kubernetes' own objects.", guard.Rules()},
		{"quota", "ResourceQuota, LimitRange, PriorityClass and the Pod Security labels of a Namespace.", quota.Rules()},
		{"quota/schedule", "The priorities of pods.", schedule.Rules()},
		{"identity", "Service accounts, roles, bindings and the cloud identities of workloads.", identity.Rules()},
		{"identity/secrets", "Credentials where they must not be, and stores of secrets that reach too far.", secrets.Rules()},
	}
}

// made lists the rules that come with something that was made, and judge objects by
// that.
func made() []section {
	return []section{
		{"bulkhead/guard, of a Guard", "What the admission policies of a Guard will refuse: the rules of its method Rules.", restrictions()},
		{"bulkhead/preset", "Objects that a preset made, of the method Drift of an Environment.", []bulkhead.Rule{new(preset.Environment).Drift()}},
	}
}

// restrictions returns the rules of a guard with every restriction.
func restrictions() []bulkhead.Rule {
	return bulkhead.Must(guard.Enforce("staging", guard.Classes("low"), guard.MemoryLimits(), guard.CPULimits(), guard.NoPodLevelBypass(),
		guard.NoHost(), guard.ServiceTypes(corev1.ServiceTypeClusterIP), guard.CloudIdentities("sa@my-project.iam.gserviceaccount.com"), guard.TokenAudiences("vault"))).Rules()
}

type section struct {
	name, about string
	rules       []bulkhead.Rule
}

func TestRulesPageIsUpToDate(t *testing.T) {
	got := render(append(sections(), made()...))
	if *update {
		if err := os.WriteFile("rules.md", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("rules.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("rules.md is out of date; run go test ./docs -update:\n%s", diff)
	}
}

func TestNoIDIsUsedInTwoPackages(t *testing.T) {
	seen := make(map[string]string)
	for _, s := range append(sections(), made()...) {
		for _, rule := range s.rules {
			if other, ok := seen[rule.ID]; ok {
				t.Errorf("%s: a rule of both %s and %s", rule.ID, other, s.name)
			}
			seen[rule.ID] = s.name
		}
	}
}

func render(sections []section) string {
	var b strings.Builder
	b.WriteString("# Rules\n\nThis page is rendered from the rules: `go test ./docs -update`.\n\n")
	b.WriteString("An *error* means that the boundary cannot hold, whatever else is in the cluster, or that the API server refuses\n")
	b.WriteString("the object. A *warning* means that the object opens, closes or misses more than its author is likely to expect;\n")
	b.WriteString("whether the boundary still holds depends on what else is there.\n")
	for _, s := range sections {
		fmt.Fprintf(&b, "\n## Package %s\n\n%s\n\n| rule | severity | |\n|---|---|---|\n", s.name, s.about)
		for _, rule := range s.rules {
			title, _ := titleAndBody(rule)
			fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", rule.ID, anchor(rule.ID), rule.Severity, title)
		}
		for _, rule := range s.rules {
			title, body := titleAndBody(rule)
			fmt.Fprintf(&b, "\n### %s\n\n**%s** (%s)\n\n%s\n", rule.ID, title, rule.Severity, body)
		}
	}
	return b.String()
}

func titleAndBody(rule bulkhead.Rule) (title, body string) {
	title, body, _ = strings.Cut(rule.Doc, "\n")
	return strings.TrimPrefix(title, "# "), strings.TrimSpace(body)
}

// anchor is the fragment that GitHub gives a heading: lower case, without
// punctuation other than hyphens.
func anchor(heading string) string {
	return strings.ReplaceAll(heading, "/", "")
}
