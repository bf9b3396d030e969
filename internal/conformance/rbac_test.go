// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/component-helpers/auth/rbac/validation"
	rbacregistry "k8s.io/kubernetes/pkg/registry/rbac/validation"
	authorizers "k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/rbac"
)

var (
	authorized = flag.Int("requests", 100_000, "requests that are authorized in process")
	askedLive  = flag.Int("reviews", 5_000, "requests that a running server is asked about")
)

// requestsAWorld is how many requests are asked of the same roles and bindings.
const requestsAWorld = 100

// Whatever the roles and bindings, a request is allowed if the RBAC authorizer of
// kube-apiserver allows it.
func TestRBACAnswersAsTheAuthorizer(t *testing.T) {
	allowed, unknown := 0, 0
	for n := 0; n < *authorized; n += requestsAWorld {
		l := lottery{rand.New(rand.NewPCG(*seed, uint64(n)))}
		objs := l.rights("a", "b")
		ours, theirs := rbac.New(objs, rbac.Options{}), authorizerOf(objs)
		for range requestsAWorld {
			who, request := l.user("a", "b"), l.request("a", "b")
			got := ours.Allowed(who, request)
			decision, reason, err := theirs.Authorize(t.Context(), attributesOf(who, request))
			if err != nil {
				t.Fatal(err)
			}
			want := decision == authorizer.DecisionAllow
			if want {
				allowed++
			}
			if got.Answer == identity.Unknown {
				unknown++
			}
			if (got.Answer == identity.Yes) != want || got.Answer == identity.Unknown && len(got.Missing) == 0 {
				t.Fatalf("%+v asks for %+v: ours %+v, theirs %v %s\n%s", who, request, got, want, reason, inYAML(objs))
			}
		}
	}
	count(*authorized)
	t.Logf("%d of %d are allowed, %d are left open by roles that are not there", allowed, *authorized, unknown)
}

