// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
)

// A pair is staging and production in one cluster, each with a workload that has an
// account, an identity in each cloud, and a role for what it reads; and a shared
// program that watches both.
type pair struct {
	staging, prod side
	watcher       *rbacv1.ClusterRole
	watches       *rbacv1.ClusterRoleBinding
	more          []bulkhead.Object
}

type side struct {
	account  *corev1.ServiceAccount
	fallback *corev1.ServiceAccount // of pods that name none
	role     *rbacv1.Role
	binding  *rbacv1.RoleBinding
	workload *appsv1.Deployment
	wall     *networkingv1.NetworkPolicy
	cap      *corev1.ResourceQuota
}

func newPair() *pair {
	return &pair{
		staging: newSide("staging", "11111111-89ab-cdef-0123-456789abcdef"),
		prod:    newSide("prod", "22222222-89ab-cdef-0123-456789abcdef"),
		watcher: &rbacv1.ClusterRole{ObjectMeta: meta("", "watcher"), Rules: []rbacv1.PolicyRule{
			{APIGroups: []string{""}, Resources: []string{"pods", "nodes/metrics"}, Verbs: []string{"get", "list", "watch"}},
			{NonResourceURLs: []string{"/metrics"}, Verbs: []string{"get"}},
		}},
		watches: &rbacv1.ClusterRoleBinding{
			ObjectMeta: meta("", "watcher"),
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "watcher"},
			Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: "monitoring", Name: "watcher"}},
		},
	}
}

func newSide(namespace, clientID string) side {
	const issuer, tenant = "https://oidc.example.com/cluster", "33333333-89ab-cdef-0123-456789abcdef"
	account := identity.Account(namespace, "backend")
	account = bulkhead.Must(identity.ActAs(account, namespace+"-backend@my-project.iam.gserviceaccount.com",
		identity.Pool{ProjectID: "my-project", ProjectNumber: 123456789012})).Account
	account = bulkhead.Must(identity.AssumeRole(account, "arn:aws:iam::111122223333:role/"+namespace+"-backend", issuer)).Account
	azure := bulkhead.Must(identity.Federate(account, clientID, tenant, issuer))
	role := bulkhead.Must(identity.Role(namespace, "backend", identity.Access{Resources: []string{"configmaps"}, Verbs: []string{"get", "list", "watch"}}))
	workload := deployment(namespace, "backend")
	workload.Spec.Template.Labels = azure.PodLabels
	return side{
		account:  azure.Account,
		fallback: identity.Account(namespace, "default"),
		role:     role,
		binding:  bulkhead.Must(identity.RoleBinding(namespace, "backend", role, identity.ForAccount(account))),
		workload: workload,
		wall:     &networkingv1.NetworkPolicy{ObjectMeta: meta(namespace, "default-deny")},
		cap:      &corev1.ResourceQuota{ObjectMeta: meta(namespace, "cap")},
	}
}

func deployment(namespace, account string) *appsv1.Deployment {
	out := &appsv1.Deployment{ObjectMeta: meta(namespace, account)}
	out.Spec.Template.Spec = corev1.PodSpec{ServiceAccountName: account, Containers: []corev1.Container{{Name: "web"}}}
	return out
}

func (p *pair) findings() bulkhead.Findings {
	objs := append([]bulkhead.Object{p.watcher, p.watches}, p.more...)
	for _, s := range []side{p.staging, p.prod} {
		objs = append(objs, s.account, s.fallback, s.role, s.binding, s.workload, s.wall, s.cap)
	}
	return bulkhead.Check(objs, identity.Rules()...)
}

func allow(group, resource string, verbs ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: []string{resource}, Verbs: verbs}
}

