// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"embed"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// pages holds a page per restriction, named like its rule.
//
//go:embed restrictions/*.md
var pages embed.FS

// Rules returns a rule for each restriction but [Keepers]: it finds in manifests what
// the policies of the guard will refuse, pods and the pods of templates, Services
// and ServiceAccounts, in its namespace. Objects without a namespace it passes over.
//
// A pod is judged as it will be when the policy sees it: with the limits that a
// LimitRange of the set gives its containers, and with the class that the set gives
// to those that name none. Where these are not in the set, they count as absent.
func (g *Guard) Rules() []bulkhead.Rule {
	var out []bulkhead.Rule
	for _, r := range g.restrictions {
		if r.about == guards {
			continue
		}
		page, err := pages.ReadFile("restrictions/" + strings.TrimPrefix(r.id, "guard/") + ".md")
		if err != nil {
			page = nil // which the tests of the package refuse
		}
		out = append(out, bulkhead.Rule{
			ID: r.id, Doc: string(page), Severity: bulkhead.Error,
			Run: func(p *bulkhead.Pass) { r.run(p, g.namespace) },
		})
	}
	return out
}

// run reports what does not meet the restriction in a namespace.
func (r Restriction) run(p *bulkhead.Pass, namespace string) {
	switch r.about {
	case pods:
		defaults := defaultsOf(p.Objects, namespace)
		for _, w := range workload.All(p.Objects) {
			if !w.Owned && w.Object.GetNamespace() == namespace {
				r.report(p, w.Object, defaults.completed(w.Spec), w.Path)
			}
		}
	case services:
		for service := range bulkhead.Each[*corev1.Service](p.Objects) {
			if service.Namespace == namespace {
				r.report(p, service, service, nil)
			}
		}
	case serviceAccounts:
		for account := range bulkhead.Each[*corev1.ServiceAccount](p.Objects) {
			if account.Namespace == namespace {
				r.report(p, account, account, nil)
			}
		}
	case guards, nothing: // say nothing about objects
	}
}

// report judges a part of an object, which at leads to.
func (r Restriction) report(p *bulkhead.Pass, obj bulkhead.Object, part any, at *field.Path) {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(part)
	if err != nil {
		p.Reportf(obj, at, "", "it has no form that could be judged: %v", err)
		return
	}
	for _, s := range r.statements {
		for _, failure := range s.failures(content, at) {
			p.Reportf(obj, failure, s.fix, "the guard of namespace %s will refuse it: %s", obj.GetNamespace(), s.problem)
		}
	}
}
