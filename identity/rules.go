// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"embed"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// docs holds a page per rule, named like the rule.
//
//go:embed rules/*.md
var docs embed.FS

// Rules returns all rules of the package. Rules about one object need nothing
// beside it; rules about neighbours speak of what is in the set, and stay silent
// where an object that is not in it could make the difference.
func Rules() []bulkhead.Rule {
	return slices.Concat(objectRules(), neighbourRules())
}

// Validate judges one ServiceAccount, Role, ClusterRole, RoleBinding,
// ClusterRoleBinding, workload or Secret on its own, by the rules that need no
// neighbours, and refuses the namespaced ones of the first five without the namespace
// that a manifest may leave to kubectl. Of other objects it says nothing.
func Validate(obj bulkhead.Object) bulkhead.Findings {
	rules := append(objectRules(), rule(Invalid, bulkhead.Error, missingNamespace))
	return bulkhead.Check([]bulkhead.Object{obj}, rules...)
}

// objectRules judge each object on its own.
func objectRules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(Invalid, bulkhead.Error, invalid),
		rule(NeverMatches, bulkhead.Warning, neverMatches),
		rule(UnknownVerb, bulkhead.Warning, unknownVerb),
		rule(NamelessRequest, bulkhead.Warning, namelessRequest),
		rule(OverwrittenRules, bulkhead.Warning, overwrittenRules),
		rule(SubjectNeverMatches, bulkhead.Warning, subjectNeverMatches),
		rule(Wildcard, bulkhead.Warning, wildcard),
		rule(BecomesAdmin, bulkhead.Warning, becomesAdmin),
		rule(Escalates, bulkhead.Warning, escalates),
		rule(RelabelsNamespace, bulkhead.Warning, relabelsNamespace),
		rule(WidensBuiltinRole, bulkhead.Warning, widensBuiltinRole),
		rule(ClusterAdmin, bulkhead.Warning, clusterAdminBound),
		rule(BoundDefault, bulkhead.Warning, boundDefault),
		rule(CrossNamespace, bulkhead.Warning, crossNamespace),
		rule(LastingToken, bulkhead.Warning, lastingToken),
		rule(MalformedIdentity, bulkhead.Warning, malformedIdentity),
		rule(MisplacedIdentity, bulkhead.Warning, misplacedIdentity),
		rule(BorrowedIdentity, bulkhead.Warning, borrowedIdentity),
		rule(DefaultIdentity, bulkhead.Warning, defaultIdentity),
	}
}

// neighbourRules judge an object beside the roles, bindings, accounts and workloads
// of the set.
func neighbourRules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(EveryoneIsAdmin, bulkhead.Error, everyoneIsAdmin),
		rule(Everyone, bulkhead.Warning, everyoneBound),
		rule(AnyAccount, bulkhead.Warning, anyAccount),
		rule(EverySecret, bulkhead.Warning, everySecret),
		rule(OwnGuard, bulkhead.Warning, ownGuard),
		rule(MissingAccount, bulkhead.Warning, missingAccount),
		rule(MissingRole, bulkhead.Warning, missingRole),
		rule(SharedIdentity, bulkhead.Warning, sharedIdentity),
		rule(HostNetworkIdentity, bulkhead.Warning, hostNetworkIdentity),
		rule(UnlabelledPod, bulkhead.Warning, unlabelledPod),
	}
}

// rule joins a check with its page. A page that is missing leaves Doc empty,
// which the tests of the package refuse.
func rule(id string, severity bulkhead.Severity, run func(*bulkhead.Pass)) bulkhead.Rule {
	page, err := docs.ReadFile("rules/" + strings.TrimPrefix(id, "identity/") + ".md")
	if err != nil {
		page = nil
	}
	return bulkhead.Rule{ID: id, Doc: string(page), Severity: severity, Run: run}
}
