// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

// random is the password of production in every case.
const random = "wX7#kQ2$vN9!mZ4&pL6@rT1^sB8*hJ3%"

const valueX = "Breached\nsecrets/production-value Secret/staging/x stringData[A]"

// TestValues is case 51: a value of production in a Secret of staging, in the forms in
// which it may be there.
func TestValues(t *testing.T) {
	asJSON, err := json.Marshal(map[string]any{"db": map[string]string{"password": random}})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ value, want string }{
		"the value":                            {random, valueX},
		"the value less one character":         {random[1:], "Sealed"},
		"the value with another character":     {"W" + random[1:], "Sealed"},
		"the value with blanks around it":      {"  " + random + "\n\n", valueX},
		"a common value":                       {"postgres", "Sealed"},
		"a user of the same name":              {"backend_service", "Sealed"},
		"a passphrase of words":                {"correct horse battery staple", valueX},
		"the value in base64":                  {b64(random), valueX},
		"the value in base64 of base64":        {b64(b64(random)), valueX},
		"the value in base64 for URLs":         {strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(b64(random), "=")), valueX},
		"the value escaped for URLs":           {url.QueryEscape(random), valueX},
		"the value in JSON":                    {string(asJSON), valueX},
		"the value in JSON in base64":          {b64(string(asJSON)), valueX},
		"the value in YAML":                    {"db:\n  password: '" + random + "'\n", valueX},
		"the value in a line of .env":          {"export DB_PASSWORD=\"" + random + "\"\nX=1", valueX},
		"the value in a connection string":     {"postgres://app:" + url.QueryEscape(random) + "@10.0.1.5/shop", valueX},
		"the value in the middle of a script":  {"#!/bin/sh\nexec mysql -p'" + random + "' -e 'select 1'\n", valueX},
		"its base64 in the middle of a script": {"#!/bin/sh\necho " + b64(random) + " | base64 -d\n", valueX},
		"half the value in a script":           {"#!/bin/sh\nexec mysql -p'" + random[:16] + "' -e 'select 1'\n", "Sealed"},
		"base64 of thirteen layers":            {deep(13), "Undetermined"},
		"base64 of ten layers":                 {deep(10), valueX},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, read(t, production, secretOf("A", tt.value)), between(), tt.want)
		})
	}
}

// deep packs the value into layers of base64.
func deep(layers int) string {
	out := random
	for range layers {
		out = b64(out)
	}
	return out
}

// release is the record of a Helm release with a manifest, as Helm stores it.
func release(t testing.TB, manifest string) string {
	t.Helper()
	data, err := json.Marshal(map[string]any{"name": "shop", "manifest": manifest, "config": map[string]any{"replicas": 2}})
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b64(packed.String())
}

