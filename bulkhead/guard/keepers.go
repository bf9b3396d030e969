// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Keepers refuses changes of what guards the namespace by anybody but these: by who
// creates, changes or deletes
//
//   - a ResourceQuota, LimitRange, NetworkPolicy, Role or RoleBinding in it;
//   - the cloud identity of a ServiceAccount, see [CloudIdentities];
//   - the labels of the Namespace, by which Pod Security, network policies and these
//     policies know it, or the Namespace itself.
//
// Parts of the control plane go on working. Their status updates are requests of
// their own that this does not see, and the controllers that empty a namespace and
// that collect garbage may delete and release what others made. A guard that is
// owned by something that a tenant may delete is deleted with it: let keepers own
// guards.
//
// Nobody else is exempt, not even cluster administrators (the group system:masters)
// if they are not named. Those can delete the policy.
//
// No keeper, one that stands for everybody, and a ServiceAccount of the namespace
// itself, as which every pod of it may run, are errors of [Enforce]. There is no rule
// over manifests for it, since they do not say who applies them.
func Keepers(keepers ...rbacv1.Subject) Restriction {
	r := Restriction{id: "guard/keepers", about: guards, keepers: slices.Clone(keepers)}
	at := field.NewPath("keepers")
	if len(keepers) == 0 {
		r.errs = append(r.errs, field.Required(at, "nobody could change the guards"))
	}
	for i, keeper := range keepers {
		r.errs = append(r.errs, invalidKeeper(keeper, at.Index(i))...)
	}
	return r
}

func invalidKeeper(keeper rbacv1.Subject, at *field.Path) field.ErrorList {
	errs := printable(keeper.Name, at.Child("name"))
	switch keeper.Kind {
	case rbacv1.UserKind:
		if keeper.Name == "system:anonymous" {
			errs = append(errs, field.Invalid(at.Child("name"), keeper.Name, "everybody may be this user"))
		}
	case rbacv1.GroupKind:
		if slices.Contains([]string{"system:authenticated", "system:unauthenticated", "system:serviceaccounts"}, keeper.Name) {
			errs = append(errs, field.Invalid(at.Child("name"), keeper.Name, "the tenants are in this group"))
		}
	case rbacv1.ServiceAccountKind:
		errs = append(errs, printable(keeper.Namespace, at.Child("namespace"))...)
	default:
		errs = append(errs, field.NotSupported(at.Child("kind"), keeper.Kind,
			[]string{rbacv1.GroupKind, rbacv1.ServiceAccountKind, rbacv1.UserKind}))
	}
	return errs
}

const accountPrefix = "system:serviceaccount:"

// username returns the user that a keeper is, or "".
func username(keeper rbacv1.Subject) string {
	switch keeper.Kind {
	case rbacv1.UserKind:
		return keeper.Name
	case rbacv1.ServiceAccountKind:
		return accountPrefix + keeper.Namespace + ":" + keeper.Name
	default:
		return ""
	}
}

// tenant reports whether the pods of a namespace are, or may be, a keeper.
func tenant(keeper rbacv1.Subject, namespace string) bool {
	return strings.HasPrefix(username(keeper), accountPrefix+namespace+":") ||
		keeper.Kind == rbacv1.GroupKind && keeper.Name == "system:serviceaccounts:"+namespace
}

// controllers returns the users as which the controllers run that delete and release
// what others made: the namespace controller empties a namespace that is deleted, and
// the garbage collector deletes what has lost its owner and edits references to
// owners. A controller manager that does not give each controller an account of its
// own (--use-service-account-credentials) is one user.
func controllers() []string {
	return []string{
		"system:kube-controller-manager",
		"system:serviceaccount:kube-system:generic-garbage-collector",
		"system:serviceaccount:kube-system:namespace-controller",
	}
}

// keeperPolicy refuses the changes of guards by others than the keepers.
func keeperPolicy(namespace string, restrictions []Restriction) *Admission {
	var users, groups []string
	for _, r := range restrictions {
		for _, keeper := range r.keepers {
			if keeper.Kind == rbacv1.GroupKind {
				groups = append(groups, keeper.Name)
			} else {
				users = append(users, username(keeper))
			}
		}
	}
	if len(users)+len(groups) == 0 {
		return nil
	}
	const fix = "ask a keeper of the guards of this namespace"
	return newAdmission(namespace, "keepers", admissionregistrationv1.ValidatingAdmissionPolicySpec{
		MatchConstraints: &admissionregistrationv1.MatchResources{ResourceRules: []admissionregistrationv1.NamedRuleWithOperations{
			on("", []string{"limitranges", "namespaces", "resourcequotas"}, create, update, deletes),
			on("networking.k8s.io", []string{"networkpolicies"}, create, update, deletes),
			on("rbac.authorization.k8s.io", []string{"rolebindings", "roles"}, create, update, deletes),
			on("", []string{"serviceaccounts"}, create, update),
		}},
		MatchConditions: []admissionregistrationv1.MatchCondition{
			{Name: "not-a-keeper", Expression: "!(" + isUser(users) + " || " + isMember(groups) + ")"},
			{Name: "not-a-controller", Expression: `request.operation == "CREATE" || !(` + isUser(controllers()) + ")"},
		},
		Validations: []admissionregistrationv1.Validation{
			validation(`request.resource.resource in ["namespaces", "serviceaccounts"]`,
				"guards the namespace; "+fix, ""),
			validation(`request.resource.resource != "namespaces" || request.operation == "UPDATE" && `+
				"object.metadata.?labels.orValue({}) == oldObject.metadata.?labels.orValue({})",
				"the labels of the Namespace decide what guards it; "+fix, ""),
			validation(`request.resource.resource != "serviceaccounts" || `+list(identityAnnotations())+
				".all(a, object.metadata.?annotations[?a].orValue(\"\") == "+
				`(oldObject == null ? "" : oldObject.metadata.?annotations[?a].orValue("")))`,
				"the annotations decide which cloud identity pods have; "+fix, ""),
		},
	})
}

// isUser is an expression that is true of requests by one of some users.
func isUser(names []string) string {
	return `request.userInfo.?username.orValue("") in ` + list(names)
}

// isMember is an expression that is true of requests by members of one of some groups.
func isMember(groups []string) string {
	return "request.userInfo.?groups.orValue([]).exists(g, g in " + list(groups) + ")"
}
