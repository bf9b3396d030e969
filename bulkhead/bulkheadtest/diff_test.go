// SPDX-License-Identifier: Apache-2.0

package bulkheadtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
)

// web returns a policy with something in every part of it.
func web() *networkingv1.NetworkPolicy {
	rule := func(app string, port int32) networkingv1.NetworkPolicyIngressRule {
		return networkingv1.NetworkPolicyIngressRule{
			From:  []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": app}}}},
			Ports: []networkingv1.NetworkPolicyPort{{Protocol: new(corev1.ProtocolTCP), Port: new(intstr.FromInt32(port))}},
		}
	}
	return &networkingv1.NetworkPolicy{
		TypeMeta: metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "staging", Name: "web",
			Labels:          map[string]string{"team": "shop", bulkhead.ManagedByLabel: bulkhead.ManagedByValue},
			Annotations:     map[string]string{"why": "shop"},
			Finalizers:      []string{"example.com/wait"},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: "web", UID: "1"}},
		},
		Spec: networkingv1.NetworkPolicySpec{
			PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}},
			PolicyTypes: []networkingv1.PolicyType{"Ingress"},
			Ingress:     []networkingv1.NetworkPolicyIngressRule{rule("api", 8080), rule("cron", 9090)},
		},
	}
}

func TestDiffIgnoresWhatTheServerSets(t *testing.T) {
	now := metav1.NewTime(time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC))
	for name, set := range map[string]func(*networkingv1.NetworkPolicy){
		"nothing at all":    func(*networkingv1.NetworkPolicy) {},
		"uid":               func(np *networkingv1.NetworkPolicy) { np.UID = "2" },
		"resourceVersion":   func(np *networkingv1.NetworkPolicy) { np.ResourceVersion = "2" },
		"generation":        func(np *networkingv1.NetworkPolicy) { np.Generation = 2 },
		"creationTimestamp": func(np *networkingv1.NetworkPolicy) { np.CreationTimestamp = now },
		"deletionTimestamp": func(np *networkingv1.NetworkPolicy) { np.DeletionTimestamp = &now },
		"grace period":      func(np *networkingv1.NetworkPolicy) { np.DeletionGracePeriodSeconds = new(int64(30)) },
		"managedFields":     func(np *networkingv1.NetworkPolicy) { np.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "m"}} },
		"selfLink":          func(np *networkingv1.NetworkPolicy) { np.SetSelfLink("/x") },
		"TypeMeta":          func(np *networkingv1.NetworkPolicy) { np.TypeMeta = metav1.TypeMeta{} },
		"empty, not absent": func(np *networkingv1.NetworkPolicy) { np.Spec.Egress = []networkingv1.NetworkPolicyEgressRule{} },
	} {
		t.Run(name, func(t *testing.T) {
			changed := web()
			set(changed)
			if diff := bulkheadtest.Diff(web(), changed) + bulkheadtest.Diff(changed, web()); diff != "" {
				t.Error(diff)
			}
		})
	}
	ready := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "x"}, Status: corev1.NamespaceStatus{Phase: corev1.NamespaceActive}}
	if diff := bulkheadtest.Diff(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "x"}}, ready); diff != "" {
		t.Errorf("status counts: %s", diff)
	}
}

// What a cluster adds on its own to what was applied is no difference, and what
// somebody adds beside it is.
func TestDiffIgnoresWhatClustersAdd(t *testing.T) {
	applied := func() *corev1.ServiceAccount {
		return &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "web"}}
	}
	openshift := applied()
	openshift.Annotations = map[string]string{"openshift.io/internal-registry-pull-secret-ref": "web-dockercfg-x7k2p"}
	openshift.Secrets = []corev1.ObjectReference{{Name: "web-dockercfg-x7k2p"}}
	openshift.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "web-dockercfg-x7k2p"}}
	more := openshift.DeepCopy()
	more.Annotations["team"] = "shop"
	more.ImagePullSecrets = append(more.ImagePullSecrets, corev1.LocalObjectReference{Name: "prod-registry"})
	others := applied()
	others.Secrets = []corev1.ObjectReference{{Name: "db-dockercfg-x7k2p"}}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "x"}}
	stored := namespace.DeepCopy()
	stored.Spec.Finalizers = []corev1.FinalizerName{corev1.FinalizerKubernetes}
	const at = "ServiceAccount/staging/web "
	for name, tt := range map[string]struct {
		want, got bulkhead.Object
		diff      string
	}{
		"the finalizer of a Namespace":           {namespace, stored, ""},
		"the pull secrets of OpenShift":          {applied(), openshift, ""},
		"others beside them":                     {applied(), more, at + "imagePullSecrets: want nothing, got [{\"name\":\"prod-registry\"}]\n" + at + "metadata.annotations: want nothing, got {\"team\":\"shop\"}"},
		"the pull secrets of another account":    {applied(), others, at + `secrets: want nothing, got [{"name":"db-dockercfg-x7k2p"}]`},
		"such a name in an object of other kind": {&corev1.ConfigMap{}, &corev1.ConfigMap{Data: map[string]string{"secrets": "web-dockercfg-x7k2p"}}, `ConfigMap/ data: want nothing, got {"secrets":"web-dockercfg-x7k2p"}`},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.diff, bulkheadtest.Diff(tt.want, tt.got)); diff != "" {
				t.Error(diff)
			}
			if back := bulkheadtest.Diff(tt.got, tt.want); (back == "") != (tt.diff == "") {
				t.Errorf("the other way round: %q", back)
			}
		})
	}
}

