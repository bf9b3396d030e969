// SPDX-License-Identifier: Apache-2.0

package secrets_test

import (
	"strings"
	"testing"
)

func TestCopiedSecrets(t *testing.T) {
	annotated := func(kind, namespace string, annotations ...string) string {
		version := "v1"
		if kind == "SealedSecret" {
			version = "bitnami.com/v1alpha1"
		}
		return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata:\n  name: c\n  namespace: " + namespace + "\n  annotations:\n    " + strings.Join(annotations, "\n    ")
	}
	at := func(key string) string { return storeAt("Secret/prod/c metadata.annotations[" + key + "]") }
	const reflector, replicator = "reflector.v1.k8s.emberstack.com/", "replicator.v1.mittwald.de/"
	for name, tt := range map[string]struct{ doc, want string }{
		"reflection to all":              {annotated("Secret", "prod", reflector+`reflection-allowed: "true"`), at(reflector + "reflection-allowed")},
		"reflection to staging":          {annotated("Secret", "prod", reflector+`reflection-allowed: "true"`, reflector+`reflection-allowed-namespaces: "qa,stag.*"`), at(reflector + "reflection-allowed")},
		"reflection to others":           {annotated("Secret", "prod", reflector+`reflection-allowed: "true"`, reflector+`reflection-allowed-namespaces: "qa,tag"`), "Sealed"},
		"reflection that is not allowed": {annotated("Secret", "prod", reflector+`reflection-allowed: "false"`), "Sealed"},
		"reflection, of another dialect": {annotated("Secret", "prod", reflector+`reflection-allowed: "true"`, reflector+`reflection-allowed-namespaces: "(?<!x)staging"`), "Undetermined"},
		"replication to staging":         {annotated("Secret", "prod", replicator+`replicate-to: "qa, staging"`), at(replicator + "replicate-to")},
		"replication to others":          {annotated("Secret", "prod", replicator+`replicate-to: "qa, tag"`), "Sealed"},
		"replication allowed":            {annotated("Secret", "prod", replicator+`replication-allowed: "true"`, replicator+`replication-allowed-namespaces: ".*"`), at(replicator + "replication-allowed")},
		"replication allowed to nobody":  {annotated("Secret", "prod", replicator+`replication-allowed: "true"`), "Sealed"},
		"replication by label":           {annotated("Secret", "prod", replicator+`replicate-to-matching: "team=shop"`), at(replicator + "replicate-to-matching")},
		"replication by another label":   {annotated("Secret", "prod", replicator+`replicate-to-matching: "env=prod"`), "Sealed"},
		"a copy of what is not there":    {annotated("Secret", "staging", replicator+"replicate-from: prod/other"), "Undetermined"},
		"a copy of what does not allow":  {annotated("Secret", "staging", replicator+"replicate-from: prod/db"), "Undetermined"},
		"a reflection of what does not":  {annotated("Secret", "staging", reflector+"reflects: prod/db"), "Sealed"},
		"sealed for every namespace":     {annotated("SealedSecret", "prod", `sealedsecrets.bitnami.com/cluster-wide: "true"`), strings.Replace(at("sealedsecrets.bitnami.com/cluster-wide"), "Secret/", "SealedSecret/", 1)},
		"sealed with another word":       {annotated("SealedSecret", "prod", `sealedsecrets.bitnami.com/cluster-wide: "True"`), "Sealed"},
		"sealed for its namespace":       {annotated("SealedSecret", "prod", `sealedsecrets.bitnami.com/namespace-wide: "true"`), "Sealed"},
		"sealed, in staging":             {annotated("SealedSecret", "staging", `a: b`), "Undetermined"},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, read(t, tt.doc, production, stagingSpace, inhabitant), between(), tt.want)
		})
	}
}

// TestCopiedTemplates finds the annotations that a controller gives the Secret that it makes.
func TestCopiedTemplates(t *testing.T) {
	const allowed, to = "reflector.v1.k8s.emberstack.com/reflection-allowed", "replicator.v1.mittwald.de/replicate-to"
	for name, tt := range map[string]struct{ doc, want string }{
		"a Certificate": {
			"apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: c, namespace: prod}\nspec: {secretName: tls, secretTemplate: {annotations: {" + allowed + ": 'true'}}}",
			storeAt("Certificate/prod/c spec.secretTemplate.annotations[" + allowed + "]"),
		},
		"a Certificate for others": {
			"apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: c, namespace: prod}\nspec: {secretName: tls, secretTemplate: {annotations: {" + to + ": tools}}}", "Sealed",
		},
		"an ExternalSecret": {
			"apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: c, namespace: prod}\nspec: {target: {template: {metadata: {annotations: {" + to + ": staging}}}}}",
			storeAt("ExternalSecret/prod/c spec.target.template.metadata.annotations[" + to + "]"),
		},
		"a SealedSecret": {
			"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: c, namespace: prod}\nspec: {template: {metadata: {annotations: {" + to + ": '.*'}}}}",
			storeAt("SealedSecret/prod/c spec.template.metadata.annotations[" + to + "]"),
		},
		"another object": {
			"apiVersion: example.com/v1\nkind: Certificate\nmetadata: {name: c, namespace: prod}\nspec: {secretTemplate: {annotations: {" + allowed + ": 'true'}}}", "Sealed",
		},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, read(t, tt.doc, production, inhabitant), between(), tt.want)
		})
	}
}

// TestCopiedConfigMaps judges a ConfigMap of production that is copied to staging by what is in
// it.
func TestCopiedConfigMaps(t *testing.T) {
	const to = "replicator.v1.mittwald.de/replicate-to"
	of := func(namespace, data string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: prod, annotations: {" + to + ": '" + namespace + "'}}\ndata: {A: '" + data + "'}"
	}
	breached := storeAt("ConfigMap/prod/c metadata.annotations[" + to + "]")
	for name, tt := range map[string]struct{ doc, want string }{
		"a setting":                        {of("staging", "level=debug"), "Sealed"},
		"a credential of production":       {of("staging", "postgres://app:hunter2hunter2@10.0.0.5/shop"), breached + strings.TrimPrefix(breached, "Breached")},
		"an address of production":         {of("staging", "10.0.0.5"), breached},
		"a value of production":            {of("staging", "use "+random), breached},
		"a password":                       {of("staging", "{\"password\": \"kD83hd-Q2m9x\"}"), breached},
		"a credential, whoever it is for":  {of("staging", "postgres://app:hunter2hunter2@10.0.1.5/shop"), breached},
		"an address of nobody":             {of("staging", "postgres://app@10.0.2.5/shop"), "Undetermined"},
		"a credential, copied elsewhere":   {of("tools", "postgres://app:hunter2hunter2@10.0.0.5/shop"), "Sealed"},
		"a credential, perhaps":            {of("(?<!x)staging", "postgres://app:hunter2hunter2@10.0.0.5/shop"), "Undetermined"},
		"a setting, perhaps":               {of("(?<!x)staging", "level=debug"), "Sealed"},
		"the bare name of its own Service": {of("staging", "redis://cache:6379"), "Undetermined"},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, read(t, tt.doc, production, inhabitant), between(), tt.want)
		})
	}
	asks := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: d, namespace: staging, annotations: {replicator.v1.mittwald.de/replicate-from: prod/c}}"
	expect(t, read(t, of("tools", "10.0.0.5"), production, asks), between(), "Undetermined")
	expect(t, read(t, of("tools", "level=debug"), production, asks), between(), "Sealed")
	expect(t, read(t, production, asks), between(), "Undetermined")
}