// A running server answers SubjectAccessReviews as we do.
func TestRBACAnswersAsTheServer(t *testing.T) {
	s := newStage(t)
	const aWorld = 250
	allowed := 0
	for n := 0; n < *askedLive; n += aWorld {
		l := lottery{rand.New(rand.NewPCG(*seed, uint64(n)))}
		names := []string{fmt.Sprintf("rights-%d-a", n), fmt.Sprintf("rights-%d-b", n)}
		objs := slices.DeleteFunc(l.rights(names...), unusable)
		for _, name := range names {
			s.set(&corev1.Namespace{TypeMeta: typeMeta("v1", "Namespace"), ObjectMeta: metav1.ObjectMeta{Name: name}})
		}
		s.set(objs...)
		time.Sleep(settled)
		ours := rbac.New(s.allRights(), rbac.Options{Whole: true})
		for range aWorld {
			who, request := l.user(names...), l.request(names...)
			review := reviewOf(who, request)
			theirs, err := s.client.AuthorizationV1().SubjectAccessReviews().Create(t.Context(), review, metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if theirs.Status.Allowed {
				allowed++
			}
			got := ours.Allowed(who, request)
			if (got.Answer == identity.Yes) != theirs.Status.Allowed && !slices.Contains(who.Groups, "system:masters") {
				t.Fatalf("%+v asks for %+v: ours %+v, theirs %+v\n%s", who, request, got, theirs.Status, inYAML(objs))
			}
		}
		for _, obj := range objs {
			s.remove(obj)
		}
	}
	count(*askedLive)
	t.Logf("%d of %d are allowed", allowed, *askedLive)
}

// allRights returns the roles and bindings of a server, with those that it makes
// itself.
func (s stage) allRights() []bulkhead.Object {
	s.t.Helper()
	ctx, list := s.t.Context(), metav1.ListOptions{}
	client := s.client.RbacV1()
	roles, err := client.Roles("").List(ctx, list)
	clusterRoles, err2 := client.ClusterRoles().List(ctx, list)
	bindings, err3 := client.RoleBindings("").List(ctx, list)
	clusterBindings, err4 := client.ClusterRoleBindings().List(ctx, list)
	if err := errors.Join(err, err2, err3, err4); err != nil {
		s.t.Fatal(err)
	}
	var out []bulkhead.Object
	for i := range roles.Items {
		out = append(out, &roles.Items[i])
	}
	for i := range clusterRoles.Items {
		out = append(out, &clusterRoles.Items[i])
	}
	for i := range bindings.Items {
		out = append(out, &bindings.Items[i])
	}
	for i := range clusterBindings.Items {
		out = append(out, &clusterBindings.Items[i])
	}
	return out
}

// The roles that every cluster has are known without being among the objects: they
// give what the server's own give, and no more.
func TestBuiltinRolesAreTheServers(t *testing.T) {
	roles := make(map[string]rbacv1.ClusterRole)
	for _, role := range bootstrappolicy.ClusterRoles() {
		roles[role.Name] = role
	}
	known := 0
	for name, role := range roles {
		bound := &rbacv1.ClusterRoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: name}, RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name},
			Subjects: []rbacv1.Subject{{Kind: "User", Name: "jane"}},
		}
		rights, err := rbac.New([]bulkhead.Object{bound}, rbac.Options{}).Rights(rbac.Boundary{Users: []rbac.User{{Name: "jane"}}, Away: []string{"prod"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(rights) == 0 {
			continue // is not one of those that are known
		}
		known++
		var ours []rbacv1.PolicyRule
		for _, right := range rights {
			ours = append(ours, right.Rule)
		}
		theirs := aggregatedRules(roles, role)
		if ok, lacks := validation.Covers(ours, theirs); !ok {
			t.Errorf("%s lacks %v", name, lacks)
		}
		if ok, excess := validation.Covers(theirs, ours); !ok {
			t.Errorf("%s has %v too much", name, excess)
		}
	}
	if known < 8 {
		t.Errorf("only %d roles are known", known)
	}
	count(known)
}

// aggregatedRules returns the rules of a role as its controller writes them.
func aggregatedRules(roles map[string]rbacv1.ClusterRole, role rbacv1.ClusterRole) []rbacv1.PolicyRule {
	out := slices.Clone(role.Rules)
	if role.AggregationRule == nil {
		return out
	}
	for _, selector := range role.AggregationRule.ClusterRoleSelectors {
		for _, other := range roles {
			for key, value := range selector.MatchLabels {
				if other.Labels[key] == value {
					out = append(out, aggregatedRules(roles, other)...)
				}
			}
		}
	}
	return out
}

func authorizerOf(objs []bulkhead.Object) *authorizers.RBACAuthorizer {
	_, static := rbacregistry.NewTestRuleResolver(
		slices.Collect(bulkhead.Each[*rbacv1.Role](objs)), slices.Collect(bulkhead.Each[*rbacv1.RoleBinding](objs)),
		slices.Collect(bulkhead.Each[*rbacv1.ClusterRole](objs)), slices.Collect(bulkhead.Each[*rbacv1.ClusterRoleBinding](objs)))
	return authorizers.New(static, static, static, static)
}

func attributesOf(who rbac.User, r rbac.Request) authorizer.Attributes {
	return authorizer.AttributesRecord{
		User: &user.DefaultInfo{Name: who.Name, Groups: who.Groups}, Verb: r.Verb, Namespace: r.Namespace, APIGroup: r.Group, APIVersion: "v1",
		Resource: r.Resource, Subresource: r.Subresource, Name: r.Name, Path: r.Path, ResourceRequest: r.Path == "",
	}
}

func reviewOf(who rbac.User, r rbac.Request) *authorizationv1.SubjectAccessReview {
	out := &authorizationv1.SubjectAccessReview{Spec: authorizationv1.SubjectAccessReviewSpec{User: who.Name, Groups: who.Groups}}
	if r.Path != "" {
		out.Spec.NonResourceAttributes = &authorizationv1.NonResourceAttributes{Path: r.Path, Verb: r.Verb}
		return out
	}
	out.Spec.ResourceAttributes = &authorizationv1.ResourceAttributes{
		Namespace: r.Namespace, Verb: r.Verb, Group: r.Group, Resource: r.Resource, Subresource: r.Subresource, Name: r.Name,
	}
	return out
}

// unusable reports whether a server refuses an object.
func unusable(obj bulkhead.Object) bool {
	for _, f := range identity.Validate(obj) {
		if f.Rule == identity.Invalid {
			return true
		}
	}
	return false
}

// rights draws roles and bindings, of which some lead nowhere.
func (l lottery) rights(namespaces ...string) []bulkhead.Object {
	var out []bulkhead.Object
	suffix := strings.Join(namespaces, "-")
	for i := range 3 {
		cluster := &rbacv1.ClusterRole{TypeMeta: typeMeta("rbac.authorization.k8s.io/v1", "ClusterRole"), ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("c%d-%s", i, suffix)}}
		role := &rbacv1.Role{TypeMeta: typeMeta("rbac.authorization.k8s.io/v1", "Role"), ObjectMeta: metav1.ObjectMeta{Namespace: draw(l, namespaces...), Name: fmt.Sprintf("r%d", i)}}
		for range 1 + l.IntN(5) {
			role.Rules = append(role.Rules, l.rule(false))
			cluster.Rules = append(cluster.Rules, l.rule(l.chance(4)))
		}
		out = append(out, cluster, role)
	}
	for i := range 12 {
		ref := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: fmt.Sprintf("c%d-%s", l.IntN(4), suffix)} // one is missing
		meta := metav1.ObjectMeta{Name: fmt.Sprintf("b%d-%s", i, suffix)}
		if l.chance(3) {
			out = append(out, &rbacv1.ClusterRoleBinding{TypeMeta: typeMeta("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"), ObjectMeta: meta, RoleRef: ref, Subjects: l.subjects(namespaces...)})
			continue
		}
		if l.chance(2) {
			ref.Kind, ref.Name = "Role", fmt.Sprintf("r%d", l.IntN(4))
		}
		meta.Namespace = draw(l, namespaces...)
		out = append(out, &rbacv1.RoleBinding{TypeMeta: typeMeta("rbac.authorization.k8s.io/v1", "RoleBinding"), ObjectMeta: meta, RoleRef: ref, Subjects: l.subjects(namespaces...)})
	}
	return out
}

