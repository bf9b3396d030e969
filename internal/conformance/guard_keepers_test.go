// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/internal/conformance/servers"
)

// as returns a client that acts for somebody else.
func as(t *testing.T, config *rest.Config, name string, groups ...string) *kubernetes.Clientset {
	t.Helper()
	config = rest.CopyConfig(config)
	config.Impersonate = rest.ImpersonationConfig{UserName: name, Groups: append(groups, "system:authenticated")}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

const merge = types.MergePatchType

// attempts lists what somebody may try to do to the guards of a namespace, in which
// there is one of each, named x.
func attempts(ctx context.Context, c *kubernetes.Clientset, home string) map[string]func() error {
	dry := []string{metav1.DryRunAll}
	created, patched, deleted := metav1.CreateOptions{DryRun: dry}, metav1.PatchOptions{DryRun: dry}, metav1.DeleteOptions{DryRun: dry}
	label := []byte(`{"metadata":{"labels":{"a":"b"}}}`)
	y := metav1.ObjectMeta{Namespace: home, Name: "y"}
	identity := metav1.ObjectMeta{Namespace: home, Name: "y", Annotations: map[string]string{"iam.gke.io/gcp-service-account": "a@b"}}
	last := func(_ any, err error) error { return err }
	core, net, roles := c.CoreV1(), c.NetworkingV1().NetworkPolicies(home), c.RbacV1()
	return map[string]func() error{
		"create a quota": func() error {
			return last(core.ResourceQuotas(home).Create(ctx, &corev1.ResourceQuota{ObjectMeta: y}, created))
		},
		"raise a quota": func() error {
			return last(core.ResourceQuotas(home).Patch(ctx, "x", merge, []byte(`{"spec":{"hard":{"pods":"9"}}}`), patched))
		},
		"label a quota":  func() error { return last(core.ResourceQuotas(home).Patch(ctx, "x", merge, label, patched)) },
		"delete a quota": func() error { return core.ResourceQuotas(home).Delete(ctx, "x", deleted) },
		"delete all quotas": func() error {
			return core.ResourceQuotas(home).DeleteCollection(ctx, deleted, metav1.ListOptions{})
		},
		"create a limit range": func() error {
			return last(core.LimitRanges(home).Create(ctx, &corev1.LimitRange{ObjectMeta: y}, created))
		},
		"delete a limit range":    func() error { return core.LimitRanges(home).Delete(ctx, "x", deleted) },
		"create a network policy": func() error { return last(net.Create(ctx, &networkingv1.NetworkPolicy{ObjectMeta: y}, created)) },
		"open a network policy":   func() error { return last(net.Patch(ctx, "x", merge, []byte(`{"spec":{"egress":[{}]}}`), patched)) },
		"delete a network policy": func() error { return net.Delete(ctx, "x", deleted) },
		"create a role":           func() error { return last(roles.Roles(home).Create(ctx, &rbacv1.Role{ObjectMeta: y}, created)) },
		"delete a role":           func() error { return roles.Roles(home).Delete(ctx, "x", deleted) },
		"delete a role binding":   func() error { return roles.RoleBindings(home).Delete(ctx, "x", deleted) },
		"create a role binding": func() error {
			binding := &rbacv1.RoleBinding{ObjectMeta: y, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "admin"}}
			return last(roles.RoleBindings(home).Create(ctx, binding, created))
		},
		"create an account with an identity": func() error {
			return last(core.ServiceAccounts(home).Create(ctx, &corev1.ServiceAccount{ObjectMeta: identity}, created))
		},
		"give an account an identity": func() error {
			patch := []byte(`{"metadata":{"annotations":{"eks.amazonaws.com/role-arn":"arn"}}}`)
			return last(core.ServiceAccounts(home).Patch(ctx, "x", merge, patch, patched))
		},
		"lower the level of the namespace": func() error {
			patch := []byte(`{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"privileged"}}}`)
			return last(core.Namespaces().Patch(ctx, home, merge, patch, patched))
		},
		"leave the selectors of the policies": func() error {
			patch := []byte(`{"metadata":{"labels":{"kubernetes.io/metadata.name":"other","a":"b"}}}`)
			return last(core.Namespaces().Patch(ctx, home, merge, patch, patched))
		},
		"delete the namespace": func() error { return core.Namespaces().Delete(ctx, home, deleted) },
	}
}

