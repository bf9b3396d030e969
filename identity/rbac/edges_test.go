// SPDX-License-Identifier: Apache-2.0

package rbac_test

import (
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/rbac"
)

// known are options of a cluster of which everything is known, and nothing else than
// RBAC lets anybody across.
func known() rbac.Options {
	return rbac.Options{
		Authorizers: []string{"Node", "RBAC"}, Whole: true, Minor: 37, SharedNodes: identity.Yes, ExternalIPs: identity.No, SharedHosts: identity.No,
		Deputies: make(map[rbac.Deputy]identity.Answer),
	}
}

func boundary() rbac.Boundary {
	return rbac.Boundary{From: []string{"staging"}, Away: []string{"prod"}}
}

func namespace(name, level string) *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"pod-security.kubernetes.io/enforce": level}}}
}

// base are both sides, which know nothing of each other.
func base() []bulkhead.Object {
	return []bulkhead.Object{
		namespace("staging", "restricted"), namespace("prod", "baseline"), namespace("tools", "baseline"),
		&corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "app"}},
		&corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "prod", Name: "app"}},
		&corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "tools", Name: "deployer"}},
	}
}

// rule reads "get,list secrets", "create deployments.apps" or "get secrets named a,b".
func rule(text string) rbacv1.PolicyRule {
	words := strings.Fields(text)
	out := rbacv1.PolicyRule{Verbs: strings.Split(words[0], ",")}
	for resource := range strings.SplitSeq(words[1], ",") {
		name, group, _ := strings.Cut(resource, ".")
		if before, sub, ok := strings.Cut(group, "/"); ok { // certificatesigningrequests.certificates.k8s.io/approval
			group, name = before, name+"/"+sub
		}
		out.Resources = append(out.Resources, name)
		if !slices.Contains(out.APIGroups, group) {
			out.APIGroups = append(out.APIGroups, group)
		}
	}
	if len(words) > 3 && words[2] == "named" {
		out.ResourceNames = strings.Split(words[3], ",")
	}
	return out
}

// given gives an account rules, in a namespace or with an empty one in all. The rules
// are separated by semicolons.
func given(who, rules, where string) []bulkhead.Object {
	space, name, _ := strings.Cut(who, "/")
	subjects := []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: space, Name: name}}
	var list []rbacv1.PolicyRule
	for text := range strings.SplitSeq(rules, ";") {
		list = append(list, rule(text))
	}
	title := strings.ReplaceAll(who, "/", "-") + "-" + where
	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: title}, Rules: list}
	ref := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: title}
	if where == "" {
		return []bulkhead.Object{role, &rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: title}, RoleRef: ref, Subjects: subjects}}
	}
	return []bulkhead.Object{role, &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Namespace: where, Name: title}, RoleRef: ref, Subjects: subjects}}
}