// TestPlacesOfValues puts a value of production wherever one can be in staging.
func TestPlacesOfValues(t *testing.T) {
	pod := func(field string) string {
		return "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: staging}\nspec: {" + field + "}"
	}
	quoted := "'" + random + "'"
	inManifest := "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\ndata:\n  p: " + b64(random)
	for place, doc := range map[string]string{
		"Secret/staging/x data[p]":                                                                "apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: staging}\ndata: {p: " + b64(random) + "}",
		"ConfigMap/staging/x data[p]":                                                             "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: staging}\ndata: {p: " + quoted + "}",
		"ConfigMap/staging/x binaryData[p]":                                                       "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: staging}\nbinaryData: {p: " + b64(random) + "}",
		"Pod/staging/x spec.containers[0].env[0].value":                                           pod("containers: [{name: a, env: [{name: P, value: " + quoted + "}]}]"),
		"Pod/staging/x spec.containers[0].args[1]":                                                pod("containers: [{name: a, args: [x, " + quoted + "]}]"),
		"Pod/staging/x spec.containers[0].command[1]":                                             pod("containers: [{name: a, command: [sh, '-p" + random + "']}]"),
		"Pod/staging/x spec.initContainers[0].env[0].value":                                       pod("initContainers: [{name: a, env: [{name: P, value: " + quoted + "}]}], containers: [{name: b}]"),
		"Pod/staging/x spec.ephemeralContainers[0].env[0].value":                                  pod("ephemeralContainers: [{name: a, env: [{name: P, value: " + quoted + "}]}], containers: [{name: b}]"),
		"Pod/staging/x spec.containers[0].livenessProbe.httpGet.httpHeaders[0].value":             pod("containers: [{name: a, livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: A, value: " + quoted + "}]}}}]"),
		"Pod/staging/x spec.containers[0].lifecycle.postStart.exec.command[0]":                    pod("containers: [{name: a, lifecycle: {postStart: {exec: {command: [" + quoted + "]}}}}]"),
		"Pod/staging/x metadata.annotations[example.com/p]":                                       "apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: staging, annotations: {example.com/p: " + quoted + "}}",
		"Deployment/staging/x spec.template.metadata.annotations[p]":                              "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x, namespace: staging}\nspec: {template: {metadata: {annotations: {p: " + quoted + "}}}}",
		"CronJob/staging/x spec.jobTemplate.spec.template.spec.containers[0].env[0].value":        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x, namespace: staging}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, env: [{name: P, value: " + quoted + "}]}]}}}}}",
		"Job/staging/x spec.template.spec.containers[0].env[0].value":                             "apiVersion: batch/v1\nkind: Job\nmetadata: {name: x, namespace: staging}\nspec: {template: {spec: {containers: [{name: a, env: [{name: P, value: " + quoted + "}]}]}}}",
		"Application/staging/x spec.source.helm.valuesObject.db.password":                         "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x, namespace: staging}\nspec: {source: {helm: {valuesObject: {db: {password: " + quoted + "}}}}}",
		"Thing/staging/x spec.env[0].value":                                                       "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x, namespace: staging}\nspec: {env: [{name: P, value: " + quoted + "}]}",
		"Thing/staging/x status.last":                                                             "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x, namespace: staging}\nstatus: {last: " + quoted + "}",
		"Thing/staging/x data[a.b]":                                                               "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x, namespace: staging}\ndata: {a.b: " + quoted + "}",
		"ControllerRevision/staging/x data.spec.template.spec.containers[0].env[0].value":         "apiVersion: apps/v1\nkind: ControllerRevision\nmetadata: {name: x, namespace: staging}\nrevision: 1\ndata: {spec: {template: {spec: {containers: [{env: [{name: P, value: " + quoted + "}]}]}}}}",
		"Namespace/staging metadata.annotations[p]":                                               "apiVersion: v1\nkind: Namespace\nmetadata: {name: staging, annotations: {p: " + quoted + "}}",
		"Secret/staging/x metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\n  namespace: staging\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"p\":\"" + b64(random) + "\"}}",
		"Secret/staging/sh.helm.release.v1.shop.v1 data[release]":                                 "apiVersion: v1\nkind: Secret\ntype: helm.sh/release.v1\nmetadata: {name: sh.helm.release.v1.shop.v1, namespace: staging}\ndata: {release: " + b64(release(t, inManifest)) + "}",
		"ConfigMap/staging/shop.v1 data[release]":                                                 "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop.v1, namespace: staging}\ndata: {release: " + release(t, inManifest) + "}",
	} {
		t.Run(place, func(t *testing.T) {
			want := "Breached\nsecrets/production-value " + place
			expect(t, read(t, production, inhabitant, doc), between(), want)
			expect(t, read(t, production, inhabitant, strings.ReplaceAll(doc, random, "another-value-of-staging-itself")), between(),
				map[bool]string{true: "Sealed", false: want}[strings.Contains(doc, random)])
		})
	}
}

