// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/identity"
)

const (
	staging = "staging-sa@my-project.iam.gserviceaccount.com"
	role    = "arn:aws:iam::111122223333:role/backend"
	cluster = "arn:aws:eks:eu-west-1:111122223333:cluster/shop"
	issuer  = "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
	client  = "01234567-89ab-cdef-0123-456789abcdef"
)

// backend is an account that nothing is wrong with.
func backend(edit ...func(*corev1.ServiceAccount)) *corev1.ServiceAccount {
	account := identity.Account("staging", "backend-service")
	for _, e := range edit {
		e(account)
	}
	return account
}

func annotate(key, value string) func(*corev1.ServiceAccount) {
	return func(a *corev1.ServiceAccount) { a.Annotations = map[string]string{key: value} }
}

func errorOf(_ any, err error) error { return err }

func TestCloudBuildersRefuse(t *testing.T) {
	actAs := func(email string) error { return errorOf(identity.ActAs(backend(), email, pool())) }
	in := func(p identity.Pool) error { return errorOf(identity.ActAs(backend(), staging, p)) }
	as := func(account *corev1.ServiceAccount) error { return errorOf(identity.ActAs(account, staging, pool())) }
	tests := map[string]struct {
		err  error
		want []string
	}{
		"nothing": {err: actAs(staging)},
		"everything at once": {
			err:  errorOf(identity.ActAs(&corev1.ServiceAccount{}, "", identity.Pool{})),
			want: []string{"FieldValueInvalid email", "FieldValueRequired metadata.name", "FieldValueRequired metadata.namespace", "FieldValueRequired pool.projectID", "FieldValueRequired pool.projectNumber"},
		},
		"a nil account":                       {as(nil), []string{"FieldValueRequired account"}},
		"the account named default":           {as(identity.Account("staging", "default")), []string{"FieldValueInvalid metadata.name"}},
		"a namespace of 64 bytes":             {as(identity.Account(strings.Repeat("n", 64), "backend")), []string{"FieldValueInvalid metadata.namespace"}},
		"an account of 254 bytes":             {as(identity.Account("staging", strings.Repeat("n", 254))), []string{"FieldValueInvalid metadata.name"}},
		"an account that acts as another":     {as(backend(annotate(identity.GoogleAccountAnnotation, "other-sa@my-project.iam.gserviceaccount.com"))), []string{"FieldValueInvalid metadata.annotations[iam.gke.io/gcp-service-account]"}},
		"an account that acts as it already":  {as(backend(annotate(identity.GoogleAccountAnnotation, staging))), nil},
		"the account of nodes":                {actAs("111122223333-compute@developer.gserviceaccount.com"), []string{"FieldValueInvalid email"}},
		"the account of App Engine":           {actAs("my-project@appspot.gserviceaccount.com"), []string{"FieldValueInvalid email"}},
		"a service agent":                     {actAs("service-111122223333@gcp-sa-pubsub.iam.gserviceaccount.com"), []string{"FieldValueInvalid email"}},
		"the agent of deployments":            {actAs("111122223333@cloudservices.gserviceaccount.com"), []string{"FieldValueInvalid email"}},
		"a person":                            {actAs("alice@example.com"), []string{"FieldValueInvalid email"}},
		"a member for an address":             {actAs("serviceAccount:" + staging), []string{"FieldValueInvalid email"}},
		"an address in capitals":              {actAs("Staging-SA@my-project.iam.gserviceaccount.com"), []string{"FieldValueInvalid email"}},
		"an ID of five letters":               {actAs("stagi@my-project.iam.gserviceaccount.com"), []string{"FieldValueInvalid email"}},
		"an ID of 31 letters":                 {actAs(strings.Repeat("s", 31) + "@my-project.iam.gserviceaccount.com"), []string{"FieldValueInvalid email"}},
		"an ID that ends in a hyphen":         {actAs("staging-@my-project.iam.gserviceaccount.com"), []string{"FieldValueInvalid email"}},
		"a blank":                             {actAs(staging + " "), []string{"FieldValueInvalid email"}},
		"a second @":                          {actAs("a@" + staging), []string{"FieldValueInvalid email"}},
		"a project that merely looks like it": {actAs("staging-sa@my-project.iam.gserviceaccount.com.example.com"), []string{"FieldValueInvalid email"}},
		"an account of an old domain":         {actAs("staging-sa@my-project.example.com.iam.gserviceaccount.com"), nil},
		"an account of another cloud":         {actAs("staging-sa@my-project.eu0.iam.gserviceaccount.com"), []string{"FieldValueInvalid email"}},
		"a pool of another cloud":             {in(identity.Pool{ProjectID: "eu0:my-project", ProjectNumber: 1}), []string{"FieldValueInvalid email"}},
		"a pool of an old domain":             {in(identity.Pool{ProjectID: "example.com:my-project", ProjectNumber: 1}), nil},
		"a pool without a number":             {in(identity.Pool{ProjectID: "my-project"}), []string{"FieldValueRequired pool.projectNumber"}},
		"a pool by its name":                  {in(identity.Pool{ProjectID: "my-project.svc.id.goog", ProjectNumber: 1}), []string{"FieldValueInvalid pool.projectID"}},
		"a pool by its number":                {in(identity.Pool{ProjectID: "111122223333", ProjectNumber: 1}), []string{"FieldValueInvalid pool.projectID"}},
		"a pool whose domain is none":         {in(identity.Pool{ProjectID: "Example:my-project", ProjectNumber: 1}), []string{"FieldValueInvalid pool.projectID"}},

		"a direct principal beside an annotation": {errorOf(identity.Direct(backend(annotate(identity.GoogleAccountAnnotation, staging)), pool())), []string{"FieldValueInvalid metadata.annotations[iam.gke.io/gcp-service-account]"}},
		"a direct principal beside an empty one":  {errorOf(identity.Direct(backend(annotate(identity.GoogleAccountAnnotation, "")), pool())), []string{"FieldValueInvalid metadata.annotations[iam.gke.io/gcp-service-account]"}},
		"a direct principal of default":           {errorOf(identity.Direct(identity.Account("staging", "default"), identity.Pool{})), []string{"FieldValueInvalid metadata.name", "FieldValueRequired pool.projectID", "FieldValueRequired pool.projectNumber"}},
		"a subject of 128 bytes":                  {errorOf(identity.Direct(identity.Account("staging", strings.Repeat("n", 128-len("ns/staging/sa/"))), pool())), []string{"FieldValueInvalid metadata.name"}},
		"a subject of 127 bytes":                  {errorOf(identity.Direct(identity.Account("staging", strings.Repeat("n", 127-len("ns/staging/sa/"))), pool())), nil},
		"a direct principal of nobody":            {errorOf(identity.Direct(nil, pool())), []string{"FieldValueRequired account"}},

		"no role and no issuer":             {errorOf(identity.AssumeRole(backend(), "", "")), []string{"FieldValueRequired issuer", "FieldValueRequired roleARN"}},
		"a user for a role":                 {errorOf(identity.AssumeRole(backend(), "arn:aws:iam::111122223333:user/backend", issuer)), []string{"FieldValueInvalid roleARN"}},
		"a role with a wildcard":            {errorOf(identity.AssumeRole(backend(), "arn:aws:iam::111122223333:role/*", issuer)), []string{"FieldValueInvalid roleARN"}},
		"a role in a region":                {errorOf(identity.AssumeRole(backend(), "arn:aws:iam:eu-west-1:111122223333:role/backend", issuer)), []string{"FieldValueInvalid roleARN"}},
		"a role of China":                   {errorOf(identity.AssumeRole(backend(), "arn:aws-cn:iam::111122223333:role/path/backend", issuer)), nil},
		"an issuer without its scheme":      {errorOf(identity.AssumeRole(backend(), role, "oidc.eks.eu-west-1.amazonaws.com/id/0123")), []string{"FieldValueInvalid issuer"}},
		"an issuer over http":               {errorOf(identity.AssumeRole(backend(), role, "http://oidc.example.com")), []string{"FieldValueInvalid issuer"}},
		"an issuer with a query":            {errorOf(identity.AssumeRole(backend(), role, issuer+"?x=1")), []string{"FieldValueInvalid issuer"}},
		"an issuer with a wildcard":         {errorOf(identity.AssumeRole(backend(), role, "https://*.example.com")), []string{"FieldValueInvalid issuer"}},
		"an issuer with a password":         {errorOf(identity.AssumeRole(backend(), role, "https://a:b@example.com")), []string{"FieldValueInvalid issuer"}},
		"an issuer with a slash":            {errorOf(identity.AssumeRole(backend(), role, issuer+"/")), []string{"FieldValueInvalid issuer"}},
		"an account with another role":      {errorOf(identity.AssumeRole(backend(annotate(identity.RoleAnnotation, role+"2")), role, issuer)), []string{"FieldValueInvalid metadata.annotations[eks.amazonaws.com/role-arn]"}},
		"an account with another audience":  {errorOf(identity.AssumeRole(backend(annotate("eks.amazonaws.com/audience", "x")), role, issuer)), []string{"FieldValueInvalid metadata.annotations[eks.amazonaws.com/audience]"}},
		"a role for default":                {errorOf(identity.AssumeRole(identity.Account("staging", "default"), role, issuer)), []string{"FieldValueInvalid metadata.name"}},
		"an association of nothing":         {errorOf(identity.AssociateRole(nil, "", "")), []string{"FieldValueRequired account", "FieldValueRequired clusterARN", "FieldValueRequired roleARN"}},
		"an association beside a role":      {errorOf(identity.AssociateRole(backend(annotate(identity.RoleAnnotation, role)), role, cluster)), []string{"FieldValueInvalid metadata.annotations[eks.amazonaws.com/role-arn]"}},
		"a cluster by its name":             {errorOf(identity.AssociateRole(backend(), role, "shop")), []string{"FieldValueInvalid clusterARN"}},
		"a cluster of another account":      {errorOf(identity.AssociateRole(backend(), role, "arn:aws:eks:eu-west-1:999922223333:cluster/shop")), []string{"FieldValueInvalid roleARN"}},
		"no client, tenant and issuer":      {errorOf(identity.Federate(backend(), "", "", "")), []string{"FieldValueRequired clientID", "FieldValueRequired issuer", "FieldValueRequired tenantID"}},
		"a client by its name":              {errorOf(identity.Federate(backend(), "backend", client, issuer)), []string{"FieldValueInvalid clientID"}},
		"the zero tenant":                   {errorOf(identity.Federate(backend(), client, "00000000-0000-0000-0000-000000000000", issuer)), []string{"FieldValueInvalid tenantID"}},
		"an issuer of AKS, with its slash":  {errorOf(identity.Federate(backend(), client, client, "https://westeurope.oic.prod-aks.azure.com/a/b/")), nil},
		"an account that is another client": {errorOf(identity.Federate(backend(annotate(identity.AzureClientAnnotation, client)), strings.Replace(client, "0", "1", 1), client, issuer)), []string{"FieldValueInvalid metadata.annotations[azure.workload.identity/client-id]"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, fields(t, tt.err)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

// Autopilot refuses the selector that Standard needs.
func TestMetadataServerNodes(t *testing.T) {
	for name, tt := range map[string]struct {
		mode     identity.ClusterMode
		selector map[string]string
		fields   []string
	}{
		"Standard":            {identity.Standard, map[string]string{"iam.gke.io/gke-metadata-server-enabled": "true"}, nil},
		"Autopilot":           {identity.Autopilot, nil, []string{"FieldValueInvalid mode"}},
		"no mode":             {0, nil, []string{"FieldValueRequired mode"}},
		"a mode that is none": {7, nil, []string{"FieldValueRequired mode"}},
	} {
		t.Run(name, func(t *testing.T) {
			selector, err := identity.MetadataServerNodes(tt.mode)
			if diff := cmp.Diff(tt.selector, selector); diff != "" {
				t.Errorf("selector (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.fields, fields(t, err)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDatabaseUsers(t *testing.T) {
	longest := strings.Repeat("a", 30) + "@" + strings.Repeat("p", 30) + ".iam.gserviceaccount.com"
	fits := strings.Repeat("a", 28) + "@" + strings.Repeat("p", 30) + ".iam.gserviceaccount.com"
	principal := bulkheadPrincipal(t)
	tests := map[string]struct {
		err  error
		want []string
	}{
		"an account":                          {errorOf(identity.PostgreSQLUser(staging)), nil},
		"a user of 65 bytes":                  {errorOf(identity.PostgreSQLUser(longest)), []string{"FieldValueInvalid email"}},
		"a user of 64 bytes":                  {errorOf(identity.PostgreSQLUser("a" + fits)), []string{"FieldValueInvalid email"}},
		"a user of 63 bytes":                  {errorOf(identity.PostgreSQLUser(fits)), nil},
		"a direct principal":                  {errorOf(identity.PostgreSQLUser(principal)), []string{"FieldValueInvalid email"}},
		"the account of nodes":                {errorOf(identity.PostgreSQLUser("1-compute@developer.gserviceaccount.com")), []string{"FieldValueInvalid email"}},
		"no account":                          {errorOf(identity.PostgreSQLUser("")), []string{"FieldValueInvalid email"}},
		"no accounts on MySQL":                {errorOf(identity.MySQLUsers()), []string{"FieldValueRequired emails"}},
		"two accounts on MySQL":               {errorOf(identity.MySQLUsers(staging, longest)), nil},
		"one user for two accounts":           {errorOf(identity.MySQLUsers("backend@stg-pro.iam.gserviceaccount.com", staging, "backend@prod-pro.iam.gserviceaccount.com")), []string{"FieldValueInvalid emails[2]"}},
		"one account twice":                   {errorOf(identity.MySQLUsers(staging, staging)), []string{"FieldValueInvalid emails[1]"}},
		"a direct principal on MySQL":         {errorOf(identity.MySQLUsers(principal, "x")), []string{"FieldValueInvalid emails[0]", "FieldValueInvalid emails[1]"}},
		"a user of an old domain's project":   {errorOf(identity.PostgreSQLUser("staging-sa@my-project.example.com.iam.gserviceaccount.com")), nil},
		"an account with the suffix of users": {errorOf(identity.PostgreSQLUser("staging-sa@my-project.iam")), []string{"FieldValueInvalid email"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, fields(t, tt.err)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
	users, err := identity.MySQLUsers("zebra-sa@my-project.iam.gserviceaccount.com", staging)
	if diff := cmp.Diff([]string{"zebra-sa", "staging-sa"}, users); diff != "" || err != nil {
		t.Errorf("users of MySQL, error %v:\n%s", err, diff)
	}
}

func bulkheadPrincipal(t *testing.T) string {
	t.Helper()
	member, err := identity.Direct(backend(), pool())
	if err != nil {
		t.Fatal(err)
	}
	return member.String()
}

func TestEmailClass(t *testing.T) {
	tests := map[identity.Email]identity.EmailClass{
		staging: identity.UserManaged,
		"STAGING-sa@My-Project.iam.gserviceaccount.com":                       identity.UserManaged,
		"staging-sa@my-project.example.com.iam.gserviceaccount.com":           identity.UserManaged,
		"staging-sa@my-project.eu0.iam.gserviceaccount.com":                   identity.UserManaged,
		"111122223333-compute@developer.gserviceaccount.com":                  identity.ComputeDefault,
		"compute@developer.gserviceaccount.com":                               identity.NotServiceAccount,
		"my-project@appspot.gserviceaccount.com":                              identity.AppEngineDefault,
		"my-project.example.com@appspot.gserviceaccount.com":                  identity.AppEngineDefault,
		"111122223333@cloudservices.gserviceaccount.com":                      identity.ServiceAgent,
		"111122223333@cloudbuild.gserviceaccount.com":                         identity.ServiceAgent,
		"service-111122223333@container-engine-robot.iam.gserviceaccount.com": identity.ServiceAgent,
		"service-org-1111@gcp-sa-scc.iam.gserviceaccount.com":                 identity.ServiceAgent,
		"service-folder-1111@gcp-sa-logging.iam.gserviceaccount.com":          identity.ServiceAgent,
		"bq-111122223333@bigquery-encryption.iam.gserviceaccount.com":         identity.ServiceAgent,
		"p111122223333-abcdef@gcp-sa-cloud-sql.iam.gserviceaccount.com":       identity.ServiceAgent,
		"service-@my-project.iam.gserviceaccount.com":                         identity.NotServiceAccount,
		"service-app@my-project.iam.gserviceaccount.com":                      identity.UserManaged,
		"alice@example.com": identity.NotServiceAccount,
		"staging-sa@my-project.iam.gserviceaccount.com.evil.example": identity.NotServiceAccount,
		"staging-sa@.iam.gserviceaccount.com":                        identity.NotServiceAccount,
		"@my-project.iam.gserviceaccount.com":                        identity.NotServiceAccount,
		"":                                                           identity.NotServiceAccount,
		"111122223333@example.com":                                   identity.NotServiceAccount,
		"service-111122223333@notgserviceaccount.com":                identity.NotServiceAccount,
		"111122223333-compute@developer.gserviceaccount.com@my.example": identity.NotServiceAccount,
		"staging-sa@my_project.iam.gserviceaccount.com":                 identity.NotServiceAccount,
		"staging-sa@my-project.iam.gserviceaccount.com\n":               identity.NotServiceAccount,
		"my-project.svc.id.goog[staging/backend-service]":               identity.NotServiceAccount,
	}
	for email, want := range tests {
		if got := email.Class(); got != want {
			t.Errorf("%q: class %d, want %d", email, got, want)
		}
	}
}
