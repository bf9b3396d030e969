// SPDX-License-Identifier: Apache-2.0

package rbac_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/rbac"
)

// hostile are clusters of n objects each, in which whatever follows each pair of two
// things would not end.
func hostile(n int) map[string][]bulkhead.Object {
	clusterRole := func(name string, labels map[string]string, rules ...string) *rbacv1.ClusterRole {
		o := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}
		for _, text := range rules {
			o.Rules = append(o.Rules, rule(text))
		}
		return o
	}
	selecting := func(labels map[string]string) *rbacv1.AggregationRule {
		return &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{{MatchLabels: labels}}}
	}
	bound := func(name, role, where string, subject rbacv1.Subject) bulkhead.Object {
		o := to(role, where, subject)
		o.SetName(name)
		return o
	}
	space := func(i int) string { return fmt.Sprintf("ns-%d", i) }
	out := make(map[string][]bulkhead.Object)
	add := func(name string, objs ...bulkhead.Object) { out[name] = append(out[name], objs...) }
	everybody := group("system:serviceaccounts")
	app := serviceAccount("staging", "app")

	many := clusterRole("many", nil)
	names := make([]string, n)
	for i := range n {
		names[i] = fmt.Sprint("x", i)
		many.Rules = append(many.Rules, rule("create,get,patch,bind,escalate,impersonate * named x"+fmt.Sprint(i)))
	}
	joint := []string{
		"create rolebindings.rbac.authorization.k8s.io", "bind clusterroles.rbac.authorization.k8s.io named view", "create,get secrets named a",
		"patch rolebindings.rbac.authorization.k8s.io",
	}
	add("everything is bound to everybody in every namespace", clusterRole("all", nil, "create pods", "create pods/exec", "get secrets", "* *.apps"))
	add("everybody has each half of something everywhere", clusterRole("halves", nil, joint...))
	add("a role with many rules, bound in many namespaces", many)
	add("a right over many names in every namespace", clusterRole("names", nil, "create serviceaccounts/token named "+strings.Join(names, ",")), bound("b", "names", "", app))
	add("a chain of tokens", clusterRole("token", nil, "create secrets", "get secrets"))
	for i := range n {
		id := fmt.Sprint(i)
		account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: space(i), Name: "app"}}
		next := clusterRole("chain-"+id, map[string]string{"chain": id}, "get secrets named "+id)
		next.AggregationRule = selecting(map[string]string{"chain": fmt.Sprint(i + 1)})
		mesh := clusterRole("mesh-"+id, map[string]string{"mesh": "yes"}, "get secrets named "+id)
		mesh.AggregationRule = selecting(map[string]string{"mesh": "yes"})
		before := serviceAccount(space(i-1), "app")
		if i == 0 {
			before = app
		}
		add("everything is bound to everybody in every namespace", account, bound("b"+id, "all", "", everybody), bound("c"+id, "all", "", serviceAccount(space(i), "app")))
		add("everybody has each half of something everywhere", account, bound("b"+id, "halves", space(i), everybody), bound("c"+id, "halves", space(i), serviceAccount(space(i), "app")))
		add("a role with many rules, bound in many namespaces", bound("b"+id, "many", space(i), app), bound("c"+id, "many", space(i), everybody))
		add("a right over many names in every namespace", account)
		add("a chain of tokens", account, bound("b"+id, "token", space(i), before))
		add("roles that select the next", next, bound("b"+id, next.Name, space(i), app))
		add("roles that select each other", mesh, bound("b"+id, mesh.Name, space(i), app))
		add("objects of one name", clusterRole("one", nil, "get secrets named "+id), bound("b"+id, "one", space(i), app))
	}
	return out
}

// Rights that are limited to names in more rules than anybody writes count as not
// limited.
func TestManyRules(t *testing.T) {
	token := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: "tools", Name: "old", Annotations: map[string]string{"kubernetes.io/service-account.name": "deployer"}},
		Type:       corev1.SecretTypeServiceAccountToken,
	}
	for n, want := range map[int]string{100: "Sealed", 101: "Breached " + rbac.ReadsSecrets} {
		var rules []string
		for i := range n {
			rules = append(rules, fmt.Sprint("get secrets named x", i))
		}
		objs := slices.Concat(base(), given("tools/deployer", "get secrets", "prod"), given("staging/app", strings.Join(rules, ";"), "tools"), []bulkhead.Object{token})
		if got := answer(prove(t, objs, known())); got != want {
			t.Errorf("%d rules: %s, want %s", n, got, want)
		}
	}
}

// What takes long grows with what there is, and not with its square.
func BenchmarkHostile(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		for name, objs := range hostile(n) {
			b.Run(fmt.Sprint(strings.ReplaceAll(name, " ", "-"), "/", n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := rbac.New(objs, known()).NoAccess(boundary()); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
