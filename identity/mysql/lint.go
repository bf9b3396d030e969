// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"fmt"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// Lint returns what weakens the boundary without giving staging anything of production's:
// limits that are not there, logins that others take over, grants that will open what is
// yet to be made. All are warnings. What is not known is passed over: [Snapshot.NoAccess]
// names it.
//
// A mistake in the question, such as an empty side, is a [*bulkhead.InvalidError].
func (s *Snapshot) Lint(b Boundary) (bulkhead.Findings, error) {
	if err := b.judge(s); err != nil {
		return nil, err
	}
	l := &linter{view: viewOf(s), boundary: b}
	l.report(SharedLocks, serverRef(), "", "let neither side trust a lock of GET_LOCK, or give staging a server of its own",
		"names of GET_LOCK are one list for the whole server: staging may take and keep a lock that production waits for")
	for _, a := range l.Accounts {
		switch {
		case l.isRole(a.Name) || a.Locked:
		case slices.Contains(b.From, a.User):
			l.noConnectionLimit(a)
			l.noTLS(a)
			l.shadowed(a)
			l.openPattern(a)
			l.seesNames(a)
			l.dormantProxy(a)
		case slices.Contains(b.Away.Users, a.User):
			l.shadowed(a)
			l.productionPassword(a)
		}
		if a.open() && loopback(a.Host) {
			l.openOnServer(a)
		}
	}
	return l.findings.Sorted(), nil
}

// SharedLocks is that names of locks are shared, which no grant changes.
const SharedLocks = "mysql/shared-locks"

type linter struct {
	*view
	boundary Boundary
	findings bulkhead.Findings
}

func (l *linter) report(rule string, object bulkhead.Ref, at, fix, format string, args ...any) {
	l.findings = append(l.findings, bulkhead.Finding{
		Rule: rule, Severity: bulkhead.Warning, Object: object, Field: at, Message: fmt.Sprintf(format, args...), Fix: fix,
	})
}