// TestSourcesOfValues takes the values of production from everywhere they can be there.
func TestSourcesOfValues(t *testing.T) {
	inManifest := "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {p: '" + random + "'}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {chart: a-chart-of-both-sides-1.2.3}}"
	for name, tt := range map[string]struct{ doc, staging, want string }{
		"data of a Secret":                     {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\ndata: {p: " + b64(random) + "}", random, valueX},
		"a file in a Secret":                   {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {app.yaml: \"a:\\n  b: '" + random + "'\"}", random, valueX},
		"base64 in a Secret":                   {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {p: " + b64(random) + "}", random, valueX},
		"a password in a connection string":    {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {URL: 'postgres://a:" + url.QueryEscape(random) + "@h/db'}", random, valueX},
		"a variable that is called a password": {"apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: prod}\nspec: {containers: [{name: a, env: [{name: DB_PASSWORD, value: '" + random + "'}]}]}", random, valueX},
		"a variable that is called otherwise":  {"apiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: prod}\nspec: {containers: [{name: a, env: [{name: GREETING, value: '" + random + "'}]}]}", random, "Sealed"},
		"the name of a Secret":                 {"apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: x, namespace: prod}\nspec: {existingSecret: backend-credentials}", "backend-credentials", "Sealed"},
		"a Secret in a Helm release":           {"apiVersion: v1\nkind: Secret\ntype: helm.sh/release.v1\nmetadata: {name: sh.helm.release.v1.shop.v1, namespace: prod}\ndata: {release: " + b64(release(t, inManifest)) + "}", random, valueX},
		"the chart of a Helm release":          {"apiVersion: v1\nkind: Secret\ntype: helm.sh/release.v1\nmetadata: {name: sh.helm.release.v1.shop.v1, namespace: prod}\ndata: {release: " + b64(release(t, inManifest)) + "}", "a-chart-of-both-sides-1.2.3", "Sealed"},
		"a certificate":                        {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {ca.crt: \"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\"}", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "Sealed"},
		"the ID of a tenant":                   {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {AZURE_TENANT_ID: 0f8fad5b-d9cb-469f-a165-70867728950e}", "0f8fad5b-d9cb-469f-a165-70867728950e", "Sealed"},
		"the ID of a role's secret in Vault":   {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {VAULT_SECRET_ID: 0f8fad5b-d9cb-469f-a165-70867728950e}", "0f8fad5b-d9cb-469f-a165-70867728950e", valueX},
		"options of a program":                 {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {JAVA_OPTS: -Xmx512m -Xms512m}", "-Xmx512m -Xms512m", "Undetermined"},
		"words under a key that says nothing":  {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {A: some-setting-or-phrase}", "some-setting-or-phrase", "Undetermined"},
		"words in the middle of a text":        {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {A: some-setting-or-phrase}", "run with some-setting-or-phrase again", "Sealed"},
		"words under the key of a token":       {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {API_TOKEN: some-setting-or-phrase}", "run with some-setting-or-phrase again", valueX},
		"an address that both use":             {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {SMTP_HOST: email-smtp.eu-west-1.amazonaws.com}", "email-smtp.eu-west-1.amazonaws.com", "Sealed"},
		"a number":                             {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {PIN: \"8305719264\"}", "8305719264", valueX},
		"dashes":                               {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {X: ----------}", "----------", "Sealed"},
		"a value of seven characters":          {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {X: k3Jx9Q7}", "k3Jx9Q7", "Sealed"},
		"a value of eight characters":          {"apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: prod}\nstringData: {X: k3Jx9Q7z}", "k3Jx9Q7z", valueX},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, read(t, tt.doc, secretOf("A", tt.staging)), between(), tt.want)
		})
	}
}

// TestWhatIsReadAndNotThere names the Secrets that workloads read and the set lacks.
func TestWhatIsReadAndNotThere(t *testing.T) {
	for name, tt := range map[string]struct {
		field, also string
		missing     string
	}{
		"a variable":              {"containers: [{name: a, env: [{name: P, valueFrom: {secretKeyRef: {name: yy, key: p}}}]}]", "", "Secret/staging/yy"},
		"all variables":           {"containers: [{name: a, envFrom: [{secretRef: {name: yy}}]}]", "", "Secret/staging/yy"},
		"of a ConfigMap":          {"containers: [{name: a, envFrom: [{configMapRef: {name: yy}}]}]", "", "ConfigMap/staging/yy"},
		"in an init container":    {"initContainers: [{name: a, envFrom: [{secretRef: {name: yy}}]}], containers: [{name: b}]", "", "Secret/staging/yy"},
		"in one for debugging":    {"ephemeralContainers: [{name: a, envFrom: [{secretRef: {name: yy}}]}], containers: [{name: b}]", "", "Secret/staging/yy"},
		"a volume":                {"volumes: [{name: v, secret: {secretName: yy}}], containers: [{name: a}]", "", "Secret/staging/yy"},
		"a projected volume":      {"volumes: [{name: v, projected: {sources: [{secret: {name: yy}}]}}], containers: [{name: a}]", "", "Secret/staging/yy"},
		"for pulling images":      {"imagePullSecrets: [{name: yy}], containers: [{name: a}]", "", "Secret/staging/yy"},
		"for a driver of volumes": {"volumes: [{name: v, csi: {driver: d, nodePublishSecretRef: {name: yy}}}], containers: [{name: a}]", "", "Secret/staging/yy"},
		"one that is there":       {"containers: [{name: a, envFrom: [{secretRef: {name: yy}}]}]", "apiVersion: v1\nkind: Secret\nmetadata: {name: yy, namespace: staging}", ""},
		"one that is made from staging's own store": {
			"containers: [{name: a, envFrom: [{secretRef: {name: yy}}]}]",
			"apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: z, namespace: staging}\nspec: {target: {name: yy}, secretStoreRef: {name: s}, data: [{secretKey: a, remoteRef: {key: staging-db-password}}]}", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, namespace := range []string{"staging", "prod"} {
				docs := []string{production, secretOf("A", "b"), "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: " + namespace + "}\nspec: {" + tt.field + "}"}
				if tt.also != "" {
					docs = append(docs, strings.ReplaceAll(tt.also, "staging}", namespace+"}"))
				}
				p := prove(t, between(), read(t, docs...))
				want := strings.ReplaceAll(tt.missing, "staging", namespace)
				if namespace == "prod" && (strings.HasPrefix(want, "ConfigMap") || strings.Contains(tt.also, "ExternalSecret")) {
					continue // a ConfigMap of production is no secret, and what makes its Secrets tells no values
				}
				if got := strings.Join(p.Missing, "\n"); want == "" && got != "" || !strings.Contains(got, want) {
					t.Errorf("%s: missing %q, want %q", namespace, got, want)
				}
			}
		})
	}
}
