// SPDX-License-Identifier: Apache-2.0

package quota

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/internal/created"
	"github.com/watertight-go/watertight/quota/internal/counted"
)

// invalidQuota returns what kube-apiserver 1.37 would refuse in a new quota, under
// the same fields (pkg/apis/core/validation, ValidateResourceQuota). What the
// status says is dropped in a create request, and not judged.
func invalidQuota(quota *corev1.ResourceQuota) field.ErrorList {
	spec := field.NewPath("spec")
	hard := counted.Rounded(quota.Spec.Hard)
	names := slices.Sorted(maps.Keys(hard))
	var errs field.ErrorList
	for _, name := range names {
		at, amount := spec.Child("hard").Key(string(name)), hard[name]
		errs = append(errs, counted.RefusedQuotaName(name, at)...)
		if amount.Sign() < 0 {
			errs = append(errs, field.Invalid(at, amount.String(), "must not be negative"))
		}
		if counted.IsWhole(name) && amount.MilliValue()%1000 != 0 {
			errs = append(errs, field.Invalid(at, amount.String(), "must be a whole number"))
		}
	}
	errs = append(errs, invalidScopes(quota.Spec.Scopes, names, spec.Child("scopes"))...)
	if selector := quota.Spec.ScopeSelector; selector != nil {
		errs = append(errs, invalidScopeSelector(selector, names, spec.Child("scopeSelector", "matchExpressions"))...)
	}
	return created.Refused(quota.ObjectMeta, created.Namespaced, apivalidation.NameIsDNSSubdomain, errs)
}

func invalidScopes(scopes []corev1.ResourceQuotaScope, names []corev1.ResourceName, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, scope := range scopes {
		if !isScope(scope) {
			errs = append(errs, field.Invalid(at, scope, "no scope of quotas"))
		}
		errs = append(errs, outOfScope(scope, names, at)...)
	}
	return append(errs, conflicting(scopes, at)...)
}

func invalidScopeSelector(selector *corev1.ScopeSelector, names []corev1.ResourceName, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	var scopes []corev1.ResourceQuotaScope
	for _, req := range selector.MatchExpressions {
		scopes = append(scopes, req.ScopeName)
		if !isScope(req.ScopeName) {
			errs = append(errs, field.Invalid(at.Child("scopeName"), req.ScopeName, "no scope of quotas"))
		}
		errs = append(errs, outOfScope(req.ScopeName, names, at)...)
		if onlyExists(req.ScopeName) && req.Operator != corev1.ScopeSelectorOpExists {
			errs = append(errs, field.Invalid(at.Child("operator"), req.Operator, "the scope "+string(req.ScopeName)+" takes Exists alone"))
		}
		switch req.Operator {
		case corev1.ScopeSelectorOpIn, corev1.ScopeSelectorOpNotIn:
			if len(req.Values) == 0 {
				errs = append(errs, field.Required(at.Child("values"), "In and NotIn need a value"))
			}
		case corev1.ScopeSelectorOpExists, corev1.ScopeSelectorOpDoesNotExist:
			if len(req.Values) > 0 {
				errs = append(errs, field.Invalid(at.Child("values"), req.Values, "Exists and DoesNotExist take no value"))
			}
		default:
			errs = append(errs, field.Invalid(at.Child("operator"), req.Operator, "no operator of scopes"))
		}
	}
	return append(errs, conflicting(scopes, at)...)
}

func isScope(scope corev1.ResourceQuotaScope) bool {
	return onlyExists(scope) || scope == corev1.ResourceQuotaScopePriorityClass || scope == corev1.ResourceQuotaScopeVolumeAttributesClass
}

// onlyExists reports whether a scope has no values to select by.
func onlyExists(scope corev1.ResourceQuotaScope) bool {
	switch scope {
	case corev1.ResourceQuotaScopeBestEffort, corev1.ResourceQuotaScopeNotBestEffort,
		corev1.ResourceQuotaScopeTerminating, corev1.ResourceQuotaScopeNotTerminating,
		corev1.ResourceQuotaScopeCrossNamespacePodAffinity:
		return true
	default:
		return false
	}
}

// outOfScope returns an error for the first resource that a quota of this scope
// cannot cap. Names with a domain pass, whether the scope counts them or not.
func outOfScope(scope corev1.ResourceQuotaScope, names []corev1.ResourceName, at *field.Path) field.ErrorList {
	if !isScope(scope) {
		return nil
	}
	for _, name := range names {
		if counted.IsQuotaName(name) && !inScope(scope, name) {
			return field.ErrorList{field.Invalid(at, scope, "the scope does not go with "+string(name))}
		}
	}
	return nil
}

func inScope(scope corev1.ResourceQuotaScope, name corev1.ResourceName) bool {
	switch scope {
	case corev1.ResourceQuotaScopeVolumeAttributesClass:
		return name == corev1.ResourcePersistentVolumeClaims || name == corev1.ResourceRequestsStorage
	case corev1.ResourceQuotaScopeBestEffort:
		return name == corev1.ResourcePods
	default:
		return name == corev1.ResourcePods || slices.Contains(counted.PodComputeNames(), name)
	}
}

// conflicting finds the pairs of scopes that no pod can have, within one list as
// the API server looks for them.
func conflicting(scopes []corev1.ResourceQuotaScope, at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, pair := range [][2]corev1.ResourceQuotaScope{
		{corev1.ResourceQuotaScopeBestEffort, corev1.ResourceQuotaScopeNotBestEffort},
		{corev1.ResourceQuotaScopeTerminating, corev1.ResourceQuotaScopeNotTerminating},
	} {
		if slices.Contains(scopes, pair[0]) && slices.Contains(scopes, pair[1]) {
			errs = append(errs, field.Invalid(at, scopes, "no pod is in both "+string(pair[0])+" and "+string(pair[1])))
		}
	}
	return errs
}