// Nothing else is ignored. Each case changes one thing, and the difference names
// exactly that, in both directions.
func TestDiffSeesEverythingElse(t *testing.T) {
	const at = "NetworkPolicy/staging/web "
	tests := map[string]struct {
		edit func(*networkingv1.NetworkPolicy)
		want string
	}{
		"name":             {func(np *networkingv1.NetworkPolicy) { np.Name = "api" }, at + `metadata.name: want "web", got "api"`},
		"namespace":        {func(np *networkingv1.NetworkPolicy) { np.Namespace = "prod" }, at + `metadata.namespace: want "staging", got "prod"`},
		"generateName":     {func(np *networkingv1.NetworkPolicy) { np.GenerateName = "w-" }, at + `metadata.generateName: want nothing, got "w-"`},
		"a label's value":  {func(np *networkingv1.NetworkPolicy) { np.Labels["team"] = "ops" }, at + `metadata.labels.team: want "shop", got "ops"`},
		"a label gone":     {func(np *networkingv1.NetworkPolicy) { delete(np.Labels, "team") }, at + `metadata.labels.team: want "shop", got nothing`},
		"the label we set": {func(np *networkingv1.NetworkPolicy) { delete(np.Labels, bulkhead.ManagedByLabel) }, at + `metadata.labels[app.kubernetes.io/managed-by]: want "watertight", got nothing`},
		"an annotation":    {func(np *networkingv1.NetworkPolicy) { np.Annotations["a"] = "<&>" }, at + `metadata.annotations.a: want nothing, got "<&>"`},
		"a key that would forge a line": {
			func(np *networkingv1.NetworkPolicy) { np.Labels["a\nerror: forged"] = "x" },
			at + `metadata.labels["a\nerror: forged"]: want nothing, got "x"`,
		},
		"a finalizer": {func(np *networkingv1.NetworkPolicy) { np.Finalizers = nil }, at + `metadata.finalizers: want ["example.com/wait"], got nothing`},
		"an owner": {
			func(np *networkingv1.NetworkPolicy) { np.OwnerReferences[0].UID = "2" },
			at + `metadata.ownerReferences[0].uid: want "1", got "2"`,
		},
		"the pod selector": {
			func(np *networkingv1.NetworkPolicy) { np.Spec.PodSelector.MatchLabels["app"] = "w" },
			at + `spec.podSelector.matchLabels.app: want "web", got "w"`,
		},
		"a policy type more": {
			func(np *networkingv1.NetworkPolicy) { np.Spec.PolicyTypes = append(np.Spec.PolicyTypes, "Egress") },
			at + `spec.policyTypes[1]: want nothing, got "Egress"`,
		},
		"a port deep inside": {
			func(np *networkingv1.NetworkPolicy) { np.Spec.Ingress[1].Ports[0].Port = new(intstr.FromInt32(80)) },
			at + `spec.ingress[1].ports[0].port: want 9090, got 80`,
		},
		"a number that became a text": {
			func(np *networkingv1.NetworkPolicy) {
				np.Spec.Ingress[0].Ports[0].Port = new(intstr.FromString("8080"))
			},
			at + `spec.ingress[0].ports[0].port: want 8080, got "8080"`,
		},
		"the first rule gone": {
			func(np *networkingv1.NetworkPolicy) { np.Spec.Ingress = np.Spec.Ingress[1:] },
			at + `spec.ingress[0]: want {"from":[{"podSelector":{"matchLabels":{"app":"api"}}}],"ports":[{"port":8080,"protocol":"TCP"}]}, got nothing`,
		},
		"an empty rule, which lets everybody in": {
			func(np *networkingv1.NetworkPolicy) {
				np.Spec.Ingress = append(np.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{})
			},
			at + `spec.ingress[2]: want nothing, got {}`,
		},
		"an empty selector, not an absent one": {
			func(np *networkingv1.NetworkPolicy) {
				np.Spec.Ingress[0].From[0].NamespaceSelector = &metav1.LabelSelector{}
			},
			at + `spec.ingress[0].from[0].namespaceSelector: want nothing, got {}`,
		},
		"several things, sorted by field": {
			func(np *networkingv1.NetworkPolicy) { np.Spec.PolicyTypes, np.Name = nil, "api" },
			at + "metadata.name: want \"web\", got \"api\"\n" + at + `spec.policyTypes: want ["Ingress"], got nothing`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			changed := web()
			tt.edit(changed)
			if diff := cmp.Diff(tt.want, bulkheadtest.Diff(web(), changed)); diff != "" {
				t.Error(diff)
			}
			if bulkheadtest.Diff(changed, web()) == "" {
				t.Error("the other way round there is no difference")
			}
		})
	}
}

