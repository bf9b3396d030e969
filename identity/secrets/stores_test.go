// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/bulkheadtest"
	"github.com/watertight-go/watertight/identity/secrets"
)

const (
	toProdProject    = "provider: {gcpsm: {projectID: prod-data}}"
	toStagingProject = "provider: {gcpsm: {projectID: staging-data}}"
	toSomeProject    = "provider: {gcpsm: {projectID: elsewhere}}"
	stagingSpace     = "apiVersion: v1\nkind: Namespace\nmetadata: {name: staging, labels: {env: staging, team: shop}}"
)

func clusterStore(spec string) string {
	return "apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: s}\nspec: {" + spec + "}"
}

func store(spec string) string {
	return "apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: s, namespace: staging}\nspec: {" + spec + "}"
}

func external(spec string) string {
	return "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e, namespace: staging}\nspec: {" + spec + "}"
}

func storeAt(place string) string { return "Breached\nsecrets/production-store " + place }

// TestStores is case 46: who may have secrets through a store. A store counts where
// nothing uses it, since an ExternalSecret is soon made.
func TestStores(t *testing.T) {
	const whole = "ClusterSecretStore/s"
	for name, tt := range map[string]struct {
		docs []string
		want string
	}{
		"a store of production without conditions":   {[]string{clusterStore(toProdProject)}, storeAt(whole)},
		"a store of staging without conditions":      {[]string{clusterStore(toStagingProject)}, "Sealed"},
		"a store of nobody without conditions":       {[]string{clusterStore(toSomeProject)}, "Undetermined"},
		"conditions that list production":            {[]string{clusterStore(toProdProject + ", conditions: [{namespaces: [prod]}]")}, "Sealed"},
		"conditions that list both":                  {[]string{clusterStore(toProdProject + ", conditions: [{namespaces: [prod, staging]}]")}, storeAt(whole + " spec.conditions[0].namespaces[1]")},
		"a second condition that lists staging":      {[]string{clusterStore(toProdProject + ", conditions: [{namespaces: [prod]}, {namespaces: [staging]}]")}, storeAt(whole + " spec.conditions[1].namespaces[0]")},
		"an empty list of conditions":                {[]string{clusterStore(toProdProject + ", conditions: []")}, storeAt(whole)},
		"an empty condition":                         {[]string{clusterStore(toProdProject + ", conditions: [{}]")}, "Sealed"},
		"a pattern of production":                    {[]string{clusterStore(toProdProject + ", conditions: [{namespaceRegexes: ['^prod$']}]")}, "Sealed"},
		"a pattern of staging":                       {[]string{clusterStore(toProdProject + ", conditions: [{namespaceRegexes: ['^(prod|staging)$']}]")}, storeAt(whole + " spec.conditions[0].namespaceRegexes[0]")},
		"a pattern that matches in the middle":       {[]string{clusterStore(toProdProject + ", conditions: [{namespaceRegexes: ['tag']}]")}, storeAt(whole + " spec.conditions[0].namespaceRegexes[0]")},
		"a pattern that is none":                     {[]string{clusterStore(toProdProject + ", conditions: [{namespaceRegexes: ['(']}]")}, "Undetermined"},
		"a selector of staging by name":              {[]string{clusterStore(toProdProject + ", conditions: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: staging}}}]")}, storeAt(whole + " spec.conditions[0].namespaceSelector")},
		"a selector of production by name":           {[]string{clusterStore(toProdProject + ", conditions: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: prod}}}]")}, "Sealed"},
		"a selector of staging by label":             {[]string{stagingSpace, clusterStore(toProdProject + ", conditions: [{namespaceSelector: {matchLabels: {team: shop}}}]")}, storeAt(whole + " spec.conditions[0].namespaceSelector")},
		"a selector of production by label":          {[]string{stagingSpace, clusterStore(toProdProject + ", conditions: [{namespaceSelector: {matchLabels: {env: prod}}}]")}, "Sealed"},
		"a selector by label, the namespace unknown": {[]string{clusterStore(toProdProject + ", conditions: [{namespaceSelector: {matchLabels: {env: prod}}}]")}, "Undetermined"},
		"an empty selector":                          {[]string{clusterStore(toProdProject + ", conditions: [{namespaceSelector: {}}]")}, storeAt(whole + " spec.conditions[0].namespaceSelector")},
		"a store that production uses": {
			[]string{clusterStore(toSomeProject), "apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\nmetadata: {name: e, namespace: prod}\nspec: {secretStoreRef: {name: s, kind: ClusterSecretStore}}"},
			storeAt(whole),
		},
		"a store of production's with that name": {
			[]string{clusterStore(toStagingProject), "apiVersion: external-secrets.io/v1beta1\nkind: ExternalSecret\nmetadata: {name: e, namespace: prod}\nspec: {secretStoreRef: {name: s, kind: SecretStore}}"},
			"Sealed",
		},
		"a store that production writes to": {
			[]string{clusterStore(toSomeProject), "apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: e, namespace: prod}\nspec: {secretStoreRefs: [{name: s, kind: ClusterSecretStore}], selector: {secret: {name: db}}}"},
			storeAt(whole),
		},
		"a store that logs in as production": {
			[]string{clusterStore("provider: {vault: {server: 'https://shared.example.com', auth: {kubernetes: {serviceAccountRef: {name: a, namespace: prod}}}}}")},
			storeAt(whole),
		},
		"a store that production writes to, of both": {
			[]string{clusterStore(toStagingProject), "apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: e, namespace: prod}\nspec: {secretStoreRefs: [{name: s, kind: ClusterSecretStore}], selector: {secret: {name: db}}}"},
			storeAt(whole),
		},
		"a store that production reads from, of both": {
			[]string{clusterStore(toStagingProject), "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e, namespace: prod}\nspec: {secretStoreRef: {name: s, kind: ClusterSecretStore}}"},
			"Sealed",
		},
		"a store that production uses by a ClusterExternalSecret": {
			[]string{clusterStore(toSomeProject), "apiVersion: external-secrets.io/v1\nkind: ClusterExternalSecret\nmetadata: {name: e}\nspec: {namespaces: [prod], externalSecretSpec: {secretStoreRef: {name: s, kind: ClusterSecretStore}}}"},
			storeAt(whole),
		},
		"a store that others use by a ClusterExternalSecret": {
			[]string{clusterStore(toSomeProject), "apiVersion: external-secrets.io/v1\nkind: ClusterExternalSecret\nmetadata: {name: e}\nspec: {namespaces: [tools], externalSecretSpec: {secretStoreRef: {name: s, kind: ClusterSecretStore}}}"},
			"Undetermined",
		},
		"a store that production writes to by a ClusterPushSecret": {
			[]string{clusterStore(toSomeProject), "apiVersion: external-secrets.io/v1alpha1\nkind: ClusterPushSecret\nmetadata: {name: e}\nspec: {namespaceSelectors: [{matchLabels: {kubernetes.io/metadata.name: prod}}], pushSecretSpec: {secretStoreRefs: [{name: s, kind: ClusterSecretStore}]}}"},
			storeAt(whole),
		},
		"staging's own store that names production's login": {[]string{store("provider: {vault: {server: 'https://shared.example.com', auth: {kubernetes: {serviceAccountRef: {name: a, namespace: prod}}}}}")}, "Sealed"},
		"a store of another cluster by a similar name":      {[]string{store("provider: {kubernetes: {remoteNamespace: staging, server: {url: 'https://kubernetes.default.prod.example.com'}}}")}, storeAt("SecretStore/staging/s spec.provider.kubernetes.server.url")},
		"a store of the cluster by its full name":           {[]string{store("provider: {kubernetes: {remoteNamespace: staging, server: {url: 'https://kubernetes.default.svc:443'}}}")}, "Sealed"},
		"a search by tags in a store of both":               {[]string{store(toStagingProject), external("secretStoreRef: {name: s}, dataFrom: [{find: {tags: {env: x}}}]")}, "Undetermined"},
		"a store that reads Secrets of production":          {[]string{clusterStore("provider: {kubernetes: {remoteNamespace: prod}}")}, storeAt(whole)},
		"a store that reads Secrets of staging":             {[]string{clusterStore("provider: {kubernetes: {remoteNamespace: staging}}")}, "Sealed"},
		"a store that reads Secrets of a third namespace":   {[]string{clusterStore("provider: {kubernetes: {}}")}, "Undetermined"},

		"staging's own store of Secrets of production": {[]string{store("provider: {kubernetes: {remoteNamespace: prod}}")}, storeAt("SecretStore/staging/s spec.provider.kubernetes.remoteNamespace")},
		"staging's own store of production's project":  {[]string{store(toProdProject)}, storeAt("SecretStore/staging/s spec.provider.gcpsm.projectID")},
		"staging's own store of its project":           {[]string{store(toStagingProject)}, "Sealed"},
		"staging's own store of production's role":     {[]string{store("provider: {aws: {service: SecretsManager, role: 'arn:aws:iam::111122223333:role/x'}}")}, storeAt("SecretStore/staging/s spec.provider.aws.role")},
		"staging's own store of staging's role":        {[]string{store("provider: {aws: {service: SecretsManager, role: 'arn:aws:iam::444455556666:role/x'}}")}, "Sealed"},
		"staging's own store of production's vault":    {[]string{store("provider: {vault: {server: 'https://vault.prod.example.com:8200'}}")}, storeAt("SecretStore/staging/s spec.provider.vault.server")},
		"staging's own store of a vault of Azure":      {[]string{store("provider: {azurekv: {vaultUrl: 'https://kv.vault.azure.net'}}")}, "Undetermined"},
		"a store of a provider that is not known":      {[]string{store("provider: {oracle: {}}")}, "Undetermined"},
		"a store without a provider":                   {[]string{store("controller: x")}, "Undetermined"},

		"a secret of production by name":          {[]string{store(toStagingProject), external("secretStoreRef: {name: s}, data: [{secretKey: a, remoteRef: {key: prod-db-password}}]")}, storeAt("ExternalSecret/staging/e spec.data[0]")},
		"a secret of staging by name":             {[]string{store(toStagingProject), external("secretStoreRef: {name: s}, data: [{secretKey: a, remoteRef: {key: other}}]")}, "Sealed"},
		"a secret of production by path":          {[]string{store(toStagingProject), external("secretStoreRef: {name: s}, dataFrom: [{extract: {key: kv/prod/db}}]")}, storeAt("ExternalSecret/staging/e spec.dataFrom[0]")},
		"a secret of production's project":        {[]string{store(toStagingProject), external("secretStoreRef: {name: s}, data: [{remoteRef: {key: projects/prod-data/secrets/x}}]")}, storeAt("ExternalSecret/staging/e spec.data[0]")},
		"a secret of production's account":        {[]string{store(toStagingProject), external("secretStoreRef: {name: s}, data: [{remoteRef: {key: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x'}}]")}, storeAt("ExternalSecret/staging/e spec.data[0]")},
		"a search that finds one of production":   {[]string{store(toStagingProject), external("secretStoreRef: {name: s}, dataFrom: [{find: {name: {regexp: 'db-password$'}}}]")}, storeAt("ExternalSecret/staging/e spec.dataFrom[0]")},
		"a search that finds none":                {[]string{store(toStagingProject), external("secretStoreRef: {name: s}, dataFrom: [{find: {name: {regexp: '^staging-'}}}]")}, "Sealed"},
		"a search for all":                        {[]string{store(toStagingProject), external("secretStoreRef: {name: s}, dataFrom: [{find: {path: kv/}}]")}, storeAt("ExternalSecret/staging/e spec.dataFrom[0]")},
		"a store that is not there":               {[]string{external("secretStoreRef: {name: s}, data: [{remoteRef: {key: other}}]")}, "Undetermined"},
		"a store that is not there, a known name": {[]string{external("secretStoreRef: {name: s}, data: [{remoteRef: {key: staging-db-password}}]")}, "Sealed"},
		"what a generator makes":                  {[]string{external("dataFrom: [{sourceRef: {generatorRef: {kind: Password, name: p}}}]")}, "Sealed"},
		"a store of its own for one entry":        {[]string{clusterStore(toSomeProject + ", conditions: [{namespaces: [tools]}]"), external("data: [{remoteRef: {key: other}, sourceRef: {storeRef: {name: s, kind: ClusterSecretStore}}}]")}, "Sealed"},

		"made in staging by label": {
			[]string{stagingSpace, "apiVersion: external-secrets.io/v1\nkind: ClusterExternalSecret\nmetadata: {name: c}\nspec: {namespaceSelectors: [{matchLabels: {team: shop}}], externalSecretSpec: {data: [{remoteRef: {key: prod-db-password}}]}}"},
			storeAt("ClusterExternalSecret/c spec.namespaceSelectors[0]"),
		},
		"made in production by label": {
			[]string{stagingSpace, "apiVersion: external-secrets.io/v1\nkind: ClusterExternalSecret\nmetadata: {name: c}\nspec: {namespaceSelectors: [{matchLabels: {env: prod}}], externalSecretSpec: {data: [{remoteRef: {key: prod-db-password}}]}}"},
			"Sealed",
		},
		"made in staging perhaps": {
			[]string{"apiVersion: external-secrets.io/v1\nkind: ClusterExternalSecret\nmetadata: {name: c}\nspec: {namespaceSelectors: [{matchLabels: {team: shop}}], externalSecretSpec: {data: [{remoteRef: {key: prod-db-password}}]}}"},
			"Undetermined",
		},
		"pushed into staging": {
			[]string{
				"apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: s, namespace: prod}\nspec: {provider: {kubernetes: {remoteNamespace: staging}}}",
				"apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: e, namespace: prod}\nspec: {secretStoreRefs: [{name: s}], selector: {secret: {name: db}}}",
			}, storeAt("PushSecret/prod/e"),
		},
		"pushed into staging by its own words": {
			[]string{
				clusterStore("provider: {kubernetes: {remoteNamespace: prod}}, conditions: [{namespaces: [prod]}]"),
				"apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: e, namespace: prod}\nspec: {secretStoreRefs: [{name: s, kind: ClusterSecretStore}], data: [{metadata: {spec: {remoteNamespace: staging}}}]}",
			}, storeAt("PushSecret/prod/e"),
		},
		"pushed with these words, which a SecretStore refuses": {
			[]string{
				"apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: s, namespace: prod}\nspec: {provider: {kubernetes: {remoteNamespace: prod}}}",
				"apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: e, namespace: prod}\nspec: {secretStoreRefs: [{name: s}], data: [{metadata: {spec: {remoteNamespace: staging}}}]}",
			}, "Sealed",
		},
		"pushed into staging of another cluster": {
			[]string{
				"apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: s, namespace: prod}\nspec: {provider: {kubernetes: {remoteNamespace: staging, server: {url: 'https://dr.example.com'}}}}",
				"apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: e, namespace: prod}\nspec: {secretStoreRefs: [{name: s}], selector: {secret: {name: db}}}",
			}, "Sealed",
		},
		"pushed elsewhere": {
			[]string{
				"apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: s, namespace: prod}\nspec: {provider: {kubernetes: {remoteNamespace: backup}}}",
				"apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: e, namespace: prod}\nspec: {secretStoreRefs: [{name: s}], selector: {secret: {name: db}}}",
			}, "Sealed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, read(t, append(tt.docs, production, secretOf("A", "b"))...), between(), tt.want)
		})
	}
}

