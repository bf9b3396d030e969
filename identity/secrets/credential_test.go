// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets"
)

const (
	breachedX = "Breached\nsecrets/production-credential Secret/staging/x stringData[A]"
	addressX  = "Breached\nsecrets/production-address Secret/staging/x stringData[A]"
)

// googleKey is a key of a service account, as one line.
func googleKey(email, project string) string {
	return string(bulkhead.Must(json.Marshal(map[string]string{
		"type": "service_account", "project_id": project, "private_key_id": "0123456789abcdef0123456789abcdef01234567",
		"private_key":  "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n",
		"client_email": email, "client_id": "123456789012345678901", "token_uri": "https://oauth2.googleapis.com/token",
	})))
}

func token(claims string) string {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	return part(`{"alg":"RS256","kid":"x"}`) + "." + part(claims) + "." + part("this is no signature of anybody")
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// TestWhoseCredential puts one credential into a Secret of staging. The cases that
// pass differ from their neighbours in one thing.
func TestWhoseCredential(t *testing.T) {
	indented, err := json.MarshalIndent(json.RawMessage(googleKey("prod@shared-p.iam.gserviceaccount.com", "shared-p")), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const prodMail, stagingMail = "prod@shared-p.iam.gserviceaccount.com", "stg@shared-p.iam.gserviceaccount.com"
	kubeconfig := func(server, login string) string {
		return "apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster: {server: " + server + "}\nusers:\n- name: u\n  user: {" + login + "}\n"
	}
	for name, tt := range map[string]struct{ value, want string }{
		// Case 49.
		"a minified key of production's account":    {googleKey(prodMail, "shared-p"), breachedX},
		"of staging's account, in the same project": {googleKey(stagingMail, "shared-p"), "Sealed"},
		"of an account that nobody lists":           {googleKey("who@elsewhere-p.iam.gserviceaccount.com", "elsewhere-p"), "Undetermined"},
		"of any account in production's project":    {googleKey("who@prod-data.iam.gserviceaccount.com", "prod-data"), breachedX},
		"of any account in staging's project":       {googleKey("who@staging-data.iam.gserviceaccount.com", "staging-data"), "Sealed"},
		"the key indented":                          {string(indented), breachedX},
		"the key in base64":                         {b64(googleKey(prodMail, "shared-p")), breachedX},
		"the key in base64 of base64":               {b64(b64(googleKey(prodMail, "shared-p"))), breachedX},
		"the key in YAML":                           {"google:\n  credentials: |\n    " + strings.ReplaceAll(string(indented), "\n", "\n    "), breachedX},
		"the key as a string in YAML":               {"credentials: '" + googleKey(prodMail, "shared-p") + "'", breachedX},
		"the key in a line of .env":                 {"A=b\nGOOGLE_CREDENTIALS='" + googleKey(prodMail, "shared-p") + "'\n", breachedX},
		"the key in base64 in a line of .env":       {"# keys\nGOOGLE_CREDENTIALS=" + b64(googleKey(prodMail, "shared-p")), breachedX},
		"the key in the middle of an argument":      {"run --key=" + googleKey(prodMail, "shared-p") + " --now", breachedX},
		"the key, escaped":                          {strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(googleKey(prodMail, "shared-p")), breachedX},
		"the key below eleven hundred levels":       {strings.Repeat(`{"a":`, 1100) + googleKey(prodMail, "shared-p") + strings.Repeat("}", 1100), breachedX},
		"a key that is filled in":                   {strings.Replace(googleKey(prodMail, "shared-p"), `"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"`, `"${KEY}"`, 1), "Sealed"},
		"the key of which the key was taken out":    {strings.Replace(googleKey(prodMail, "shared-p"), "private_key\"", "private_kex\"", 1), "Undetermined"},
		"how to impersonate production":             {`{"type":"impersonated_service_account","service_account_impersonation_url":"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/` + prodMail + `:generateAccessToken","source_credentials":{}}`, breachedX},
		"how to impersonate staging":                {`{"type":"impersonated_service_account","service_account_impersonation_url":"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/` + stagingMail + `:generateAccessToken","source_credentials":{}}`, "Sealed"},
		"a federated identity of production":        {`{"type":"external_account","audience":"//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q","service_account_impersonation_url":"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/` + prodMail + `:generateAccessToken"}`, breachedX},
		"a refresh token of somebody":               {`{"type":"authorized_user","client_id":"x","client_secret":"y","refresh_token":"1//0abcdefghij"}`, "Undetermined"},
		"a refresh token without the token":         {`{"type":"authorized_user","client_id":"x","client_secret":"y"}`, "Sealed"},

		// Kubernetes.
		"a token of production's account":               {token(`{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"prod","sub":"system:serviceaccount:prod:web"}`), breachedX},
		"a token of staging's account":                  {token(`{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"staging","sub":"system:serviceaccount:staging:web"}`), "Sealed"},
		"a token of an account of neither":              {token(`{"sub":"system:serviceaccount:tools:web"}`), "Undetermined"},
		"a token of staging's name in another cluster":  {token(`{"iss":"https://k8s.prod.example.com","sub":"system:serviceaccount:staging:web"}`), breachedX},
		"a token of no service account":                 {token(`{"iss":"https://login.example.com","sub":"bob"}`), "Sealed"},
		"a token behind a word":                         {"Authorization: Bearer " + token(`{"sub":"system:serviceaccount:prod:web"}`), breachedX},
		"three words with dots":                         {"eyJhbGciOiJub25lIn0.eyJub3QianNvbg.sssssssssssssssssssss", "Sealed"},
		"a kubeconfig for production's API server":      {kubeconfig("https://k8s.prod.example.com:6443", "token: abcdefghijklmnop"), breachedX},
		"a kubeconfig for staging's API server":         {kubeconfig("https://k8s.staging.example.com:6443", "token: abcdefghijklmnop"), "Sealed"},
		"a kubeconfig for an API server of nobody":      {kubeconfig("https://k8s.example.org:6443", "exec: {command: aws}"), "Undetermined"},
		"a kubeconfig without a login":                  {kubeconfig("https://k8s.example.org:6443", "as: nobody"), "Sealed"},
		"a kubeconfig for this cluster, by certificate": {kubeconfig("https://kubernetes.default.svc", "client-key-data: "+b64("no key")), "Undetermined"},
		"a kubeconfig for this cluster, of production":  {kubeconfig("https://kubernetes.default.svc", "token: "+token(`{"sub":"system:serviceaccount:prod:web"}`)), breachedX},
		"a kubeconfig for this cluster, of staging":     {kubeconfig("https://kubernetes.default.svc", "token: "+token(`{"sub":"system:serviceaccount:staging:web"}`)), "Sealed"},

		// Registries.
		"a login at production's registry": {`{"auths":{"registry.prod.example.com":{"auth":"` + b64("robot:hunter2hunter2") + `"}}}`, breachedX},
		"a login at a shared registry":     {`{"auths":{"https://shared.example.com/v1/":{"username":"robot","password":"hunter2hunter2"}}}`, "Sealed"},
		"a login at a registry of others":  {`{"auths":{"docker.io":{"auth":"` + b64("robot:hunter2hunter2") + `"}}}`, "Undetermined"},
		"the older form of the file":       {`{"registry.prod.example.com":{"auth":"` + b64("robot:hunter2hunter2") + `","email":"a@b"}}`, breachedX},
		"a registry and no login":          {`{"auths":{"docker.io":{}}}`, "Sealed"},
		"the key of production as a login": {`{"auths":{"shared.example.com":{"auth":"` + b64("_json_key:"+googleKey(prodMail, "shared-p")) + `"}}}`, breachedX},

		// AWS, Azure and others.
		"an access key of production":       {"AWS_ACCESS_KEY_ID=AKIAPRODPRODPRODPROD\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", breachedX},
		"an access key of staging":          {"AWS_ACCESS_KEY_ID=AKIASTAGSTAGSTAGSTAG\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "Sealed"},
		"an access key of nobody":           {"AWS_ACCESS_KEY_ID=AKIAABCDEFGHIJKLMNOP\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "Undetermined"},
		"an access key in one line":         {"export AWS_ACCESS_KEY_ID=AKIAPRODPRODPRODPROD AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY; run", breachedX},
		"an access key in a long script":    {"export AWS_ACCESS_KEY_ID=AKIAPRODPRODPRODPROD\n" + strings.Repeat("echo hello world\n", 400) + "export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n", breachedX},
		"an access key in a URL":            {"sqs://AKIAPRODPRODPRODPROD:wJalrXUtnFEMI%2FK7MDENG%2FbPxRfiCYEXAMPLEKEY@", breachedX},
		"an access key and a hash":          {"AWS_ACCESS_KEY_ID=AKIAPRODPRODPRODPROD\nCOMMIT=0123456789abcdef0123456789abcdef01234567", "Sealed"},
		"an access key and longer base64":   {"AWS_ACCESS_KEY_ID=AKIAPRODPRODPRODPROD\nX=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEYa", "Sealed"},
		"an access key and padded base64":   {"AWS_ACCESS_KEY_ID=AKIAPRODPRODPRODPROD\nX=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY=", "Sealed"},
		"a longer word than Azure's":        {"RUN=az login -p xabc8" + "Q~abcdefghijklmnopqrstuvwxyz0123456 -x", "Sealed"},
		"half an access key":                {"AWS_ACCESS_KEY_ID=AKIAPRODPRODPRODPROD", "Sealed"},
		"the other half":                    {"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "Sealed"},
		"a client secret of Azure":          {"AZURE_TENANT_ID=111122223333\nAZURE_CLIENT_ID=a\nAZURE_CLIENT_SECRET=abc8" + "Q~abcdefghijklmnopqrstuvwxyz0123456", breachedX},
		"a client secret of Azure, staging": {"AZURE_TENANT_ID=444455556666\nAZURE_CLIENT_ID=a\nAZURE_CLIENT_SECRET=abc8" + "Q~abcdefghijklmnopqrstuvwxyz0123456", "Sealed"},
		"that in a command":                 {"AZURE_TENANT_ID=111122223333\nAZURE_CLIENT_ID=a\nRUN=az login -p abc8" + "Q~abcdefghijklmnopqrstuvwxyz0123456 -x", breachedX},
		"a live key for payments":           {"sk_live_" + strings.Repeat("a1B2", 8), breachedX},
		"a live key in JSON":                {`{"key":"sk_live_` + strings.Repeat("a1B2", 8) + `"}`, breachedX},
		"a restricted live key":             {"STRIPE=rk_live_" + strings.Repeat("a1B2", 8), breachedX},
		"a test key for payments":           {"sk_test_" + strings.Repeat("a1B2", 8), "Sealed"},
		"a word that begins like a key":     {"task_live_" + strings.Repeat("a1B2", 8), "Sealed"},
		"a key for e-mail":                  {"SG." + strings.Repeat("aB3_", 5) + "ab." + strings.Repeat("cD4-", 10) + "abc", "Undetermined"},
		"a key for e-mail cut short":        {"SG.abc.def", "Sealed"},
		"a key of Mailgun":                  {"key-" + strings.Repeat("0a1b", 8), "Undetermined"},
		"a key of nothing":                  {"key-to-success-0a0a0a0a0a0a0a0a0a0a", "Sealed"},
		"a token of GitHub":                 {"ghp_" + strings.Repeat("aB3d", 9), "Undetermined"},
		"a token of GitHub cut short":       {"ghp_" + strings.Repeat("aB3d", 8), "Sealed"},
		"a token of Slack":                  {"xoxb-" + "123456789012-123456789012-" + strings.Repeat("aB3d", 6), "Undetermined"},
		"a webhook of Slack":                {"https://hooks.slack.com/services/T00000000/B00000000/" + strings.Repeat("aB3d", 6), "Undetermined"},
		"the second webhook of Slack":       {"https://hooks.slack.com/services/T.../B.../x, https://hooks.slack.com/services/T00000000/B00000000/" + strings.Repeat("aB3d", 6), "Undetermined"},
		"a token of npm":                    {"//registry.npmjs.org/:_authToken=npm_" + strings.Repeat("aB3d", 9), "Undetermined"},
		"a token of PyPI":                   {"pypi-AgEIcHlwaS5vcmc" + strings.Repeat("aB3d", 30), "Undetermined"},
		"a token of Vault":                  {"hvs." + strings.Repeat("aB3d", 24), "Undetermined"},
		"a token of Grafana":                {"glsa_" + strings.Repeat("aB3d", 8) + "_0a1b2c3d", "Undetermined"},
		"a token of Docker":                 {"dckr_pat_" + strings.Repeat("aB3d", 7), "Undetermined"},
		"a token of Databricks":             {"dapi" + strings.Repeat("0a1b", 8), "Undetermined"},
		"a token of DigitalOcean":           {"dop_v1_" + strings.Repeat("0a1b", 16), "Undetermined"},
		"a token of Shopify":                {"shpat_" + strings.Repeat("0a1b", 8), "Undetermined"},
		"a key of OpenAI":                   {"sk-proj-" + strings.Repeat("aG3d", 20), "Undetermined"},
		"a name that begins like it":        {"sk-the-name-of-something-that-is-quite-long-and-no-key", "Sealed"},
		"a client secret of Google":         {"GOCSPX-" + strings.Repeat("aB3d", 7), "Undetermined"},
		"a secret of webhooks":              {"whsec_" + strings.Repeat("aB3d", 8), "Undetermined"},
		"a key of age":                      {"AGE-SECRET-KEY-1" + strings.Repeat("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 2)[:58], "Undetermined"},
		"a live key of documentation":       {"sk_live_" + strings.Repeat("x", 24), "Sealed"},
		"a live key of Square":              {"sq0csp-" + strings.Repeat("aB3d", 10) + "abc", breachedX},
		"an access key of documentation":    {"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "Sealed"},
		"an account at Twilio":              {"SID=AC" + strings.Repeat("0a", 16) + "\nTWILIO_AUTH_TOKEN=" + strings.Repeat("1b", 16), "Undetermined"},
		"half an account at Twilio":         {"TWILIO_AUTH_TOKEN=" + strings.Repeat("1b", 16), "Sealed"},
		"a client at Auth0, production":     {"AUTH0_DOMAIN=login.prod.example.com\nAUTH0_CLIENT_SECRET=abcdefghijklmnopqrstuvwxyz", breachedX},
		"a client at Auth0, staging":        {"AUTH0_DOMAIN=login.staging.example.com\nAUTH0_CLIENT_SECRET=abcdefghijklmnopqrstuvwxyz", "Sealed"},
		"an SSH key":                        {"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END OPENSSH PRIVATE KEY-----", "Undetermined"},
		"an SSH key in one line":            {`KEY="-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END OPENSSH PRIVATE KEY-----"`, "Undetermined"},
		"a public key":                      {"-----BEGIN PUBLIC KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END PUBLIC KEY-----", "Sealed"},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, read(t, production, secretOf("A", tt.value)), between(), tt.want)
		})
	}
}

// TestWhoseConnection is case 50, over the forms that connection strings have.
func TestWhoseConnection(t *testing.T) {
	for name, tt := range map[string]struct{ value, want string }{
		"PostgreSQL, production's address":   {"postgres://app:hunter2hunter2@10.0.0.5:5432/shop", breachedX},
		"PostgreSQL, staging's address":      {"postgres://app:hunter2hunter2@10.0.1.5:5432/shop", "Sealed"},
		"PostgreSQL, nobody's address":       {"postgres://app:hunter2hunter2@10.0.2.5:5432/shop", "Undetermined"},
		"PostgreSQL, no password":            {"postgres://app@10.0.0.5:5432/shop", addressX},
		"PostgreSQL, staging and production": {"postgres://app:hunter2hunter2@10.0.1.5:5432,10.0.0.5:5432/shop", breachedX},
		"two URLs, the first production's":   {"postgres://app:hunter2hunter2@10.0.0.5/shop,postgres://app:hunter2hunter2@10.0.1.5/shop", breachedX},
		"two URLs, the last production's":    {"postgres://app:hunter2hunter2@10.0.1.5/shop,postgres://app:hunter2hunter2@10.0.0.5/shop", breachedX},
		"two URLs of staging":                {"postgres://app:hunter2hunter2@10.0.1.5/shop,postgres://app:hunter2hunter2@10.0.1.5/shop", "Sealed"},
		"PostgreSQL, host in a parameter":    {"postgresql:///shop?host=10.0.0.5&user=app&password=hunter2hunter2", breachedX},
		"PostgreSQL, a password with marks":  {"postgres://app:p/w@x@10.0.0.5/shop", breachedX},
		"PostgreSQL, the loopback interface": {"postgres://app:hunter2hunter2@localhost:5432/shop", "Sealed"},
		"PostgreSQL, keywords":               {"host=10.0.0.5 user=app password='hunter2 hunter2' dbname=shop", breachedX},
		"PostgreSQL, keywords of staging":    {"host=10.0.1.5 user=app password='hunter2 hunter2' dbname=shop", "Sealed"},
		"a sentence with a host":             {"the host = of the party", "Sealed"},
		"a socket of Cloud SQL, production":  {"host=/cloudsql/p:europe-west1:prod-db user=app password=hunter2hunter2", breachedX},
		"a socket of Cloud SQL, staging":     {"host=/cloudsql/p:europe-west1:staging-db user=app password=hunter2hunter2", "Sealed"},
		"a socket of Cloud SQL, escaped":     {"postgresql://app:hunter2hunter2@/shop?host=%2Fcloudsql%2Fp%3Aeurope-west1%3Aprod-db", breachedX},
		"a socket of Cloud SQL, PyMySQL":     {"mysql+pymysql://app:hunter2hunter2@/shop?unix_socket=/cloudsql/p:europe-west1:prod-db", breachedX},
		"MySQL in Go":                        {"app:hunter2hunter2@tcp(10.0.0.5:3306)/shop?parseTime=true", breachedX},
		"MySQL in Go, staging":               {"app:hunter2hunter2@tcp(10.0.1.5:3306)/shop?parseTime=true", "Sealed"},
		"MySQL in Go, the connector":         {"app:hunter2hunter2@cloudsqlconn(p:europe-west1:prod-db)/shop", breachedX},
		"MySQL in Go, a socket":              {"app:hunter2hunter2@unix(/cloudsql/p:europe-west1:prod-db)/shop", breachedX},
		"a function of a path":               {"f(x)/y", "Sealed"},
		"Redis":                              {"rediss://:hunter2hunter2@cache.prod.example.com:6379/0", breachedX},
		"Redis of staging":                   {"rediss://:hunter2hunter2@cache.staging.example.com:6379/0", "Sealed"},
		"MongoDB":                            {"mongodb+srv://app:hunter2hunter2@m.prod.example.com/shop", breachedX},
		"MongoDB, several hosts":             {"mongodb://app:hunter2hunter2@a.staging.example.com:27017,b.prod.example.com:27017/shop", breachedX},
		"RabbitMQ":                           {"amqps://app:hunter2hunter2@q.prod.example.com/vhost", breachedX},
		"JDBC":                               {"jdbc:postgresql://10.0.0.5:5432/shop?user=app&password=hunter2hunter2", breachedX},
		"JDBC of Cloud SQL":                  {"jdbc:postgresql:///shop?cloudSqlInstance=p:europe-west1:prod-db&user=app&password=hunter2hunter2", breachedX},
		"JDBC of SQL Server":                 {"jdbc:sqlserver://sql.prod.example.com:1433;databaseName=shop;user=app;password=hunter2hunter2", breachedX},
		"JDBC of SQL Server, staging":        {"jdbc:sqlserver://sql.staging.example.com:1433;databaseName=shop;user=app;password=hunter2hunter2", "Sealed"},
		"JDBC of Oracle":                     {"jdbc:oracle:thin:app/hunter2hunter2@//o.prod.example.com:1521/shop", breachedX},
		"keywords in an option":              {"--dsn=host=10.0.0.5 user=app password=hunter2hunter2", breachedX},
		"keywords in a script":               {"#!/bin/sh\npsql \"host=10.0.0.5 user=app password=hunter2hunter2\" -c 'select 1'", breachedX},
		"keywords in XML":                    {"<x>\n<add connectionString=\"Server=sql.prod.example.com;User Id=app;Password=hunter2hunter2\"/>\n</x>", breachedX},
		"keywords in XML, nobody's":          {"<x>\n<add connectionString=\"Server=sql.example.org;User Id=app;Password=hunter2hunter2\"/>\n</x>", "Undetermined"},
		"SQLAlchemy":                         {"postgresql+psycopg://app:hunter2hunter2@10.0.0.5/shop", breachedX},
		"SQL Server by URL":                  {"sqlserver://app:hunter2hunter2@sql.prod.example.com:1433?database=shop", breachedX},
		"SQL Server by keywords":             {"Server=tcp:sql.prod.example.com,1433;Initial Catalog=shop;User ID=app;Password=hunter2hunter2;Encrypt=True", breachedX},
		"SQL Server by keywords, staging":    {"Server=tcp:sql.staging.example.com,1433;Initial Catalog=shop;User ID=app;Password=hunter2hunter2;Encrypt=True", "Sealed"},
		"production's database, shared host": {"postgres://app:hunter2hunter2@shared.example.com/shop_prod", breachedX},
		"another database, shared host":      {"postgres://app:hunter2hunter2@shared.example.com/shop_staging", "Sealed"},
		"production's user, shared host":     {"postgres://prod_app:hunter2hunter2@shared.example.com/shop", breachedX},
		"a Service of production":            {"redis://:hunter2hunter2@cache.prod.svc.cluster.local:6379", breachedX},
		"a Service of production, short":     {"redis://:hunter2hunter2@cache.prod:6379", breachedX},
		"a Service of staging":               {"redis://:hunter2hunter2@cache.staging.svc:6379", "Sealed"},
		"a Service of staging, bare":         {"redis://:hunter2hunter2@cache:6379", "Sealed"},
		"a Service of staging, not there":    {"redis://:hunter2hunter2@other:6379", "Undetermined"},
		"a Service that is an alias":         {"redis://:hunter2hunter2@alias:6379", breachedX + "\nsecrets/production-address Service/staging/alias spec.externalName"},
		"a page of the web":                  {"https://10.0.2.5/", "Sealed"},
		"a login in a URL":                   {"https://app:hunter2hunter2@10.0.2.5/", "Undetermined"},
		"a login in a URL, production":       {"https://app:hunter2hunter2@10.0.0.5/", breachedX},
		"a login at a mail server":           {"smtps://app:hunter2hunter2@10.0.0.5:465", breachedX},
		"a mail server of nobody":            {"smtps://10.0.2.5:465", "Sealed"},
		"a host that a variable gives":       {"postgres://app:hunter2hunter2@$(DB_HOST)/shop", "Undetermined"},
		"that and the password too":          {"postgres://app:$(PASSWORD)@$(DB_HOST)/shop", "Sealed"},
		"a socket of the pod":                {"postgres://app:hunter2hunter2@/shop?host=/var/run/postgresql", "Sealed"},
		"the second of Oracle":               {"jdbc:oracle:thin:a/b@o.staging.example.com:1521/x jdbc:oracle:thin:app/hunter2hunter2@//o.prod.example.com:1521/shop", breachedX},
		"Event Hubs":                         {"Endpoint=sb://bus.prod.example.com/;SharedAccessKeyName=Root;SharedAccessKey=" + strings.Repeat("aB3d", 10) + "aB3=", breachedX},
		"Event Hubs of staging":              {"Endpoint=sb://bus.staging.example.com/;SharedAccessKeyName=Root;SharedAccessKey=" + strings.Repeat("aB3d", 10) + "aB3=", "Sealed"},
		"Azure Storage":                      {"DefaultEndpointsProtocol=https;AccountName=prodstore;AccountKey=" + strings.Repeat("aB3d", 21) + "aQ==;EndpointSuffix=core.windows.net", breachedX},
		"Azure Storage of nobody":            {"DefaultEndpointsProtocol=https;AccountName=otherstore;AccountKey=" + strings.Repeat("aB3d", 21) + "aQ==;EndpointSuffix=core.windows.net", "Undetermined"},
		"Azure Storage without the key":      {"DefaultEndpointsProtocol=https;AccountName=prodstore;AccountKey=;EndpointSuffix=core.windows.net", "Sealed"},
		"a bare address of production":       {"10.0.0.5", addressX},
		"a bare address of staging":          {"10.0.1.5", "Sealed"},
		"an instance in an argument":         {"--instances=p:europe-west1:prod-db=tcp:5432", addressX},
		"another instance in an argument":    {"--instances=p:europe-west1:staging-db=tcp:5432", "Sealed"},
	} {
		t.Run(name, func(t *testing.T) {
			docs := []string{production, secretOf("A", tt.value), "apiVersion: v1\nkind: Service\nmetadata: {name: cache, namespace: staging}\nspec: {selector: {app: cache}}"}
			if strings.Contains(tt.value, "alias") {
				docs = append(docs, "apiVersion: v1\nkind: Service\nmetadata: {name: alias, namespace: staging}\nspec: {type: ExternalName, externalName: cache.prod.example.com}")
			}
			expect(t, read(t, docs...), between(), tt.want)
		})
	}
}

// TestPlacesOfCredentials is case 50 in the variable of a container, and in other places.
func TestPlacesOfCredentials(t *testing.T) {
	pod := func(field string) string {
		return "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: staging}\nspec: {containers: [{name: a, " + field + "}]}"
	}
	const url = "postgres://app:hunter2hunter2@HOST/shop"
	for field, doc := range map[string]string{
		"Pod/staging/x spec.containers[0].env[0].value": pod("env: [{name: DATABASE_URL, value: '" + url + "'}]"),
		"Pod/staging/x spec.containers[0].args[0]":      pod("args: ['--url=" + url + "']"),
		"Pod/staging/x spec.containers[0].command[2]":   pod("command: [sh, -c, 'exec web " + url + " now']"),
		"ConfigMap/staging/x data[url]":                 "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: staging}\ndata: {url: '" + url + "'}",
		"ConfigMap/staging/x metadata.annotations[a]":   "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: staging, annotations: {a: '" + url + "'}}",
		"Thing/staging/x spec.database.url":             "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x, namespace: staging}\nspec: {database: {url: '" + url + "'}}",
		"Secret/staging/x data[url]":                    "apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: staging}\ndata: {url: " + b64(url) + "}",
	} {
		for host, want := range map[string]string{"10.0.0.5": "Breached\nsecrets/production-credential " + field, "10.0.1.5": "Sealed", "10.0.2.5": "Undetermined"} {
			with := strings.ReplaceAll(strings.ReplaceAll(doc, "HOST", host), b64(url), b64(strings.ReplaceAll(url, "HOST", host)))
			expect(t, read(t, production, with), between(), want)
		}
	}
}

// A Service whose addresses somebody has written leads where they are.
func TestWrittenAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"10.0.0.5": "Breached\nsecrets/production-address EndpointSlice/staging/db-1 endpoints[0].addresses[0]\nsecrets/production-credential Secret/staging/x stringData[A]",
		"10.0.1.5": "Sealed",
		"10.0.2.5": "Undetermined",
	} {
		expect(t, read(t, production, secretOf("A", "postgres://app:hunter2hunter2@db/shop"),
			"apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: staging}\nspec: {ports: [{port: 5432}]}",
			"apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: db-1, namespace: staging, labels: {kubernetes.io/service-name: db}}\naddressType: IPv4\nendpoints: [{addresses: ["+address+"]}]"),
			between(), want)
	}
}

func TestBarredConnections(t *testing.T) {
	for name, tt := range map[string]struct {
		value  string
		barred secrets.Names
		want   string
	}{
		"the network keeps staging from the host": {"postgres://app:hunter2hunter2@10.0.0.5/shop", secrets.Names{Hosts: []string{"10.0.0.5"}}, "Sealed"},
		"IAM keeps it from the instance":          {"host=/cloudsql/p:europe-west1:prod-db user=prod_app password=hunter2hunter2", secrets.Names{Instances: []string{"p:europe-west1:prod-db"}}, "Sealed"},
		"IAM alone does not keep it from a host":  {"postgres://app:hunter2hunter2@10.0.0.5/shop", secrets.Names{Instances: []string{"p:europe-west1:prod-db"}}, breachedX},
		"a value of production all the same":      {"postgres://app:wX7%23kQ2%24vN9%21mZ4%26pL6%40rT1%5EsB8%2AhJ3%25@10.0.0.5/shop", secrets.Names{Hosts: []string{"10.0.0.5"}}, "Breached\nsecrets/production-value Secret/staging/x stringData[A]"},
	} {
		t.Run(name, func(t *testing.T) {
			b := between()
			b.Barred = tt.barred
			expect(t, read(t, production, secretOf("A", tt.value)), b, tt.want)
		})
	}
}

func TestVettedObjects(t *testing.T) {
	b := between()
	b.Vetted = []bulkhead.Ref{{Kind: "Secret", Namespace: "staging", Name: "x"}}
	expect(t, read(t, production, secretOf("A", "ghp_"+strings.Repeat("aB3d", 9))), b, "Sealed")
	expect(t, read(t, production, secretOf("A", "postgres://app:hunter2hunter2@10.0.0.5/shop")), b, breachedX)
	reader := "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: staging}\nspec: {containers: [{name: a, envFrom: [{secretRef: {name: x}}]}]}"
	expect(t, read(t, production, reader), b, "Sealed")
	expect(t, read(t, production, reader), between(), "Undetermined")
}
