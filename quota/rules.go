// SPDX-License-Identifier: Apache-2.0

package quota

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

// Validate judges one ResourceQuota, LimitRange, PriorityClass or Namespace on its
// own, by the rules that need no neighbours, and refuses the first two without the
// namespace that a manifest may leave to kubectl. Of other objects it says nothing.
func Validate(obj bulkhead.Object) bulkhead.Findings {
	rules := append(objectRules(), rule(Invalid, bulkhead.Error, missingNamespace))
	return bulkhead.Check([]bulkhead.Object{obj}, rules...)
}

// objectRules judge each object on its own.
func objectRules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(Invalid, bulkhead.Error, invalid),
		rule(UncountedKey, bulkhead.Warning, uncountedKey),
		rule(UnreachableScope, bulkhead.Warning, unreachableScope),
		rule(NoConfigMaps, bulkhead.Warning, noConfigMaps),
		rule(DefaultAboveRatio, bulkhead.Warning, defaultAboveRatio),
		rule(Expendable, bulkhead.Warning, expendable),
		rule(GlobalDefault, bulkhead.Warning, globalDefault),
		rule(PodSecurityValue, bulkhead.Error, podSecurityValue),
		rule(PodSecurityKey, bulkhead.Warning, podSecurityKey),
		rule(PodSecurityNotEnforced, bulkhead.Warning, podSecurityNotEnforced),
	}
}

// neighbourRules judge an object beside the others of its namespace, and priority
// classes beside each other and the workloads of the set.
func neighbourRules() []bulkhead.Rule {
	return []bulkhead.Rule{
		rule(ZeroLimit, bulkhead.Warning, zeroLimit),
		rule(PodLevelBypass, bulkhead.Warning, podLevelBypass),
		rule(MissingResources, bulkhead.Warning, missingResources),
		rule(TwoLimitRanges, bulkhead.Warning, twoLimitRanges),
		rule(DefaultIsMaximum, bulkhead.Warning, defaultIsMaximum),
		rule(Uncapped, bulkhead.Warning, uncapped),
		rule(AnyClass, bulkhead.Warning, anyClass),
		rule(ClassEscape, bulkhead.Warning, classEscape),
		rule(ClassRefused, bulkhead.Warning, classRefused),
		rule(ClassOutranks, bulkhead.Warning, classOutranks),
		rule(SecondGlobalDefault, bulkhead.Error, secondGlobalDefault),
		rule(ServiceGap, bulkhead.Warning, serviceGap),
	}
}

// rule joins a check with its page. A page that is missing leaves Doc empty,
// which the tests of the package refuse.
func rule(id string, severity bulkhead.Severity, run func(*bulkhead.Pass)) bulkhead.Rule {
	page, err := docs.ReadFile("rules/" + strings.TrimPrefix(id, "quota/") + ".md")
	if err != nil {
		page = nil
	}
	return bulkhead.Rule{ID: id, Doc: string(page), Severity: severity, Run: run}
}
