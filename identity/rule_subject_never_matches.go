// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// SubjectNeverMatches is a user or group in a binding that nobody can be, since the
// name is that of the other kind, or a service account's and broken.
const SubjectNeverMatches = "identity/subject-never-matches"

func subjectNeverMatches(p *bulkhead.Pass) {
	for b := range bindingsOf(p.Objects) {
		for i, s := range b.subjects {
			if fix := b.meantSubject(s); fix != "" {
				p.Reportf(b.object, b.subjectPath(i), fix, "nobody is the %s %s, so the binding gives this subject nothing", strings.ToLower(s.Kind), s.Name)
			}
		}
	}
}

// meantSubject returns what to write for a subject that nobody is, or "".
func (b binding) meantSubject(s rbacv1.Subject) string {
	switch s.Kind {
	case rbacv1.UserKind:
		switch {
		case s.Name == accountGroup, s.Name == everyoneGroup, s.Name == nobodyGroup, s.Name == mastersGroup,
			strings.HasPrefix(s.Name, accountGroupPrefix):
			return "write kind: Group"
		case strings.HasPrefix(s.Name, accountUserPrefix):
			if _, ok := b.accountOf(s); !ok {
				return "write kind: ServiceAccount, its name and its namespace"
			}
		}
	case rbacv1.GroupKind:
		switch {
		case s.Name == anonymousUser:
			return "write kind: User"
		case s.Name == "system:serviceaccount", strings.HasPrefix(s.Name, accountUserPrefix):
			return "write kind: ServiceAccount for one account, or system:serviceaccounts:NAMESPACE for all of a namespace"
		case s.Name == accountGroupPrefix:
			return "write system:serviceaccounts:NAMESPACE"
		}
	}
	return ""
}