// A way to a store is a way to all that is in it, whatever keeps staging from a database
// on the same host.
func TestBarredStore(t *testing.T) {
	b := between()
	b.Protected.Hosts = append(b.Protected.Hosts, "vault.example.com")
	b.Barred.Hosts = []string{"vault.example.com"}
	expect(t, read(t, production, store("provider: {vault: {server: 'https://vault.example.com'}}")), b, storeAt("SecretStore/staging/s spec.provider.vault.server"))
}

func TestMountedSecrets(t *testing.T) {
	class := func(provider, parameters string) string {
		return "apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nmetadata: {name: c, namespace: staging}\nspec:\n  provider: " + provider + "\n  parameters:\n    " +
			strings.ReplaceAll(parameters, "\n", "\n    ")
	}
	at := func(parameter string) string {
		return storeAt("SecretProviderClass/staging/c spec.parameters." + parameter)
	}
	for name, tt := range map[string]struct{ doc, want string }{
		"Google, production's project": {class("gcp", "secrets: |\n  - resourceName: projects/prod-data/secrets/x/versions/latest\n    path: x"), at("secrets")},
		"Google, staging's project":    {class("gcp", "secrets: |\n  - resourceName: projects/staging-data/secrets/x/versions/latest\n    path: x"), "Sealed"},
		"Google, nobody's project":     {class("gcp", "secrets: |\n  - resourceName: projects/elsewhere/secrets/x/versions/latest\n    path: x"), "Undetermined"},
		"Google, nothing":              {class("gcp", "auth: pod-adc"), "Undetermined"},
		"AWS, production's account":    {class("aws", "objects: |\n  - objectName: arn:aws:secretsmanager:eu-west-1:111122223333:secret:x\n    objectType: secretsmanager"), at("objects")},
		"AWS, production by name":      {class("aws", "objects: |\n  - objectName: prod-db-password\n    objectType: secretsmanager"), at("objects")},
		"AWS, staging by name":         {class("aws", "objects: |\n  - objectName: staging-db-password\n    objectType: secretsmanager"), "Sealed"},
		"Azure, a vault of nobody":     {class("azure", "keyvaultName: kv\nobjects: 'array: []'"), "Undetermined"},
		"Vault of production":          {class("vault", "vaultAddress: https://vault.prod.example.com:8200\nobjects: |\n  - secretPath: kv/staging/db"), at("vaultAddress")},
		"Vault of both, production":    {class("vault", "vaultAddress: https://shared.example.com:8200\nobjects: |\n  - secretPath: kv/prod/db"), at("objects")},
		"Vault of both, staging":       {class("vault", "vaultAddress: https://shared.example.com:8200\nobjects: |\n  - secretPath: kv/staging/db"), "Sealed"},
		"a provider that is not known": {class("conjur", "x: y"), "Undetermined"},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, read(t, tt.doc, production), between(), tt.want)
		})
	}
}

