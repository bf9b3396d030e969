// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// DanglingAnnotation is an annotation of a service account of Kubernetes that names an
// account of Google whose policies do not let it. Its pods are refused, until one grant
// makes them that account.
const DanglingAnnotation = "gcp/dangling-annotation"

func (l *linter) danglingAnnotations(accounts []*corev1.ServiceAccount) {
	for _, a := range accounts {
		email := a.Annotations[identity.GoogleAccountAnnotation]
		target := l.accounts[strings.ToLower(email)]
		if target == nil || len(target.missing) > 0 || !l.isRefused(a, target) {
			continue
		}
		l.report(DanglingAnnotation, bulkhead.RefTo(a), field.NewPath("metadata", "annotations").Key(identity.GoogleAccountAnnotation).String(),
			"name an account that lets it, or remove the annotation",
			"no policy lets pods of %s/%s take the tokens of %s: they are refused, and are that account as soon as one does", a.Namespace, a.Name, email)
	}
}

// isRefused reports whether an account is one of the subjects, and for certain gets no
// tokens of a Google account.
func (l *linter) isRefused(a *corev1.ServiceAccount, target *resource) bool {
	judged := false
	for _, s := range l.subjects {
		if s.Email != "" || s.Workload.Namespace != a.Namespace || s.Workload.Account != "" && s.Workload.Account != a.Name {
			continue
		}
		judged = true
		id := s.Workload
		id.Account = a.Name
		if l.mayTake(who{workload: id}, target) {
			return false
		}
	}
	return judged
}

// mayTake reports whether an identity may perhaps take the tokens of an account.
func (l *linter) mayTake(id who, target *resource) bool {
	may := false
	ask := func(g *grant, _ identity.Match) {
		may = may || target.isBelow(g.on) && g.role.has(getAccessToken).Answer != identity.No &&
			(g.condition == nil || l.holds(g.condition.Expression, target, getAccessToken).Answer != identity.No)
	}
	for _, g := range l.grantsOf(id) {
		ask(g, identity.Match{})
	}
	l.perhapsOf(id, ask)
	return may
}
