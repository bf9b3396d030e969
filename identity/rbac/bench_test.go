// SPDX-License-Identifier: Apache-2.0

package rbac_test

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/rbac"
)

// many are accounts in namespaces of ten, each of which may run pods in the next
// namespace, so that the first reaches all; and bindings of all kinds beside them.
func many(bindings int) []bulkhead.Object {
	accounts := bindings / 10
	var objs []bulkhead.Object
	namespaceOf := func(i int) string { return fmt.Sprintf("ns-%d", i/10) }
	for _, name := range []string{"edit", "view"} {
		objs = append(objs, &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name + "-of-ours"}, Rules: []rbacv1.PolicyRule{
			rule("get,list,watch pods,services,endpoints"), rule("create pods"), rule("update deployments.apps"),
		}})
	}
	for i := range accounts {
		objs = append(objs, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespaceOf(i), Name: fmt.Sprint("a", i)}})
	}
	for i := range bindings {
		where := fmt.Sprintf("ns-%d", i%accounts/10+1)
		objs = append(objs, &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Namespace: where, Name: fmt.Sprint("b", i)},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: []string{"edit", "view"}[i%2] + "-of-ours"},
			Subjects:   []rbacv1.Subject{serviceAccount(namespaceOf(i%accounts), fmt.Sprint("a", i%accounts))},
		})
	}
	return objs
}

// BenchmarkNoAccess reads a cluster and closes over what rights lead to.
func BenchmarkNoAccess(b *testing.B) {
	for _, bindings := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(bindings), func(b *testing.B) {
			objs := many(bindings)
			last := fmt.Sprintf("ns-%d", bindings/100)
			b.ReportAllocs()
			for b.Loop() {
				proof, err := rbac.New(objs, known()).NoAccess(rbac.Boundary{From: []string{"ns-0"}, Away: []string{last}})
				if err != nil || proof.Verdict != bulkhead.Breached {
					b.Fatal(proof.Verdict, err)
				}
			}
		})
	}
}