// harmless lists what guards leave alone.
func harmless(ctx context.Context, c *kubernetes.Clientset, home string) map[string]func() error {
	dry := []string{metav1.DryRunAll}
	core := c.CoreV1()
	last := func(_ any, err error) error { return err }
	note := []byte(`{"metadata":{"annotations":{"a":"b"}}}`)
	return map[string]func() error{
		"create an account": func() error {
			account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: home, Name: "y"}}
			return last(core.ServiceAccounts(home).Create(ctx, account, metav1.CreateOptions{DryRun: dry}))
		},
		"annotate an account": func() error {
			return last(core.ServiceAccounts(home).Patch(ctx, "x", merge, note, metav1.PatchOptions{DryRun: dry}))
		},
		"annotate the namespace": func() error {
			return last(core.Namespaces().Patch(ctx, home, merge, note, metav1.PatchOptions{DryRun: dry}))
		},
		"create a config map": func() error {
			config := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: home, Name: "y"}}
			return last(core.ConfigMaps(home).Create(ctx, config, metav1.CreateOptions{DryRun: dry}))
		},
	}
}

// walls are what the attempts are made on, and what is harmless.
func walls(home string) []bulkhead.Object {
	meta := metav1.ObjectMeta{Namespace: home, Name: "x"}
	return []bulkhead.Object{
		&corev1.ResourceQuota{ObjectMeta: meta, Spec: corev1.ResourceQuotaSpec{Hard: amountsOf("pods", "5")}},
		&corev1.LimitRange{ObjectMeta: meta}, &networkingv1.NetworkPolicy{ObjectMeta: meta}, &rbacv1.Role{ObjectMeta: meta},
		&rbacv1.RoleBinding{ObjectMeta: meta, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "x"}},
		&corev1.ServiceAccount{ObjectMeta: meta}, &corev1.ConfigMap{ObjectMeta: meta},
	}
}

func TestKeepers(t *testing.T) {
	const home = "kept"
	s := newSite(t, cluster(t, servers.ControllerManager).Config)
	s.home(t, home)
	for _, obj := range walls(home) {
		if _, err := s.apply(t.Context(), obj); err != nil {
			t.Fatal(err)
		}
	}
	// All of them may do everything; only the guard is in the way.
	rights := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "kept-tenants"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
		Subjects: []rbacv1.Subject{
			{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: "tenant"},
			{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: "keeper"},
			{Kind: rbacv1.ServiceAccountKind, Namespace: "platform", Name: "operator"},
			{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: "platform-team"},
		},
	}
	s.put(t, rights)
	s.put(t, bulkhead.Must(guard.Enforce(home, guard.Keepers(
		rbacv1.Subject{Kind: rbacv1.GroupKind, Name: "system:masters"},
		rbacv1.Subject{Kind: rbacv1.GroupKind, Name: "platform-team"},
		rbacv1.Subject{Kind: rbacv1.UserKind, Name: "keeper"},
		rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: "platform", Name: "operator"},
	))).Objects()...)

	tenant := as(t, s.config, "tenant")
	eventually(t, "the policy holds", func() bool {
		return byGuard(attempts(t.Context(), tenant, home)["delete a quota"]())
	})
	for name, attempt := range attempts(t.Context(), tenant, home) {
		if err := attempt(); !byGuard(err) {
			t.Errorf("a tenant may %s: %v", name, err)
		}
	}
	for name, do := range harmless(t.Context(), tenant, home) {
		if err := do(); err != nil {
			t.Errorf("a tenant may not %s: %v", name, err)
		}
	}
	for who, keeper := range map[string]*kubernetes.Clientset{
		"the user":    as(t, s.config, "keeper"),
		"the account": as(t, s.config, "system:serviceaccount:platform:operator", "system:serviceaccounts", "system:serviceaccounts:platform"),
		"the group":   as(t, s.config, "ann", "platform-team"),
	} {
		for name, attempt := range attempts(t.Context(), keeper, home) {
			if err := attempt(); err != nil {
				t.Errorf("%s may not %s: %v", who, name, err)
			}
		}
	}

	quotas := s.client.CoreV1().ResourceQuotas(home)
	eventually(t, "the controller of quotas writes the status", func() bool {
		q, err := quotas.Get(t.Context(), "x", metav1.GetOptions{})
		return err == nil && len(q.Status.Hard) > 0
	})
	// The garbage collector deletes what has lost its owner, and releases what is to
	// outlive it.
	owner, err := s.client.CoreV1().ConfigMaps(home).Get(t.Context(), "x", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	owned := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{
		Namespace: home, Name: "owned",
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: owner.Name, UID: owner.UID}},
	}}
	if _, err := quotas.Create(t.Context(), owned, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := s.client.CoreV1().ConfigMaps(home).Delete(t.Context(), owner.Name, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the garbage collector deletes what has lost its owner", func() bool {
		_, err := quotas.Get(t.Context(), "owned", metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
	if err := s.client.CoreV1().Namespaces().Delete(t.Context(), home, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the namespace is gone", func() bool {
		_, err := s.client.CoreV1().Namespaces().Get(t.Context(), home, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
}
