// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"embed"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// docs holds a page per rule, named like the rule.
//
//go:embed rules/*.md
var docs embed.FS

// Rules returns the rules that need to know who can talk to whom, and those about what
// an answer rests on: kinds that only this package reads, names that are there twice,
// and namespaces that are not there. They judge a set of objects as the dataplane of
// the profile does, and are silent where the set does not tell. The rules of package
// netpol, which need less, say what can be said without.
// The zero Options are as good as any; rules of a profile that is none find nothing.
func Rules(opts Options) []bulkhead.Rule {
	return []bulkhead.Rule{
		documented(InvalidAdminPolicy, bulkhead.Error, invalidAdminPolicies),
		documented(DuplicateObject, bulkhead.Error, duplicateObjects),
		documented(DefaultNamespace, bulkhead.Warning, defaultNamespace),
		documented(AbsentNamespace, bulkhead.Warning, absentNamespace),
		documented(OpensNothing, bulkhead.Warning, asking(opts, opensNothing)),
		documented(NextPodOpen, bulkhead.Warning, asking(opts, nextPodOpen)),
	}
}

// asking lets a check ask a cluster.
func asking(opts Options, run func(*bulkhead.Pass, *state)) func(*bulkhead.Pass) {
	return func(p *bulkhead.Pass) {
		if c, err := New(p.Objects, opts); err == nil {
			run(p, c.now.Load())
		}
	}
}

// documented joins a check with its page. A page that is missing leaves Doc empty, which the
// tests of the package refuse.
func documented(id string, severity bulkhead.Severity, run func(*bulkhead.Pass)) bulkhead.Rule {
	page, err := docs.ReadFile("rules/" + strings.TrimPrefix(id, "reach/") + ".md")
	if err != nil {
		page = nil
	}
	return bulkhead.Rule{ID: id, Doc: string(page), Severity: severity, Run: run}
}
