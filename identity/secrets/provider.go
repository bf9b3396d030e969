// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"maps"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
)

// The API groups of External Secrets and of the Secrets Store CSI driver.
const (
	externalSecretsGroup = "external-secrets.io"
	secretsStoreGroup    = "secrets-store.csi.x-k8s.io"
)

// A backend is what a store of External Secrets reads: whose it is, which field says
// so, and why, or what would tell.
type backend struct {
	whose      whose
	field, why string
}

// backend judges the provider of a SecretStore or ClusterSecretStore, as seen from
// namespace (External Secrets v1, apis/externalsecrets/v1, SecretStoreProvider). Of a SecretStore the
// namespace that a reference names does not count (runtime/esutils/resolvers, secret_ref.go).
func (j *judge) backend(content map[string]any, namespace string, cluster bool) backend {
	provider := mapAt(content, "spec", "provider")
	if field, where := j.foreignLogin(provider, "spec.provider", 0); cluster && field != "" {
		return backend{protected, field, "it logs in with what is in namespace " + where}
	}
	for _, name := range slices.Sorted(maps.Keys(provider)) {
		config, field := mapAt(provider, name), "spec.provider."+name
		switch name {
		case "gcpsm":
			return j.project(stringAt(config, "projectID"), field+".projectID")
		case "aws":
			if account := accountOfARN(stringAt(config, "role")); account != "" {
				return j.project(account, field+".role")
			}
			return backend{unknown, field, "which account it reads: it has no role"}
		case "kubernetes":
			return j.otherNamespace(config, field, namespace)
		case "azurekv":
			return j.server(stringAt(config, "vaultUrl"), field+".vaultUrl", namespace)
		case "vault":
			return j.server(stringAt(config, "server"), field+".server", namespace)
		case "fake":
			return backend{own, field, ""}
		default:
			return backend{unknown, field, "what it reads: its provider is not one whose names are known here"}
		}
	}
	return backend{unknown, "spec.provider", "what it reads: it has no provider"}
}

func (j *judge) project(name, field string) backend {
	switch w := listed(name, j.b.Protected.Projects, j.b.Own.Projects); {
	case name == "":
		return backend{unknown, field, "which project it reads"}
	case w == protected:
		return backend{w, field, "it reads the secrets of a project in Protected.Projects"}
	default:
		return backend{w, field, "whose project it reads: neither Protected.Projects nor Own.Projects has it"}
	}
}

func (j *judge) server(url, field, namespace string) backend {
	host := credential.HostOfURL(url)
	if host == "" {
		return backend{unknown, field, "which server it reads"}
	}
	w, why := j.host(host, namespace, 0)
	if w == barred { // a way to a store is more than a way to a database
		w, why = protected, "its host is in Protected.Hosts"
	}
	return backend{w, field, why}
}

// otherNamespace judges the provider that reads Secrets of a namespace: the one in
// remoteNamespace, or "default", of the cluster at server.url, or its own
// (providers/v1/kubernetes, provider.go).
func (j *judge) otherNamespace(config map[string]any, field, namespace string) backend {
	if url := stringAt(config, "server", "url"); !ownServer(url) {
		if server := j.server(url, field+".server.url", namespace); server.whose != own {
			return server
		}
	}
	remote := stringAt(config, "remoteNamespace")
	if remote == "" {
		remote = "default"
	}
	at := field + ".remoteNamespace"
	switch {
	case j.away[remote]:
		return backend{protected, at, "it reads the Secrets of namespace " + remote}
	case j.from[remote]:
		return backend{own, at, ""}
	default:
		return backend{unknown, at, "whose Secrets are in namespace " + remote + ", which it reads"}
	}
}

// ownServer reports whether a URL is that of the cluster's own API server, as it is by default.
func ownServer(url string) bool {
	switch credential.HostOfURL(url) {
	case "", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local":
		return true
	default:
		return false
	}
}

// foreignLogin looks for a service account or a Secret of production with which a
// provider logs in: references in External Secrets name a namespace beside a name.
func (j *judge) foreignLogin(config map[string]any, field string, depth int) (at, namespace string) {
	if where := stringAt(config, "namespace"); j.away[where] && stringAt(config, "name") != "" {
		return field + ".namespace", where
	}
	if depth > 20 {
		return "", ""
	}
	for _, name := range slices.Sorted(maps.Keys(config)) {
		if inner, ok := config[name].(map[string]any); ok && name != "caProvider" {
			if at, where := j.foreignLogin(inner, field+"."+name, depth+1); at != "" {
				return at, where
			}
		}
	}
	return "", ""
}

// accountOfARN returns the account in arn:aws:service:region:ACCOUNT:resource.
func accountOfARN(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return ""
	}
	return parts[4]
}

// remote judges the name of a secret in a store: by Names.Secrets, where a name that ends
// in a slash is all below it, and by the project or account in it.
func (j *judge) remote(key string) (whose, string) {
	named := func(list []string) bool {
		return slices.ContainsFunc(list, func(name string) bool {
			return strings.EqualFold(name, key) || strings.HasSuffix(name, "/") && len(key) >= len(name) && strings.EqualFold(key[:len(name)], name)
		})
	}
	switch {
	case named(j.b.Protected.Secrets):
		return protected, "it reads a secret of Protected.Secrets"
	case named(j.b.Own.Secrets):
		return own, ""
	}
	owner := accountOfARN(key)
	if rest, ok := strings.CutPrefix(key, "projects/"); ok {
		owner, _, _ = strings.Cut(rest, "/")
	}
	w := listed(owner, j.b.Protected.Projects, j.b.Own.Projects)
	if w == protected {
		return w, "it reads a secret of a project in Protected.Projects"
	}
	return w, "whose secret it reads: neither Protected nor Own has it in Secrets, nor its project in Projects"
}
