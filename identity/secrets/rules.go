// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"embed"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/layers"
)

// docs holds a page per rule, named like the rule.
//
//go:embed rules/*.md
var docs embed.FS

// Rules returns the rules of the package. They know no sides, and say only what is right
// without: whether a credential is production's is for [NoLeak]. They judge objects of Go
// types and unstructured ones alike.
func Rules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(CloudKey, cloudKey),
		rule(PlainCredential, plainCredential),
		rule(AccountToken, accountToken),
		rule(LivePaymentKey, livePaymentKey),
		rule(AppliedSecret, appliedSecret),
		rule(StoreForEveryone, storeForEveryone),
		rule(LoosePattern, loosePattern),
		rule(ForeignStore, foreignStore),
		rule(CopiedEverywhere, copiedEverywhere),
	}
}

// rule joins a check with its page. All are warnings: whether the boundary holds is for
// [NoLeak]. A page that is missing leaves Doc empty,
// which the tests of the package refuse.
func rule(id string, run func(*bulkhead.Pass)) bulkhead.Rule {
	page, err := docs.ReadFile("rules/" + strings.TrimPrefix(id, "secrets/") + ".md")
	if err != nil {
		page = nil
	}
	return bulkhead.Rule{ID: id, Doc: string(page), Severity: bulkhead.Warning, Run: run}
}

// eachHeld calls judge with each credential of the objects that match, in the fields that
// skip, if it is there, does not name. What is too large to be taken apart is passed over,
// as [NoLeak] says that it is.
func eachHeld(p *bulkhead.Pass, match func(bulkhead.Object) bool, skip func(bulkhead.Object, string) bool, judge func(h holdings, c held, at place)) {
	budget := &layers.Budget{Bytes: maxUnpacked}
	for obj := range bulkhead.Each[bulkhead.Object](p.Objects) {
		if !match(obj) {
			continue
		}
		h := hold(obj, budget, func(field string) bool { return skip != nil && skip(obj, field) }, nil)
		for _, c := range h.credentials {
			judge(h, c, h.places[c.place])
		}
	}
}