func TestDiffOfKinds(t *testing.T) {
	meta := metav1.ObjectMeta{Namespace: "staging", Name: "x"}
	generic := bulkhead.Must(bulkhead.Unstructured(web()))
	older := generic.DeepCopy()
	older.SetAPIVersion("networking.k8s.io/v1beta1")
	unknown := &unstructured.Unstructured{Object: map[string]any{"metadata": map[string]any{"name": "x"}}}
	noRules := &rbacv1.Role{ObjectMeta: meta, Rules: []rbacv1.PolicyRule{}}
	tests := map[string]struct {
		want, got bulkhead.Object
		diff      []string // parts of the answer; nil if there is to be none
	}{
		"no object and no object":             {nil, (*corev1.Pod)(nil), nil},
		"a typed and an unstructured object":  {web(), generic, nil},
		"another kind with the same fields":   {&corev1.Secret{ObjectMeta: meta}, &corev1.ConfigMap{ObjectMeta: meta}, []string{`kind: want "Secret", got "ConfigMap"`}},
		"another version":                     {generic, older, []string{`apiVersion: want "networking.k8s.io/v1", got "networking.k8s.io/v1beta1"`}},
		"no object where one is wanted":       {web(), nil, []string{"NetworkPolicy/staging/web: want the object, got nothing"}},
		"an object where none is wanted":      {(*corev1.Pod)(nil), web(), []string{"NetworkPolicy/staging/web: want nothing, got the object"}},
		"an object of unknown kind":           {web(), unknown, []string{"want an object, got an object that cannot be compared", "kind"}},
		"two objects of unknown kind":         {unknown, unknown.DeepCopy(), []string{"want an object that cannot be compared"}},
		"rules that are empty, rules unset":   {noRules, &rbacv1.Role{ObjectMeta: meta}, []string{"rules: want [], got nothing"}},
		"a null that somebody wrote, nothing": {withField(generic, nil), generic, []string{"spec.extra: want null, got nothing"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := bulkheadtest.Diff(tt.want, tt.got)
			if len(tt.diff) == 0 && got != "" {
				t.Errorf("got %s", got)
			}
			for _, part := range tt.diff {
				if !strings.Contains(got, part) {
					t.Errorf("want %q in %q", part, got)
				}
			}
		})
	}
}

func withField(u *unstructured.Unstructured, value any) *unstructured.Unstructured {
	out := u.DeepCopy()
	out.Object["spec"].(map[string]any)["extra"] = value
	return out
}

func TestDiffLeavesItsArgumentsAlone(t *testing.T) {
	secret := func() *corev1.Secret {
		return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s", UID: "1"}, Data: map[string][]byte{"k": []byte("v")}}
	}
	want, got := secret(), secret()
	got.Data["k"] = []byte("w")
	generic := bulkhead.Must(bulkhead.Unstructured(got))
	before := generic.DeepCopy()
	bulkheadtest.Diff(want, got)
	bulkheadtest.Diff(want, generic)
	if diff := cmp.Diff(secret(), want) + cmp.Diff(before, generic); diff != "" {
		t.Error(diff)
	}
}
