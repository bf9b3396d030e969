// SPDX-License-Identifier: Apache-2.0

package rbac_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"sigs.k8s.io/yaml"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/rbac"
)

func custom(t *testing.T, manifest string) bulkhead.Object {
	t.Helper()
	var u unstructured.Unstructured
	if err := yaml.Unmarshal([]byte(manifest), &u.Object); err != nil {
		t.Fatal(err)
	}
	return &u
}

// to gives subjects a ClusterRole, in a namespace or with an empty one in all.
func to(role, where string, subjects ...rbacv1.Subject) bulkhead.Object {
	ref := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role}
	if where == "" {
		return &rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: role}, RoleRef: ref, Subjects: subjects}
	}
	return &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Namespace: where, Name: role}, RoleRef: ref, Subjects: subjects}
}

func group(name string) rbacv1.Subject { return rbacv1.Subject{Kind: "Group", Name: name} }

func serviceAccount(namespace, name string) rbacv1.Subject {
	return rbacv1.Subject{Kind: "ServiceAccount", Namespace: namespace, Name: name}
}

func daemonSet(t *testing.T, namespace, account string) bulkhead.Object {
	return custom(t, `{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent, namespace: `+namespace+`}, spec: {template: {spec: {serviceAccountName: `+account+`, containers: []}}}}`)
}

func ingress(namespace, host string) bulkhead.Object {
	return &networkingv1.Ingress{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "web"}, Spec: networkingv1.IngressSpec{Rules: []networkingv1.IngressRule{{Host: host}}},
	}
}

func route(namespace, kind, spec string) bulkhead.Object {
	return bulkhead.Must(manifest.Read("", strings.NewReader("{apiVersion: gateway.networking.k8s.io/v1, kind: "+kind+", metadata: {name: r, namespace: "+namespace+"}, spec: {"+spec+"}}"))).Objects[0]
}