func prove(t *testing.T, objs []bulkhead.Object, options rbac.Options) bulkhead.Proof {
	t.Helper()
	proof, err := rbac.New(objs, options).NoAccess(boundary())
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// answer writes a proof as "Breached rbac/reads-secrets" and "Undetermined what is missing".
func answer(p bulkhead.Proof) string {
	var rules []string
	for _, b := range p.Breaches {
		rules = append(rules, b.Rule)
	}
	slices.Sort(rules)
	if p.Verdict == bulkhead.Undetermined {
		return "Undetermined " + strings.Join(p.Missing, "; ")
	}
	return strings.TrimSpace(p.Verdict.String() + " " + strings.Join(slices.Compact(rules), " "))
}

// Each kind of right crosses the boundary, and a right that differs in one thing does
// not. Where a namespace is left out they are in production's.
func TestEdges(t *testing.T) {
	type right struct{ rules, where string }
	tests := map[string]struct {
		crosses right
		want    string
		not     right
	}{
		"K01 pods":                                {right{"create pods", "prod"}, rbac.RunsPods, right{"create pods", "staging"}},
		"K01 Deployments":                         {right{"create deployments.apps", "prod"}, rbac.RunsPods, right{"get deployments.apps", "prod"}},
		"K01 workflows of operators":              {right{"create workflows.argoproj.io", "prod"}, rbac.RunsPods, right{"list workflows.argoproj.io", "prod"}},
		"K02 workloads":                           {right{"patch statefulsets.apps", "prod"}, rbac.ChangesWorkloads, right{"watch statefulsets.apps", "prod"}},
		"K03 exec":                                {right{"create pods/exec", "prod"}, rbac.RunsCommands, right{"create pods/*", "prod"}},
		"K03 exec by a pattern":                   {right{"create */exec", ""}, rbac.RunsCommands, right{"create */exec2", "staging"}},
		"K03 attach":                              {right{"create pods/attach", "prod"}, rbac.RunsCommands, right{"get pods/attach", "prod"}},
		"K04 ephemeral containers":                {right{"patch pods/ephemeralcontainers", "prod"}, rbac.RunsCommands, right{"get pods/ephemeralcontainers", "prod"}},
		"K05 forwarded ports":                     {right{"create pods/portforward", "prod"}, rbac.Connects, right{"get pods/portforward", "prod"}},
		"K05 proxied pods":                        {right{"get pods/proxy", "prod"}, rbac.Connects, right{"list pods/proxy", "prod"}},
		"K05 proxied Services":                    {right{"get services/proxy", "prod"}, rbac.Connects, right{"get services", "prod"}},
		"K06 logs":                                {right{"get pods/log", "prod"}, rbac.ReadsLogs, right{"get pods", "prod"}},
		"K07 Secrets":                             {right{"get secrets", "prod"}, rbac.ReadsSecrets, right{"get secrets", "staging"}},
		"K07 lists of Secrets":                    {right{"list secrets", "prod"}, rbac.ReadsSecrets, right{"list endpoints", "prod"}},
		"K07 one Secret in a list":                {right{"list secrets named db", "prod"}, rbac.ReadsSecrets, right{"deletecollection secrets named db", "prod"}},
		"K08 Secrets with tokens":                 {right{"create,get secrets", "prod"}, rbac.ReadsSecrets, right{"create secrets named db", "prod"}},
		"K09 tokens":                              {right{"create serviceaccounts/token", "prod"}, rbac.RequestsTokens, right{"get serviceaccounts/token", "prod"}},
		"K10 ConfigMaps":                          {right{"get configmaps", "prod"}, rbac.ReadsConfigMaps, right{"get services", "prod"}},
		"K10 changed ConfigMaps":                  {right{"patch configmaps", "prod"}, rbac.ChangesConfigMaps, right{"patch configmaps", "staging"}},
		"K11 RoleBindings":                        {right{"create rolebindings.rbac.authorization.k8s.io;bind clusterroles.rbac.authorization.k8s.io", "prod"}, rbac.Binds, right{"bind clusterroles.rbac.authorization.k8s.io", "prod"}},
		"K12 ClusterRoleBindings":                 {right{"create clusterrolebindings.rbac.authorization.k8s.io;bind clusterroles.rbac.authorization.k8s.io", ""}, rbac.Binds, right{"bind clusterroles.rbac.authorization.k8s.io", ""}},
		"K13 roles":                               {right{"update,escalate roles.rbac.authorization.k8s.io", "prod"}, rbac.Escalates, right{"escalate roles.rbac.authorization.k8s.io", "prod"}},
		"K13 ClusterRoles":                        {right{"update,escalate clusterroles.rbac.authorization.k8s.io", ""}, rbac.Escalates, right{"escalate clusterroles.rbac.authorization.k8s.io", ""}},
		"K14 users":                               {right{"impersonate users", ""}, rbac.Impersonates, right{"impersonate users", "staging"}},
		"K14 one user":                            {right{"impersonate users named system:serviceaccount:tools:deployer", ""}, "", right{"impersonate users named jane", ""}},
		"K14 groups with somebody":                {right{"impersonate groups;impersonate users named jane", ""}, rbac.Impersonates, right{"impersonate groups", ""}},
		"K14 one group with somebody":             {right{"impersonate groups named system:masters;impersonate users named jane", ""}, rbac.Impersonates, right{"impersonate groups named devs;impersonate users named jane", ""}},
		"K14 accounts":                            {right{"impersonate serviceaccounts", "prod"}, rbac.Impersonates, right{"impersonate serviceaccounts", "staging"}},
		"K14 extras":                              {right{"impersonate users", ""}, rbac.Impersonates, right{"impersonate userextras.authentication.k8s.io", ""}},
		"K15 certificates":                        {right{"create certificatesigningrequests.certificates.k8s.io;update certificatesigningrequests.certificates.k8s.io/approval;approve signers.certificates.k8s.io", ""}, rbac.SignsCertificates, right{"create certificatesigningrequests.certificates.k8s.io;update certificatesigningrequests.certificates.k8s.io/approval", ""}},
		"K15 of clients":                          {right{"create certificatesigningrequests.certificates.k8s.io;update certificatesigningrequests.certificates.k8s.io/approval;approve signers.certificates.k8s.io named kubernetes.io/kube-apiserver-client", ""}, rbac.SignsCertificates, right{"create certificatesigningrequests.certificates.k8s.io;update certificatesigningrequests.certificates.k8s.io/approval;approve signers.certificates.k8s.io named kubernetes.io/kubelet-serving", ""}},
		"K15 of nodes":                            {right{"create certificatesigningrequests.certificates.k8s.io;update certificatesigningrequests.certificates.k8s.io/approval;approve signers.certificates.k8s.io named kubernetes.io/kube-apiserver-client-kubelet", ""}, rbac.ActsAsNode, right{"create certificatesigningrequests.certificates.k8s.io;approve signers.certificates.k8s.io named kubernetes.io/kube-apiserver-client-kubelet", ""}},
		"K15 of nodes, which nobody need approve": {right{"create certificatesigningrequests.certificates.k8s.io,certificatesigningrequests.certificates.k8s.io/nodeclient", ""}, rbac.ActsAsNode, right{"create certificatesigningrequests.certificates.k8s.io,certificatesigningrequests.certificates.k8s.io/selfnodeclient", ""}},
		"K14 a node":                              {right{"impersonate groups named system:nodes;impersonate users named system:node:a", ""}, rbac.ActsAsNode, right{"impersonate groups named system:nodes;impersonate users named jane", ""}},
		"K14 a node by its groups alone":          {right{"impersonate groups named devs,system:nodes;impersonate users named jane,system:node:a", ""}, rbac.ActsAsNode, right{"impersonate users named system:node:a", ""}},
		"K12 a ClusterRole by name":               {right{"create clusterrolebindings.rbac.authorization.k8s.io;bind clusterroles.rbac.authorization.k8s.io named edit", ""}, rbac.Binds, right{"bind clusterroles.rbac.authorization.k8s.io named edit", ""}},
		"K17 evicted nodes":                       {right{"delete nodes", ""}, rbac.MovesPods, right{"list nodes", ""}},
		"K17 bindings":                            {right{"create bindings", "prod"}, rbac.MovesPods, right{"create bindings", "tools"}},
		"K18 mutating policies":                   {right{"update mutatingadmissionpolicies.admissionregistration.k8s.io", ""}, rbac.Intercepts, right{"watch mutatingadmissionpolicies.admissionregistration.k8s.io", ""}},
		"K18 bindings of mutating policies":       {right{"create mutatingadmissionpolicybindings.admissionregistration.k8s.io", ""}, rbac.Intercepts, right{"get mutatingadmissionpolicybindings.admissionregistration.k8s.io", ""}},
		"K18 bindings of policies":                {right{"patch validatingadmissionpolicybindings.admissionregistration.k8s.io", ""}, rbac.LiftsPolicies, right{"patch validatingadmissionpolicybindings.admissionregistration.k8s.io", "prod"}},
		"K18 webhooks that are taken away":        {right{"delete validatingwebhookconfigurations.admissionregistration.k8s.io", ""}, rbac.LiftsPolicies, right{"delete validatingwebhookconfigurations.admissionregistration.k8s.io", "prod"}},
		"K19 by the status":                       {right{"patch namespaces/status", "prod"}, rbac.RelabelsNamespace, right{"get namespaces/status", "prod"}},
		"K19 by the finalizers":                   {right{"update namespaces/finalize named prod", ""}, rbac.RelabelsNamespace, right{"update namespaces/finalize named tools", ""}},
		"K19 one namespace by name":               {right{"patch namespaces named prod", ""}, rbac.RelabelsNamespace, right{"patch namespaces named tools", ""}},
		"K19 one by name, in its namespace":       {right{"patch namespaces named prod", "prod"}, rbac.RelabelsNamespace, right{"patch namespaces named prod", "tools"}},
		"K19 its own by name":                     {right{"patch namespaces named staging", ""}, rbac.PrivilegedPods, right{"patch namespaces named staging", "tools"}},
		"K19 a namespace is deleted":              {right{"delete namespaces named prod", ""}, rbac.Disturbs, right{"delete namespaces named staging", ""}},
		"K22 files of a snapshot":                 {right{"patch volumesnapshotcontents.snapshot.storage.k8s.io", ""}, rbac.MakesVolumes, right{"list volumesnapshotcontents.snapshot.storage.k8s.io", ""}},
		"K23 old endpoints":                       {right{"patch endpoints", "prod"}, rbac.RedirectsServices, right{"watch endpoints", "prod"}},
		"K23 the Service of DNS":                  {right{"patch services named kube-dns", "kube-system"}, rbac.RedirectsServices, right{"patch services named metrics", "kube-system"}},
		"K23 its endpoints":                       {right{"patch endpointslices.discovery.k8s.io", "kube-system"}, rbac.RedirectsServices, right{"patch endpointslices.discovery.k8s.io", "tools"}},
		"K24 routes of RPC":                       {right{"update grpcroutes.gateway.networking.k8s.io", "prod"}, rbac.RoutesTraffic, right{"update grpcroutes.gateway.networking.k8s.io", "staging"}},
		"K24 Gateways":                            {right{"patch gateways.gateway.networking.k8s.io", "prod"}, rbac.RoutesTraffic, right{"patch gateways.gateway.networking.k8s.io", "staging"}},
		"K24 grants":                              {right{"create referencegrants.gateway.networking.k8s.io", "prod"}, rbac.RoutesTraffic, right{"create referencegrants.gateway.networking.k8s.io", "tools"}},
		"K30 locks of controllers":                {right{"update leases.coordination.k8s.io", "kube-system"}, rbac.Disturbs, right{"get leases.coordination.k8s.io", "kube-system"}},
		"K30 nodes count as lost":                 {right{"delete leases.coordination.k8s.io", "kube-node-lease"}, rbac.Disturbs, right{"delete leases.coordination.k8s.io", "tools"}},
		"K30 quotas":                              {right{"patch resourcequotas", "prod"}, rbac.Disturbs, right{"list resourcequotas", "prod"}},
		"K16 kubelets by a write":                 {right{"create nodes/proxy", ""}, rbac.ReachesKubelets, right{"create nodes/proxy", "prod"}},
		"K02 pods":                                {right{"update pods", "prod"}, rbac.ChangesWorkloads, right{"update pods", "tools"}},
		"K10 lists of ConfigMaps":                 {right{"list configmaps", "prod"}, rbac.ReadsConfigMaps, right{"list configmaps", "tools"}},
		"K16 kubelets":                            {right{"get nodes/proxy", ""}, rbac.ReachesKubelets, right{"get nodes/metrics", ""}},
		"K17 nodes":                               {right{"patch nodes", ""}, rbac.MovesPods, right{"get nodes", ""}},
		"K17 the status of nodes":                 {right{"patch nodes/status", ""}, rbac.MovesPods, right{"patch nodes/status", "prod"}},
		"K17 evictions":                           {right{"create pods/eviction", "prod"}, rbac.MovesPods, right{"create pods/eviction", "staging"}},
		"K17 bindings of pods":                    {right{"create pods/binding", "prod"}, rbac.MovesPods, right{"get pods/binding", "prod"}},
		"K18 mutating webhooks":                   {right{"patch mutatingwebhookconfigurations.admissionregistration.k8s.io", ""}, rbac.Intercepts, right{"get mutatingwebhookconfigurations.admissionregistration.k8s.io", ""}},
		"K18 validating webhooks":                 {right{"create validatingwebhookconfigurations.admissionregistration.k8s.io", ""}, rbac.Intercepts, right{"list validatingwebhookconfigurations.admissionregistration.k8s.io", ""}},
		"K18 policies are lifted":                 {right{"delete validatingadmissionpolicies.admissionregistration.k8s.io", ""}, rbac.LiftsPolicies, right{"get validatingadmissionpolicies.admissionregistration.k8s.io", ""}},
		"K18 API groups":                          {right{"update apiservices.apiregistration.k8s.io", ""}, rbac.Intercepts, right{"get apiservices.apiregistration.k8s.io", ""}},
		"K18 conversions":                         {right{"update customresourcedefinitions.apiextensions.k8s.io", ""}, rbac.Intercepts, right{"get customresourcedefinitions.apiextensions.k8s.io", ""}},
		"K19 labels of a namespace":               {right{"patch namespaces", "prod"}, rbac.RelabelsNamespace, right{"get namespaces", "prod"}},
		"K19 labels of its own":                   {right{"patch namespaces", "staging"}, rbac.PrivilegedPods, right{"patch namespaces named other", "staging"}},
		"K22 volumes":                             {right{"create persistentvolumes", ""}, rbac.MakesVolumes, right{"get persistentvolumes", ""}},
		"K22 snapshots":                           {right{"create volumesnapshotcontents.snapshot.storage.k8s.io", ""}, rbac.MakesVolumes, right{"get volumesnapshotcontents.snapshot.storage.k8s.io", ""}},
		"K23 Services":                            {right{"patch services", "prod"}, rbac.RedirectsServices, right{"patch services", "staging"}},
		"K23 endpoints":                           {right{"update endpointslices.discovery.k8s.io", "prod"}, rbac.RedirectsServices, right{"get endpointslices.discovery.k8s.io", "prod"}},
		"K05 Services by a write":                 {right{"create services/proxy", "prod"}, rbac.Connects, right{"create services/proxy", "staging"}},
		"K23 addresses of Services":               {right{"patch services/status", "staging"}, rbac.RedirectsServices, right{"get services/status", "staging"}},
		"K24 Ingresses":                           {right{"update ingresses.networking.k8s.io", "prod"}, rbac.RoutesTraffic, right{"update ingresses.networking.k8s.io", "staging"}},
		"K24 routes":                              {right{"create httproutes.gateway.networking.k8s.io", "prod"}, rbac.RoutesTraffic, right{"list httproutes.gateway.networking.k8s.io", "prod"}},
		"K30 locks":                               {right{"update leases.coordination.k8s.io", "prod"}, rbac.Disturbs, right{"update leases.coordination.k8s.io", "staging"}},
		"K30 priorities":                          {right{"create priorityclasses.scheduling.k8s.io", ""}, rbac.Disturbs, right{"list priorityclasses.scheduling.k8s.io", ""}},
		"K30 budgets":                             {right{"delete poddisruptionbudgets.policy", "prod"}, rbac.Disturbs, right{"get poddisruptionbudgets.policy", "prod"}},
		"K31 deleted pods":                        {right{"delete pods", "prod"}, rbac.Disturbs, right{"delete pods", "staging"}},
		"K31 all Jobs":                            {right{"deletecollection jobs.batch", "prod"}, rbac.Disturbs, right{"deletecollection jobs.batch named a", "prod"}},
		"K36 names of the cluster":                {right{"patch configmaps named coredns", "kube-system"}, rbac.RedirectsServices, right{"patch configmaps named other", "kube-system"}},
		"K37 questions about rights":              {right{"*  *.*", "prod"}, rbac.Admin, right{"create selfsubjectaccessreviews.authorization.k8s.io,selfsubjectrulesreviews.authorization.k8s.io", ""}},
		"K38 logs of nodes":                       {right{"get nodes/log", ""}, rbac.ReadsLogs, right{"get nodes/stats", ""}},
		"K39 etcd, a pod of the system":           {right{"create pods/exec", "kube-system"}, rbac.Admin, right{"create pods/exec", "tools"}},
		"any other change":                        {right{"update widgets.example.com", "prod"}, rbac.ChangesObjects, right{"get widgets.example.com", "prod"}},
		"what is in no namespace":                 {right{"update storageclasses.storage.k8s.io", ""}, rbac.ChangesCluster, right{"update storageclasses.storage.k8s.io", "prod"}},
		"everything":                              {right{"* *.*", ""}, rbac.Admin, right{"list *.*", "staging"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := answer(prove(t, slices.Concat(base(), given("staging/app", tt.crosses.rules, tt.crosses.where)), known())); tt.want != "" && got != "Breached "+tt.want {
				t.Errorf("%+v: %s, want %s", tt.crosses, got, tt.want)
			}
			if got := answer(prove(t, slices.Concat(base(), given("staging/app", tt.not.rules, tt.not.where)), known())); got != "Sealed" {
				t.Errorf("%+v: %s, want Sealed", tt.not, got)
			}
		})
	}
}