// Whatever of the pair is made weaker, a rule says so.
func TestWeakenedPairs(t *testing.T) {
	inRole := func(rule rbacv1.PolicyRule) func(*pair) {
		return func(p *pair) { p.staging.role.Rules = append(p.staging.role.Rules, rule) }
	}
	everywhere := func(rule rbacv1.PolicyRule) func(*pair) {
		return func(p *pair) { p.watcher.Rules = append(p.watcher.Rules, rule) }
	}
	bound := func(s rbacv1.Subject) func(*pair) {
		return func(p *pair) { p.prod.binding.Subjects = append(p.prod.binding.Subjects, s) }
	}
	const google = identity.GoogleAccountAnnotation
	tests := map[string]struct {
		edit func(*pair)
		want string // a rule; others may speak too
	}{
		// What staging's account may do at home.
		"staging may lift its wall":       {inRole(allow("networking.k8s.io", "networkpolicies", "delete")), identity.OwnGuard},
		"staging may add to its policies": {inRole(allow("networking.k8s.io", "networkpolicies", "create")), identity.OwnGuard},
		"staging may raise its cap":       {inRole(allow("", "resourcequotas", "patch")), identity.OwnGuard},
		"staging may change its labels":   {inRole(allow("", "namespaces", "update")), identity.RelabelsNamespace},
		"staging may write any role":      {inRole(allow("rbac.authorization.k8s.io", "roles", "escalate")), identity.Escalates},
		"staging may bind any role":       {inRole(allow("rbac.authorization.k8s.io", "clusterroles", "bind")), identity.Escalates},
		"staging may do all at home":      {inRole(allow("*", "*", "*")), identity.Wildcard},
		"staging is edit at home":         {func(p *pair) { p.staging.binding.RoleRef = clusterRole("edit") }, identity.OwnGuard},
		"staging is administrator at home": {
			func(p *pair) { p.staging.binding.RoleRef = clusterRole("cluster-admin") }, identity.OwnGuard,
		},

		// What an account may do everywhere.
		"the watcher reads Secrets":     {everywhere(allow("", "secrets", "list")), identity.EverySecret},
		"the watcher starts pods":       {everywhere(allow("", "pods", "create")), identity.AnyAccount},
		"the watcher changes workloads": {everywhere(allow("apps", "deployments", "patch")), identity.AnyAccount},
		"the watcher runs commands":     {everywhere(allow("", "pods/exec", "create")), identity.AnyAccount},
		"the watcher makes tokens":      {everywhere(allow("", "serviceaccounts/token", "create")), identity.AnyAccount},
		"the watcher adds containers":   {everywhere(allow("", "*/ephemeralcontainers", "patch")), identity.AnyAccount},
		"the watcher acts as accounts":  {everywhere(allow("", "serviceaccounts", "impersonate")), identity.AnyAccount},
		"the watcher acts as anybody":   {everywhere(allow("", "users", "impersonate")), identity.BecomesAdmin},
		"the watcher reaches kubelets":  {everywhere(allow("", "nodes/proxy", "get")), identity.BecomesAdmin},
		"the watcher approves logins":   {everywhere(allow("certificates.k8s.io", "signers", "approve")), identity.BecomesAdmin},
		"the watcher mounts disks":      {everywhere(allow("", "persistentvolumes", "create")), identity.BecomesAdmin},
		"the watcher sees all writes":   {everywhere(allow("admissionregistration.k8s.io", "validatingwebhookconfigurations", "create")), identity.BecomesAdmin},
		"the watcher lifts policies":    {everywhere(allow("admissionregistration.k8s.io", "validatingadmissionpolicies", "delete")), identity.BecomesAdmin},
		"the watcher replaces an API":   {everywhere(allow("apiregistration.k8s.io", "apiservices", "update")), identity.BecomesAdmin},
		"the watcher may do all":        {everywhere(allow("*", "*", "*")), identity.Wildcard},
		"the watcher is administrator":  {func(p *pair) { p.watches.RoleRef = clusterRole("cluster-admin") }, identity.ClusterAdmin},
		"everybody watches":             {func(p *pair) { p.watches.Subjects[0] = group("system:authenticated") }, identity.Everyone},
		"what staging has, everybody in view has": {
			func(p *pair) {
				p.watcher.Labels = map[string]string{"rbac.authorization.k8s.io/aggregate-to-view": "true"}
				p.watcher.Rules = append(p.watcher.Rules, allow("", "secrets", "get"))
			}, identity.WidensBuiltinRole,
		},
		"everybody is administrator": {
			func(p *pair) {
				p.watches.RoleRef, p.watches.Subjects[0] = clusterRole("cluster-admin"), group("system:serviceaccounts")
			}, identity.EveryoneIsAdmin,
		},

		// Who is bound in production.
		"staging's account in production":  {bound(rbacv1.Subject{Kind: "ServiceAccount", Namespace: "staging", Name: "backend"}), identity.CrossNamespace},
		"staging's accounts in production": {bound(group("system:serviceaccounts:staging")), identity.CrossNamespace},
		"staging's user in production":     {bound(rbacv1.Subject{Kind: "User", Name: "system:serviceaccount:staging:backend"}), identity.CrossNamespace},
		"all accounts in production":       {bound(group("system:serviceaccounts")), identity.Everyone},
		"production's pods without a name": {bound(rbacv1.Subject{Kind: "ServiceAccount", Namespace: "prod", Name: "default"}), identity.BoundDefault},
		"nobody":                           {bound(group("system:serviceaccount:prod:backend")), identity.SubjectNeverMatches},
		"an account that nobody made":      {bound(rbacv1.Subject{Kind: "ServiceAccount", Namespace: "prod", Name: "back-end"}), identity.MissingAccount},
		"a role that nobody made":          {func(p *pair) { p.prod.binding.RoleRef.Name = "backends" }, identity.MissingRole},

		// What gives nothing, and is believed in.
		"a verb that is none":     {func(p *pair) { p.staging.role.Rules[0].Verbs[0] = "Get" }, identity.UnknownVerb},
		"a resource that is none": {func(p *pair) { p.staging.role.Rules[0].Resources[0] = "configmap" }, identity.NeverMatches},
		"a name for what has none": {
			func(p *pair) {
				p.staging.role.Rules[0].Verbs[0], p.staging.role.Rules[0].ResourceNames = "create", []string{"settings"}
			}, identity.NamelessRequest,
		},
		"rules that are overwritten": {
			func(p *pair) { p.watcher.AggregationRule = &rbacv1.AggregationRule{} }, identity.OverwrittenRules,
		},
		"a rule that is refused": {func(p *pair) { p.staging.role.Rules[0].APIGroups = nil }, identity.Invalid},

		// Identities in clouds.
		"staging acts as production on Google Cloud": {
			func(p *pair) { p.staging.account.Annotations[google] = p.prod.account.Annotations[google] }, identity.SharedIdentity,
		},
		"staging acts as production on AWS": {
			func(p *pair) {
				p.staging.account.Annotations[identity.RoleAnnotation] = p.prod.account.Annotations[identity.RoleAnnotation]
			}, identity.SharedIdentity,
		},
		"staging acts as production on Azure": {
			func(p *pair) {
				p.staging.account.Annotations[identity.AzureClientAnnotation] = p.prod.account.Annotations[identity.AzureClientAnnotation]
			}, identity.SharedIdentity,
		},
		"staging acts as its nodes": {
			func(p *pair) {
				p.staging.account.Annotations[google] = "123456789012-compute@developer.gserviceaccount.com"
			}, identity.BorrowedIdentity,
		},
		"staging acts as nobody": {func(p *pair) { p.staging.account.Annotations[google] = "staging-backend" }, identity.MalformedIdentity},
		"staging's identity is misspelled": {
			func(p *pair) { p.staging.account.Annotations["iam.gke.io/gcp_service_account"] = "x" }, identity.MisplacedIdentity,
		},
		"every pod has an identity": {
			func(p *pair) { p.staging.fallback.Annotations = p.staging.account.Annotations }, identity.DefaultIdentity,
		},
		"staging's pods are on the network of their nodes": {
			func(p *pair) { p.staging.workload.Spec.Template.Spec.HostNetwork = true }, identity.HostNetworkIdentity,
		},
		"staging's pods lose their label": {func(p *pair) { p.staging.workload.Spec.Template.Labels = nil }, identity.UnlabelledPod},
		"a token for ever": {
			func(p *pair) {
				p.more = append(p.more, &corev1.Secret{ObjectMeta: meta("staging", "token"), Type: corev1.SecretTypeServiceAccountToken})
			}, identity.LastingToken,
		},
	}
	if fs := newPair().findings(); len(fs) > 0 {
		t.Fatalf("the pair as built: %v", fs.Err())
	}
	spoken := make(map[string]bool)
	for name, tt := range tests {
		spoken[tt.want] = true
		t.Run(name, func(t *testing.T) {
			p := newPair()
			tt.edit(p)
			fs := p.findings()
			if !slices.ContainsFunc(fs, func(f bulkhead.Finding) bool { return f.Rule == tt.want }) {
				t.Errorf("%s says nothing; findings: %v", tt.want, fs)
			}
		})
	}
	for _, rule := range identity.Rules() {
		if !spoken[rule.ID] {
			t.Errorf("no case in which %s speaks", rule.ID)
		}
	}
}

func clusterRole(name string) rbacv1.RoleRef {
	return rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name}
}

func group(name string) rbacv1.Subject {
	return rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: "Group", Name: name}
}