// What is bound, aggregated, mounted or granted decides, not which names are near.
func TestProofs(t *testing.T) {
	view := to("view", "", serviceAccount("staging", "app"))
	aggregated := &rbacv1.ClusterRole{
		ObjectMeta:      metav1.ObjectMeta{Name: "monitoring"},
		AggregationRule: &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{{MatchLabels: map[string]string{"monitoring": "yes"}}}},
	}
	member := func(label string) bulkhead.Object {
		return &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "member", Labels: map[string]string{"monitoring": label}}, Rules: []rbacv1.PolicyRule{rule("get secrets")}}
	}
	store := func(conditions string) bulkhead.Object {
		return custom(t, `{apiVersion: external-secrets.io/v1, kind: ClusterSecretStore, metadata: {name: s}, spec: {provider: {kubernetes: {remoteNamespace: prod}}, `+conditions+`}}`)
	}
	referenceGrant := func(from, kind string) bulkhead.Object {
		return custom(t, `{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {name: g, namespace: prod}, spec: {from: [{kind: `+kind+`, namespace: `+from+`}]}}`)
	}
	token := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "tools", Name: "old", Annotations: map[string]string{"kubernetes.io/service-account.name": "deployer"}}, Type: corev1.SecretTypeServiceAccountToken}
	asDeployer := given("tools/deployer", "get secrets", "prod")
	ofTools := func(name, rules string) bulkhead.Object {
		return &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Namespace: "tools", Name: name}, Rules: []rbacv1.PolicyRule{rule(rules)}}
	}
	boundInTools := []bulkhead.Object{
		ofTools("reader", "get services"),
		&rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Namespace: "tools", Name: "reader"}, RoleRef: rbacv1.RoleRef{Kind: "Role", Name: "reader"},
			Subjects: []rbacv1.Subject{serviceAccount("staging", "default")},
		},
	}
	awsAuth := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "kube-system", Name: "aws-auth"}}
	shared := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "p"}, Spec: corev1.PodSpec{ShareProcessNamespace: new(true)}}
	noNamespace := serviceAccount("", "app")
	tests := map[string]struct {
		objs []bulkhead.Object
		want string
	}{
		"nothing is shared": {nil, "Sealed"},

		"41 a binding of production names an account of staging":   {[]bulkhead.Object{to("edit", "prod", serviceAccount("staging", "app"))}, "Breached rbac/runs-pods"},
		"41 or all accounts of staging":                            {[]bulkhead.Object{to("edit", "prod", group("system:serviceaccounts:staging"))}, "Breached rbac/runs-pods"},
		"41 or all accounts":                                       {[]bulkhead.Object{to("edit", "prod", group("system:serviceaccounts"))}, "Breached rbac/runs-pods"},
		"41 or whoever has a login":                                {[]bulkhead.Object{to("view", "prod", group("system:authenticated"))}, "Breached rbac/reads-configmaps"},
		"41 or whoever has none":                                   {[]bulkhead.Object{to("view", "prod", group("system:unauthenticated"))}, "Breached rbac/reads-configmaps"},
		"41 or an account by the name that users have":             {[]bulkhead.Object{to("edit", "prod", rbacv1.Subject{Kind: "User", Name: "system:serviceaccount:staging:app"})}, "Breached rbac/runs-pods"},
		"an account that is yet to be made":                        {[]bulkhead.Object{to("edit", "prod", serviceAccount("staging", "later"))}, "Breached rbac/runs-pods"},
		"accounts of production only":                              {[]bulkhead.Object{to("edit", "prod", group("system:serviceaccounts:prod"))}, "Sealed"},
		"42 view in every namespace":                               {[]bulkhead.Object{view}, "Breached rbac/reads-configmaps"},
		"42 a ClusterRole in staging alone":                        {[]bulkhead.Object{to("edit", "staging", serviceAccount("staging", "app"))}, "Sealed"},
		"45 an aggregated ClusterRole":                             {[]bulkhead.Object{aggregated, member("yes"), to("monitoring", "", serviceAccount("staging", "app"))}, "Breached rbac/reads-secrets"},
		"45 whose selector leaves the other out":                   {[]bulkhead.Object{aggregated, member("no"), to("monitoring", "", serviceAccount("staging", "app"))}, "Sealed"},
		"K26 an account of a RoleBinding without a namespace":      {[]bulkhead.Object{to("edit", "prod", noNamespace)}, "Sealed"},
		"K26 the same in a ClusterRoleBinding is nobody":           {[]bulkhead.Object{to("edit", "", noNamespace)}, "Sealed"},
		"a role that is not there":                                 {[]bulkhead.Object{to("gone", "prod", serviceAccount("staging", "app"))}, "Undetermined the rules of ClusterRole gone, which RoleBinding/prod/gone gives"},
		"a role that is not there, for somebody else":              {[]bulkhead.Object{to("gone", "prod", serviceAccount("prod", "app"))}, "Sealed"},
		"pods in a namespace whose account reaches production":     {slices.Concat(asDeployer, given("staging/app", "create pods", "tools")), "Breached rbac/reads-secrets"},
		"pods in one whose accounts do not":                        {given("staging/app", "create pods", "tools"), "Sealed"},
		"K08 a token that is asked for and read":                   {slices.Concat(asDeployer, given("staging/app", "create secrets", "tools"), given("staging/default", "get secrets", "tools"), []bulkhead.Object{&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "tools", Name: "x"}}}), "Breached rbac/reads-secrets"},
		"K08 one that is asked for and not read":                   {slices.Concat(asDeployer, given("staging/app", "create secrets", "tools")), "Sealed"},
		"K07 a token in a Secret":                                  {slices.Concat(asDeployer, given("staging/app", "get secrets named old", "tools"), []bulkhead.Object{token}), "Breached rbac/reads-secrets"},
		"K07 another Secret":                                       {slices.Concat(asDeployer, given("staging/app", "get secrets named new", "tools"), []bulkhead.Object{token}), "Sealed"},
		"K07 Secrets that are not among the objects":               {slices.Concat(asDeployer, given("staging/app", "get secrets", "tools")), "Undetermined whose tokens the Secrets of namespace tools hold, which are read"},
		"K07 nor matter, whoever they are of":                      {given("staging/app", "get secrets", "tools"), "Sealed"},
		"K09 the token of one account":                             {slices.Concat(asDeployer, given("staging/app", "create serviceaccounts/token named deployer", "tools")), "Breached rbac/reads-secrets"},
		"K09 that of another":                                      {slices.Concat(asDeployer, given("staging/app", "create serviceaccounts/token named default", "tools")), "Sealed"},
		"K11 a role of some name is bound":                         {given("staging/app", "create rolebindings.rbac.authorization.k8s.io;bind clusterroles.rbac.authorization.k8s.io named edit", "tools"), "Sealed"},
		"K11 a role of some name that reads in its namespace":      {slices.Concat(asDeployer, given("staging/app", "create rolebindings.rbac.authorization.k8s.io;bind clusterroles.rbac.authorization.k8s.io named view", "tools")), "Sealed"},
		"K11 one that runs pods there":                             {slices.Concat(asDeployer, given("staging/app", "create rolebindings.rbac.authorization.k8s.io;bind clusterroles.rbac.authorization.k8s.io named edit", "tools")), "Breached rbac/reads-secrets"},
		"K11 one that is not there":                                {slices.Concat(asDeployer, given("staging/app", "create rolebindings.rbac.authorization.k8s.io;bind clusterroles.rbac.authorization.k8s.io named gone", "tools")), "Undetermined the rules of ClusterRole gone, which may be bound"},
		"K11 who joins a binding":                                  {slices.Concat(asDeployer, given("staging/app", "patch rolebindings.rbac.authorization.k8s.io;bind clusterroles.rbac.authorization.k8s.io", "tools"), []bulkhead.Object{to("edit", "tools", serviceAccount("tools", "deployer"))}), "Breached rbac/reads-secrets"},
		"K11 who may not bind its role":                            {slices.Concat(asDeployer, given("staging/app", "patch rolebindings.rbac.authorization.k8s.io;bind clusterroles.rbac.authorization.k8s.io named view", "tools"), []bulkhead.Object{to("edit", "tools", serviceAccount("tools", "deployer"))}), "Sealed"},
		"K11 who may not change that binding":                      {slices.Concat(asDeployer, given("staging/app", "patch rolebindings.rbac.authorization.k8s.io named view;bind clusterroles.rbac.authorization.k8s.io", "tools"), []bulkhead.Object{to("edit", "tools", serviceAccount("tools", "deployer"))}), "Sealed"},
		"K11 a Role that binds and is bound":                       {slices.Concat(asDeployer, given("staging/app", "create rolebindings.rbac.authorization.k8s.io;bind roles.rbac.authorization.k8s.io named binder", "tools"), []bulkhead.Object{ofTools("binder", "bind clusterroles.rbac.authorization.k8s.io named edit")}), "Breached rbac/reads-secrets"},
		"K11 a Role that binds too little":                         {slices.Concat(asDeployer, given("staging/app", "create rolebindings.rbac.authorization.k8s.io;bind roles.rbac.authorization.k8s.io named binder", "tools"), []bulkhead.Object{ofTools("binder", "bind clusterroles.rbac.authorization.k8s.io named view")}), "Sealed"},
		"K13 a Role that is bound to it is rewritten":              {slices.Concat(asDeployer, given("staging/app", "update,escalate roles.rbac.authorization.k8s.io", "tools"), boundInTools), "Breached rbac/reads-secrets"},
		"K13 another Role":                                         {slices.Concat(asDeployer, given("staging/app", "update,escalate roles.rbac.authorization.k8s.io named other", "tools"), boundInTools), "Sealed"},
		"K13 another Role may be given more":                       {slices.Concat(asDeployer, given("staging/app", "update roles.rbac.authorization.k8s.io;escalate roles.rbac.authorization.k8s.io named other", "tools"), boundInTools), "Sealed"},
		"K13 a Role of nobody within reach":                        {slices.Concat(asDeployer, given("staging/app", "update,escalate roles.rbac.authorization.k8s.io", "tools"), boundInTools[:1]), "Sealed"},
		"K13 without the verb escalate":                            {slices.Concat(asDeployer, given("staging/app", "update roles.rbac.authorization.k8s.io", "tools"), boundInTools), "Sealed"},
		"K14 an account by name":                                   {slices.Concat(asDeployer, given("staging/app", "impersonate users named system:serviceaccount:tools:deployer", "")), "Breached rbac/reads-secrets"},
		"K14 one of production":                                    {given("staging/app", "impersonate users named system:serviceaccount:prod:app", ""), "Breached rbac/impersonates"},
		"K15 the halves of a certificate in two hands":             {slices.Concat(given("staging/app", "create certificatesigningrequests.certificates.k8s.io;update certificatesigningrequests.certificates.k8s.io/approval", ""), given("staging/default", "approve signers.certificates.k8s.io", "")), "Breached rbac/signs-certificates"},
		"K36 a cloud's identities are mapped":                      {slices.Concat(given("staging/app", "patch configmaps named aws-auth", "kube-system"), []bulkhead.Object{awsAuth}), "Breached rbac/maps-identities"},
		"K36 or perhaps":                                           {given("staging/app", "patch configmaps named aws-auth", "kube-system"), "Undetermined whether the cluster maps identities of a cloud by ConfigMap kube-system/aws-auth"},
		"K40 a proxy that impersonates":                            {slices.Concat(given("tools/deployer", "impersonate users", ""), given("staging/app", "create pods/exec", "tools")), "Breached rbac/impersonates"},
		"K19 everything in its own namespace, its labels among it": {given("staging/app", "* *.*", "staging"), "Breached rbac/privileged-pods rbac/redirects-services"},
		"K20 a level that lets privileged pods in":                 {[]bulkhead.Object{namespace("staging", "privileged")}, "Breached rbac/privileged-pods"},
		"K20 no level":                                             {[]bulkhead.Object{namespace("staging", "")}, "Undetermined what keeps privileged pods out of namespace staging: it enforces no level of Pod Security"},
		"K20 the account of a DaemonSet":                           {slices.Concat(asDeployer, []bulkhead.Object{namespace("staging", "privileged"), daemonSet(t, "tools", "deployer")}), "Breached rbac/privileged-pods rbac/reads-secrets"},
		"K35 pods that share processes":                            {[]bulkhead.Object{shared}, "Sealed"},
		"K22 claims may copy volumes":                              {[]bulkhead.Object{referenceGrant("staging", "PersistentVolumeClaim")}, "Breached rbac/makes-volumes"},
		"K24 routes may reach Services":                            {[]bulkhead.Object{referenceGrant("staging", "HTTPRoute")}, "Breached rbac/routes-traffic"},
		"K24 those of another namespace may":                       {[]bulkhead.Object{referenceGrant("tools", "HTTPRoute")}, "Sealed"},
		"K24 both answer for a host":                               {[]bulkhead.Object{ingress("prod", "shop.example.com"), ingress("staging", "Shop.example.com")}, "Breached rbac/routes-traffic"},
		"K24 a route answers for a host":                           {[]bulkhead.Object{ingress("prod", "shop.example.com"), route("staging", "GRPCRoute", "hostnames: [shop.example.com]")}, "Breached rbac/routes-traffic"},
		"K24 a Gateway answers for a host":                         {[]bulkhead.Object{ingress("prod", "shop.example.com"), route("staging", "Gateway", "listeners: [{hostname: other.example.com}, {hostname: shop.example.com}]")}, "Breached rbac/routes-traffic"},
		"K24 a Gateway answers for another":                        {[]bulkhead.Object{ingress("prod", "shop.example.com"), route("staging", "Gateway", "listeners: [{hostname: other.example.com}, {}]")}, "Sealed"},
		"K24 for different hosts":                                  {[]bulkhead.Object{ingress("prod", "shop.example.com"), ingress("staging", "staging.example.com")}, "Sealed"},
		"46 a store that is open to all":                           {slices.Concat(given("staging/app", "create externalsecrets.external-secrets.io", "staging"), []bulkhead.Object{store("conditions: []")}), "Breached rbac/foreign-secrets"},
		"46 a store for production":                                {slices.Concat(given("staging/app", "create externalsecrets.external-secrets.io", "staging"), []bulkhead.Object{store("conditions: [{namespaces: [prod]}]")}), "Sealed"},
		"46 a store for a pattern that is not anchored":            {slices.Concat(given("staging/app", "create externalsecrets.external-secrets.io", "staging"), []bulkhead.Object{store("conditions: [{namespaceRegexes: [tag]}]")}), "Breached rbac/foreign-secrets"},
		"46 a store for labels":                                    {slices.Concat(given("staging/app", "create externalsecrets.external-secrets.io", "staging"), []bulkhead.Object{store("conditions: [{namespaceSelector: {matchLabels: {stage: prod}}}]")}), "Sealed"},
		"46 a store whose condition cannot be read":                {slices.Concat(given("staging/app", "create externalsecrets.external-secrets.io", "staging"), []bulkhead.Object{store("conditions: [{namespaces: prod}]")}), "Undetermined which namespaces ClusterSecretStore/s is open to: a condition cannot be read"},
		"46 a store for labels that staging may give itself":       {slices.Concat(given("staging/app", "create externalsecrets.external-secrets.io;patch namespaces", "staging"), []bulkhead.Object{namespace("prod", "baseline"), store("conditions: [{namespaceSelector: {matchLabels: {stage: prod}}}]")}), "Breached rbac/foreign-secrets rbac/privileged-pods"},
		"46 nobody may ask it":                                     {[]bulkhead.Object{store("conditions: []")}, "Sealed"},
		"47 a deputy in the cloud that is not known":               {given("staging/app", "create iampartialpolicies.iam.cnrm.cloud.google.com", "staging"), "Undetermined how far what Config Connector may do reaches, which acts for ServiceAccount staging/app"},
		"K29 applications of a deployer":                           {given("staging/app", "create applications.argoproj.io", "staging"), "Undetermined how far what Argo CD may do reaches, which acts for ServiceAccount staging/app"},
		"K29 reading them":                                         {given("staging/app", "get applications.argoproj.io", "staging"), "Sealed"},
		"a role of a version that is not read":                     {[]bulkhead.Object{custom(t, `{apiVersion: rbac.authorization.k8s.io/v1beta1, kind: Role, metadata: {name: r, namespace: prod}}`)}, "Undetermined what Role/prod/r says: it is not of version v1, or a field has another type"},
		"a binding that leaves its namespace out":                  {[]bulkhead.Object{&rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "r"}}}, "Undetermined in which namespace RoleBinding/r is"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			objs := base()
			for _, obj := range tt.objs { // in the place of one of its name
				objs = slices.DeleteFunc(objs, func(o bulkhead.Object) bool { return bulkhead.RefTo(o) == bulkhead.RefTo(obj) })
				objs = append(objs, obj)
			}
			if got := answer(prove(t, objs, known())); got != tt.want {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}

