// SPDX-License-Identifier: Apache-2.0

package bulkhead_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	policyv1alpha2 "sigs.k8s.io/network-policy-api/apis/v1alpha2"

	"github.com/watertight-go/watertight/bulkhead"
)

// The kinds that builders make, with every field that a builder would set. The
// wanted text is the whole object: no status, no null, no zero that nobody set.
func TestUnstructuredOfEachKind(t *testing.T) {
	in := metav1.ObjectMeta{Namespace: "staging", Name: "x", Labels: map[string]string{bulkhead.ManagedByLabel: bulkhead.ManagedByValue}}
	wide := metav1.ObjectMeta{Name: "x", Labels: in.Labels}
	const (
		inText   = `"metadata":{"namespace":"staging","name":"x","labels":{"app.kubernetes.io/managed-by":"watertight"}}`
		wideText = `"metadata":{"name":"x","labels":{"app.kubernetes.io/managed-by":"watertight"}}`
	)
	port, tcp := intstr.FromInt32(5432), corev1.ProtocolTCP
	tests := map[string]struct {
		obj  bulkhead.Object
		want string
	}{
		"NetworkPolicy that denies": {
			&networkingv1.NetworkPolicy{ObjectMeta: in, Spec: networkingv1.NetworkPolicySpec{
				PolicyTypes: []networkingv1.PolicyType{"Ingress", "Egress"},
			}},
			`{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",` + inText + `,"spec":{"podSelector":{},"policyTypes":["Ingress","Egress"]}}`,
		},
		"NetworkPolicy that allows": {
			&networkingv1.NetworkPolicy{ObjectMeta: in, Spec: networkingv1.NetworkPolicySpec{
				PolicyTypes: []networkingv1.PolicyType{"Egress"},
				Egress: []networkingv1.NetworkPolicyEgressRule{{
					To:    []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.0/8"}}, {NamespaceSelector: &metav1.LabelSelector{}}},
					Ports: []networkingv1.NetworkPolicyPort{{Protocol: &tcp, Port: &port}},
				}},
			}},
			`{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",` + inText + `,"spec":{"podSelector":{},"policyTypes":["Egress"],
			  "egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}},{"namespaceSelector":{}}],"ports":[{"protocol":"TCP","port":5432}]}]}}`,
		},
		"ClusterNetworkPolicy": {
			&policyv1alpha2.ClusterNetworkPolicy{ObjectMeta: wide, Spec: policyv1alpha2.ClusterNetworkPolicySpec{
				Tier: policyv1alpha2.AdminTier, Priority: 0,
				Subject: policyv1alpha2.ClusterNetworkPolicySubject{Namespaces: &metav1.LabelSelector{}},
				Ingress: []policyv1alpha2.ClusterNetworkPolicyIngressRule{{
					Action: policyv1alpha2.ClusterNetworkPolicyRuleActionDeny,
					From:   []policyv1alpha2.ClusterNetworkPolicyIngressPeer{{Namespaces: &metav1.LabelSelector{}}},
				}},
			}},
			`{"apiVersion":"policy.networking.k8s.io/v1alpha2","kind":"ClusterNetworkPolicy",` + wideText + `,"spec":{"tier":"Admin","priority":0,
			  "subject":{"namespaces":{}},"ingress":[{"action":"Deny","from":[{"namespaces":{}}]}]}}`,
		},
		"ResourceQuota": {
			&corev1.ResourceQuota{ObjectMeta: in, Spec: corev1.ResourceQuotaSpec{Hard: amounts("pods", "0", "requests.cpu", "2")}},
			`{"apiVersion":"v1","kind":"ResourceQuota",` + inText + `,"spec":{"hard":{"pods":"0","requests.cpu":"2"}}}`,
		},
		"LimitRange": {
			&corev1.LimitRange{ObjectMeta: in, Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{{
				Type: corev1.LimitTypeContainer, Default: amounts("cpu", "500m"),
			}}}},
			`{"apiVersion":"v1","kind":"LimitRange",` + inText + `,"spec":{"limits":[{"type":"Container","default":{"cpu":"500m"}}]}}`,
		},
		"PriorityClass": {
			&schedulingv1.PriorityClass{ObjectMeta: wide, Value: 1_000_000},
			`{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass",` + wideText + `,"value":1000000}`,
		},
		"Namespace": {
			&corev1.Namespace{ObjectMeta: wide},
			`{"apiVersion":"v1","kind":"Namespace",` + wideText + `}`,
		},
		"Namespace with the finalizer of the server loses it": {
			&corev1.Namespace{ObjectMeta: wide, Spec: corev1.NamespaceSpec{Finalizers: []corev1.FinalizerName{"kubernetes"}}, Status: corev1.NamespaceStatus{Phase: "Active"}},
			`{"apiVersion":"v1","kind":"Namespace",` + wideText + `}`,
		},
		"Namespace with another finalizer keeps both": {
			&corev1.Namespace{ObjectMeta: wide, Spec: corev1.NamespaceSpec{Finalizers: []corev1.FinalizerName{"kubernetes", "example.com/wait"}}},
			`{"apiVersion":"v1","kind":"Namespace",` + wideText + `,"spec":{"finalizers":["kubernetes","example.com/wait"]}}`,
		},
		"ServiceAccount": {
			&corev1.ServiceAccount{ObjectMeta: in, AutomountServiceAccountToken: new(bool)},
			`{"apiVersion":"v1","kind":"ServiceAccount",` + inText + `,"automountServiceAccountToken":false}`,
		},
		"Role": {
			&rbacv1.Role{ObjectMeta: in, Rules: []rbacv1.PolicyRule{{Verbs: []string{"get"}, APIGroups: []string{""}, Resources: []string{"pods"}}}},
			`{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role",` + inText + `,"rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]}`,
		},
		"Role whose rules nobody set": {
			&rbacv1.Role{ObjectMeta: in},
			`{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role",` + inText + `}`,
		},
		"Role with no rules, said so": {
			&rbacv1.Role{ObjectMeta: in, Rules: []rbacv1.PolicyRule{}},
			`{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role",` + inText + `,"rules":[]}`,
		},
		"ClusterRole": {
			&rbacv1.ClusterRole{ObjectMeta: wide, AggregationRule: &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{{}}}},
			`{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole",` + wideText + `,"aggregationRule":{"clusterRoleSelectors":[{}]}}`,
		},
		"RoleBinding": {
			&rbacv1.RoleBinding{
				ObjectMeta: in,
				Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: "staging", Name: "web"}},
				RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "x"},
			},
			`{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding",` + inText + `,
			  "subjects":[{"kind":"ServiceAccount","namespace":"staging","name":"web"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"x"}}`,
		},
		"ValidatingAdmissionPolicy": {
			&admissionregistrationv1.ValidatingAdmissionPolicy{ObjectMeta: wide, Spec: admissionregistrationv1.ValidatingAdmissionPolicySpec{
				FailurePolicy: new(admissionregistrationv1.Fail),
				MatchConstraints: &admissionregistrationv1.MatchResources{ResourceRules: []admissionregistrationv1.NamedRuleWithOperations{{
					RuleWithOperations: admissionregistrationv1.RuleWithOperations{
						Operations: []admissionregistrationv1.OperationType{"CREATE"},
						Rule:       admissionregistrationv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"pods"}},
					},
				}}},
				Validations: []admissionregistrationv1.Validation{{Expression: "1 < 2"}},
			}},
			`{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicy",` + wideText + `,"spec":{"failurePolicy":"Fail",
			  "matchConstraints":{"resourceRules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}]},
			  "validations":[{"expression":"1 < 2"}]}}`,
		},
		"ValidatingAdmissionPolicyBinding": {
			&admissionregistrationv1.ValidatingAdmissionPolicyBinding{ObjectMeta: wide, Spec: admissionregistrationv1.ValidatingAdmissionPolicyBindingSpec{
				PolicyName: "x", ValidationActions: []admissionregistrationv1.ValidationAction{"Deny"},
			}},
			`{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicyBinding",` + wideText + `,"spec":{"policyName":"x","validationActions":["Deny"]}}`,
		},
		"MutatingAdmissionPolicyBinding": {
			&admissionregistrationv1.MutatingAdmissionPolicyBinding{ObjectMeta: wide, Spec: admissionregistrationv1.MutatingAdmissionPolicyBindingSpec{PolicyName: "x"}},
			`{"apiVersion":"admissionregistration.k8s.io/v1","kind":"MutatingAdmissionPolicyBinding",` + wideText + `,"spec":{"policyName":"x"}}`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var want map[string]any
			if err := utiljson.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			before := tt.obj.DeepCopyObject()
			got, err := bulkhead.Unstructured(tt.obj)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got.Object); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(before, tt.obj); diff != "" {
				t.Errorf("the original changed: %s", diff)
			}
		})
	}
}

// amounts pairs resource names with quantities.
func amounts(pairs ...string) corev1.ResourceList {
	out := make(corev1.ResourceList)
	for pair := range slices.Chunk(pairs, 2) {
		out[corev1.ResourceName(pair[0])] = resource.MustParse(pair[1])
	}
	return out
}