// A storeType is a SecretStore as a controller declares it in Go.
type storeType struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Provider struct {
			Kubernetes struct {
				RemoteNamespace string `json:"remoteNamespace"`
			} `json:"kubernetes"`
		} `json:"provider"`
	} `json:"spec"`
}

func (s *storeType) DeepCopyObject() runtime.Object { out := *s; return &out }

func TestStoreOfAGoType(t *testing.T) {
	s := &storeType{
		TypeMeta:   metav1.TypeMeta{APIVersion: "external-secrets.io/v1", Kind: "SecretStore"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "staging", Name: "s"},
	}
	s.Spec.Provider.Kubernetes.RemoteNamespace = "prod"
	expect(t, append(read(t, production), s), between(), storeAt("SecretStore/staging/s spec.provider.kubernetes.remoteNamespace"))
	bulkheadtest.WantFindings(t, bulkhead.Check([]bulkhead.Object{s}, secrets.Rules()...), secrets.ForeignStore+" spec.provider.kubernetes.remoteNamespace")
}

func TestVettedExternalSecret(t *testing.T) {
	b := between()
	docs := []string{production, external("secretStoreRef: {name: s}, data: [{remoteRef: {key: other}}]")}
	expect(t, read(t, docs...), b, "Undetermined")
	b.Vetted = []bulkhead.Ref{{Group: "external-secrets.io", Kind: "ExternalSecret", Namespace: "staging", Name: "e"}}
	expect(t, read(t, docs...), b, "Sealed")
}