// What the options do not say leaves the answer open.
func TestOptions(t *testing.T) {
	exec := given("staging/app", "get pods/exec", "prod")
	cnrm := given("staging/app", "create iampartialpolicies.iam.cnrm.cloud.google.com", "staging")
	services := given("staging/app", "create services", "staging")
	everything := given("staging/app", "create *.*", "staging")
	routes := append(given("staging/app", "create ingresses.networking.k8s.io", "staging"), ingress("prod", "shop.example.com"))
	privileged := []bulkhead.Object{namespace("staging", "privileged")}
	tests := map[string]struct {
		objs []bulkhead.Object
		edit func(*rbac.Options)
		want string
	}{
		"nothing is said of authorizers":     {nil, func(o *rbac.Options) { o.Authorizers = nil }, "Undetermined which authorizers"},
		"an authorizer that is not read":     {nil, func(o *rbac.Options) { o.Authorizers = []string{"Node", "RBAC", "Webhook"} }, "Undetermined what the authorizer Webhook allows"},
		"there may be other objects":         {nil, func(o *rbac.Options) { o.Whole = false }, "Undetermined the roles, bindings and accounts"},
		"a GET runs commands before 1.35":    {exec, func(o *rbac.Options) { o.Minor = 34 }, "Breached rbac/runs-commands"},
		"and since then none":                {exec, func(o *rbac.Options) { o.Minor = 35 }, "Sealed"},
		"a deputy that reaches production":   {cnrm, func(o *rbac.Options) { o.Deputies[rbac.ConfigConnector] = identity.Yes }, "Breached rbac/deputies"},
		"a deputy that does not":             {cnrm, func(o *rbac.Options) { o.Deputies[rbac.ConfigConnector] = identity.No }, "Sealed"},
		"Services may have external IPs":     {services, func(o *rbac.Options) { o.ExternalIPs = identity.Yes }, "Breached rbac/redirects-services"},
		"Services perhaps have external IPs": {services, func(o *rbac.Options) { o.ExternalIPs = identity.Unknown }, "Undetermined whether Services may have external IPs"},
		"hosts may be taken":                 {routes, func(o *rbac.Options) { o.SharedHosts = identity.Yes }, "Breached rbac/routes-traffic"},
		"hosts perhaps may be taken":         {routes, func(o *rbac.Options) { o.SharedHosts = identity.Unknown }, "Undetermined whether an Ingress or a route may answer for hosts of the other side"},
		"hosts may not be taken":             {routes, func(o *rbac.Options) { o.SharedHosts = identity.No }, "Sealed"},
		"there are no hosts to take":         {routes[:2], func(o *rbac.Options) { o.SharedHosts = identity.Yes }, "Sealed"},
		"nodes are not shared":               {privileged, func(o *rbac.Options) { o.SharedNodes = identity.No }, "Sealed"},
		"nodes are perhaps shared":           {privileged, func(o *rbac.Options) { o.SharedNodes = identity.Unknown }, "Undetermined whether pods of both sides share nodes"},
		"operators that are not known":       {everything, func(o *rbac.Options) { o.Whole = false }, "Undetermined the roles"},
	}
	for name, tt := range tests {
		options := known()
		tt.edit(&options)
		objs := base()
		if len(tt.objs) == 1 {
			objs = objs[1:]
		}
		if got := answer(prove(t, slices.Concat(objs, tt.objs), options)); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// A proof over nothing, and a side that is on the other, are no questions.
func TestBoundaries(t *testing.T) {
	c := rbac.New(base(), known())
	for name, b := range map[string]rbac.Boundary{
		"nobody":                 {Away: []string{"prod"}},
		"nowhere":                {From: []string{"staging"}},
		"on both sides":          {From: []string{"staging", "prod"}, Away: []string{"prod"}},
		"no name of a namespace": {From: []string{"Staging"}, Away: []string{"prod"}},
		"a user without a name":  {Users: []rbac.User{{}}, Away: []string{"prod"}},
	} {
		_, err := c.NoAccess(b)
		if _, ok := errors.AsType[*bulkhead.InvalidError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := c.Rights(b); err == nil {
			t.Errorf("%s: rights", name)
		}
		if _, err := c.Actors(b); err == nil {
			t.Errorf("%s: actors", name)
		}
	}
}

// People and pipelines count as well, by their name and their groups.
func TestUsers(t *testing.T) {
	bound := to("edit", "prod", group("staging-devs"))
	c := rbac.New(append(base(), bound), known())
	for name, tt := range map[string]struct {
		user rbac.User
		want bulkhead.Verdict
	}{
		"a member of the group": {rbac.User{Name: "jane", Groups: []string{"staging-devs"}}, bulkhead.Breached},
		"the group itself":      {rbac.User{Groups: []string{"staging-devs"}}, bulkhead.Breached},
		"somebody else":         {rbac.User{Name: "jane", Groups: []string{"others"}}, bulkhead.Sealed},
		"an administrator":      {rbac.User{Name: "root", Groups: []string{"system:masters"}}, bulkhead.Breached},
		"a service account":     {rbac.Account("tools", "deployer"), bulkhead.Sealed},
	} {
		proof, err := c.NoAccess(rbac.Boundary{Users: []rbac.User{tt.user}, Away: []string{"prod"}})
		if err != nil || proof.Verdict != tt.want {
			t.Errorf("%s: %v %v, want %s", name, proof, err, tt.want)
		}
	}
}

// A path names each object and field on it, and is the shortest.
func TestPaths(t *testing.T) {
	objs := slices.Concat(base(), given("staging/app", "create pods/exec", "tools"), given("tools/deployer", "get secrets", "prod"))
	proof := prove(t, objs, known())
	var got []string
	for _, hop := range proof.Breaches[0].Path {
		got = append(got, hop.Object.String()+" "+hop.Field+": "+hop.Text)
	}
	want := []string{
		"RoleBinding/tools/staging-app-tools subjects[0]: gives ServiceAccount staging/app the ClusterRole staging-app-tools in namespace tools",
		"ClusterRole/staging-app-tools rules[0].resources[0]: lets it create pods/exec: run commands in its pods, as their ServiceAccounts",
		"RoleBinding/prod/tools-deployer-prod subjects[0]: gives ServiceAccount tools/deployer the ClusterRole tools-deployer-prod in namespace prod",
		"ClusterRole/tools-deployer-prod rules[0].resources[0]: lets it get secrets: read its Secrets, in namespace prod",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	if change := proof.Breaches[0].Change; change.Object.Name != "staging-app-tools" || change.Field != "subjects[0]" {
		t.Errorf("%+v", change)
	}
}