func (l lottery) rule(ofPaths bool) rbacv1.PolicyRule {
	some := func(from ...string) []string {
		var out []string
		for range 1 + l.IntN(4) {
			out = append(out, draw(l, from...))
		}
		return out
	}
	verbs := some("get", "list", "create", "*", "use", "GET", "deletecollection")
	if ofPaths {
		return rbacv1.PolicyRule{Verbs: verbs, NonResourceURLs: some("/metrics", "/api*", "/api/*", "*", "/", "/healthz*")}
	}
	out := rbacv1.PolicyRule{
		Verbs: verbs, APIGroups: some("", "apps", "*", "Apps"),
		Resources: some("pods", "pods/exec", "*/exec", "pods/*", "*", "*/*", "*/", "secrets", "deployments", "deployments/scale", "Pods"),
	}
	if l.chance(3) {
		out.ResourceNames = some("one", "two", "*")
	}
	return out
}

func (l lottery) subjects(namespaces ...string) []rbacv1.Subject {
	var out []rbacv1.Subject
	for range 1 + l.IntN(3) {
		switch l.IntN(4) {
		case 0:
			out = append(out, rbacv1.Subject{Kind: "User", APIGroup: rbacv1.GroupName, Name: l.user(namespaces...).Name})
		case 1:
			out = append(out, rbacv1.Subject{Kind: "Group", APIGroup: rbacv1.GroupName, Name: draw(l, "devs", "system:serviceaccounts", "system:authenticated", "system:serviceaccounts:"+namespaces[0])})
		case 2:
			out = append(out, rbacv1.Subject{Kind: "ServiceAccount", Namespace: draw(l, append(namespaces, "")...), Name: draw(l, "app", "default")})
		case 3:
			out = append(out, rbacv1.Subject{Kind: "ServiceAccount", Namespace: draw(l, namespaces...), Name: draw(l, "app", "default")})
		}
	}
	return out
}

func (l lottery) user(namespaces ...string) rbac.User {
	switch l.IntN(4) {
	case 0:
		return rbac.User{Name: "jane", Groups: []string{"devs", "system:authenticated"}}
	case 1:
		return rbac.User{Name: "system:serviceaccount:" + draw(l, namespaces...) + ":app"} // without its groups
	case 2:
		return rbac.User{Name: "joe"}
	default:
		return rbac.Account(draw(l, namespaces...), draw(l, "app", "default"))
	}
}

func (l lottery) request(namespaces ...string) rbac.Request {
	verb := draw(l, "get", "list", "create", "use", "delete", "deletecollection", "GET", "*")
	if l.chance(5) {
		return rbac.Request{Verb: verb, Path: draw(l, "/metrics", "/api", "/api/v1", "/apis", "/", "/healthz/ping", "*")}
	}
	return rbac.Request{
		Verb: verb, Group: draw(l, "", "apps", "Apps", "*"), Resource: draw(l, "pods", "secrets", "deployments", "Pods", "*"),
		Subresource: draw(l, "", "", "exec", "scale", "*"), Namespace: draw(l, append(namespaces, "", "c")...), Name: draw(l, "", "one", "two", "*"),
	}
}
