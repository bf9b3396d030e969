// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// Lint returns what in the evidence grants more than it seems to, or nothing, and what
// is one grant away from production, sorted. It proves nothing: [Evidence.NoAccess] does.
//
// Members, node pools and conditions are judged wherever they are. The subjects are
// those of NoAccess, and there need not be any: of them it is found which accounts they
// may attach to what they cannot start. Of the objects, the service accounts in
// namespaces of subjects are looked at, for annotations that name an account of Google
// which does not let them.
//
// Conditions are judged if what decides them can, as package condition does: by
//
//	Lint(of bulkhead.Ref, policy Policy) bulkhead.Findings
//
// Where evidence that is missing could make the difference, nothing is found. An error
// is a [*bulkhead.InvalidError]: a subject is malformed, or a resource or a deny policy
// has a name that is none.
func (e Evidence) Lint(subjects []Subject, objects ...bulkhead.Object) (bulkhead.Findings, error) {
	if errs := append(judgeSubjects(subjects), e.judge()...); len(errs) > 0 {
		return nil, &bulkhead.InvalidError{Object: bulkhead.Ref{Group: iamHost, Kind: "Evidence"}, Errs: errs}
	}
	accounts := slices.Collect(bulkhead.Each[*corev1.ServiceAccount](objects))
	m := newModel(e.about(subjects, nil), annotatedEmails(accounts)...)
	m.plan(nil, nil)
	l := linter{walk: newWalk(m, sortedSubjects(subjects))}
	l.follow()
	for _, g := range m.grants {
		if !l.deletedMember(g) && !l.wrongNumber(g) {
			l.anyPod(g)
		}
	}
	for _, r := range m.order {
		l.nodeTokens(r)
		l.defaultNodeAccount(r)
	}
	l.attachesAlone()
	l.danglingAnnotations(accounts)
	l.conditions()
	return l.findings.Sorted(), nil
}

type linter struct {
	*walk
	findings bulkhead.Findings
}

func (l *linter) report(rule string, object bulkhead.Ref, at, fix, format string, args ...any) {
	l.findings = append(l.findings, bulkhead.Finding{
		Rule: rule, Severity: bulkhead.Warning, Object: object, Field: at, Message: fmt.Sprintf(format, args...), Fix: fix,
	})
}

// conditions asks what decides conditions to judge those of allow policies.
func (l *linter) conditions() {
	judge, ok := l.Conditions.(interface {
		Lint(of bulkhead.Ref, policy Policy) bulkhead.Findings
	})
	if !ok {
		return
	}
	for _, entry := range l.Resources {
		if entry.Policy != nil {
			l.findings = append(l.findings, judge.Lint(l.find(entry.Name).ref, *entry.Policy)...)
		}
	}
}

func judgeSubjects(subjects []Subject) field.ErrorList {
	var errs field.ErrorList
	for i, subject := range subjects {
		errs = append(errs, subject.judge(field.NewPath("subjects").Index(i))...)
	}
	return errs
}

func annotatedEmails(accounts []*corev1.ServiceAccount) []string {
	var out []string
	for _, account := range accounts {
		if email := account.Annotations[identity.GoogleAccountAnnotation]; email != "" {
			out = append(out, email)
		}
	}
	return out
}
