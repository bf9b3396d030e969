// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/workload"
)

// neighbours is a set of objects by namespace, as rules about more than one object
// look things up. The empty namespace, which a manifest leaves to kubectl, is one
// like any other.
type neighbours struct {
	homes        map[string]*home
	clusterRoles map[string]*rbacv1.ClusterRole
	judged       map[roleKey]judgement
	mutators     bool // the set holds what may change pods on their way in
}

// A roleKey names the role of a binding; the namespace is empty for a ClusterRole.
type roleKey struct{ kind, namespace, name string }

// A judgement is what rules about bindings ask of a role, worked out once for all the
// bindings to it.
type judgement struct {
	allPowerful bool // it gives all rights
	harmless    bool // it gives what everybody may have
	guards      []grant
}

// A home is a namespace with what the rules of this package look at.
type home struct {
	accounts  map[string]*corev1.ServiceAccount
	roles     map[string]*rbacv1.Role
	guards    map[string]bulkhead.Object // one of each kind that holds the namespace in
	workloads []workload.Workload
}

func neighboursOf(objs []bulkhead.Object) neighbours {
	n := neighbours{homes: make(map[string]*home), clusterRoles: make(map[string]*rbacv1.ClusterRole), judged: make(map[roleKey]judgement)}
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		switch o := obj.(type) {
		case *corev1.ServiceAccount:
			n.home(o.Namespace).accounts[o.Name] = o
		case *rbacv1.Role:
			n.home(o.Namespace).roles[o.Name] = o
		case *rbacv1.ClusterRole:
			n.clusterRoles[o.Name] = o
		case *corev1.ResourceQuota, *corev1.LimitRange, *networkingv1.NetworkPolicy:
			guards, kind := n.home(obj.GetNamespace()).guards, bulkhead.RefTo(obj).Kind
			if guards[kind] == nil {
				guards[kind] = obj
			}
		}
		ref := bulkhead.RefTo(obj)
		n.mutators = n.mutators || strings.HasPrefix(ref.Kind, "Mutating") && !strings.HasPrefix(ref.Name, azureWebhook)
	}
	for _, w := range workload.All(objs) {
		h := n.home(w.Object.GetNamespace())
		h.workloads = append(h.workloads, w)
	}
	return n
}

// azureWebhook begins the name of the webhook that gives pods with the right label
// their tokens (Azure Workload Identity, chart workload-identity-webhook).
const azureWebhook = "azure-wi-webhook"

func (n neighbours) home(namespace string) *home {
	h := n.homes[namespace]
	if h == nil {
		h = &home{
			accounts: make(map[string]*corev1.ServiceAccount),
			roles:    make(map[string]*rbacv1.Role),
			guards:   make(map[string]bulkhead.Object),
		}
		n.homes[namespace] = h
	}
	return h
}

// accountNameOf returns the account that pods run as: the one they name, under the
// field's present name or its old one, or that of pods which name none (Kubernetes
// v1.37, pkg/apis/core/v1/defaults.go and plugin/pkg/admission/serviceaccount).
func accountNameOf(spec *corev1.PodSpec) string {
	return cmp.Or(spec.ServiceAccountName, spec.DeprecatedServiceAccount, defaultAccount)
}

// rulesOf returns the rules of the role that a binding names, and whether the set
// has the role with all its rules: those of a role that aggregates others are not in
// its manifest.
func (n neighbours) rulesOf(b binding) ([]rbacv1.PolicyRule, bool) {
	if b.role.Kind == kindClusterRole {
		role := n.clusterRoles[b.role.Name]
		if role == nil {
			return nil, false
		}
		return role.Rules, role.AggregationRule == nil || len(role.Rules) > 0
	}
	if h := n.homes[b.meta.Namespace]; h != nil && h.roles[b.role.Name] != nil {
		return h.roles[b.role.Name].Rules, true
	}
	return nil, false
}

// judge returns what the role of a binding gives, as far as it is known.
func (n neighbours) judge(b binding) judgement {
	key := roleKey{b.role.Kind, b.meta.Namespace, b.role.Name}
	if b.role.Kind == kindClusterRole {
		key.namespace = ""
	}
	if j, ok := n.judged[key]; ok {
		return j
	}
	rules, known := n.rulesOf(b)
	j := judgement{
		allPowerful: known && slices.ContainsFunc(rules, everything) || !known && b.role.Kind == kindClusterRole && b.role.Name == clusterAdmin,
		harmless:    known && !slices.ContainsFunc(rules, func(r rbacv1.PolicyRule) bool { return !harmless(&r) }),
	}
	if !known && b.role.Kind == kindClusterRole {
		rules = builtinRules(b.role.Name)
	}
	j.guards = guardGrants(rules)
	n.judged[key] = j
	return j
}

// everything reports whether a rule gives all rights.
func everything(r rbacv1.PolicyRule) bool {
	return slices.Contains(r.Verbs, rbacv1.VerbAll) && slices.Contains(r.APIGroups, rbacv1.APIGroupAll) &&
		slices.Contains(r.Resources, rbacv1.ResourceAll) && len(r.ResourceNames) == 0
}

// builtinRules returns what roles that Kubernetes brings along, and that a set
// seldom holds, give of what this package looks at (v1.37,
// plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go).
func builtinRules(name string) []rbacv1.PolicyRule {
	rule := func(group string, verbs []string, resources ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: verbs}
	}
	writing := []string{"create", "delete", "deletecollection", "patch", "update"}
	switch name {
	case "admin", "edit":
		return []rbacv1.PolicyRule{
			rule(groupCore, slices.Concat(reading(), writing), "secrets", "pods", "pods/exec", "pods/attach"),
			rule(groupCore, []string{"impersonate"}, "serviceaccounts"),
			rule(groupCore, []string{"create"}, "serviceaccounts/token"),
			rule(groupNetworking, writing, "networkpolicies"),
		}
	case clusterAdmin:
		return []rbacv1.PolicyRule{
			rule(groupNetworking, writing, "networkpolicies"),
			rule(groupCore, writing, "resourcequotas", "limitranges"),
		}
	default:
		return nil
	}
}
