// SPDX-License-Identifier: Apache-2.0

package credential

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
)

// InDocument returns the credentials that are mappings in a document: keys of Google
// accounts, kubeconfigs, logins at registries. What is one text, such as a token, is for
// [InText]. A document is what package layers shows: map[string]any, []any, string, as
// deep as the parsers of JSON and YAML go, which is 10,000 levels.
func InDocument(doc any) []Credential {
	var out []Credential
	switch v := doc.(type) {
	case map[string]any:
		if c, ok := ofGoogle(v); ok {
			out = append(out, c)
		}
		if c, ok := ofKubeconfig(v); ok {
			out = append(out, c)
		}
		out = append(out, ofRegistries(v)...)
		out = append(out, inEntriesOf(v)...)
	case []any:
		for _, item := range v {
			out = append(out, InDocument(item)...)
		}
	}
	return out
}

// inEntriesOf returns what is below a mapping, in the order of the keys. Only those keys are
// put in order that have something, which is next to none.
func inEntriesOf(mapping map[string]any) []Credential {
	found := make(map[string][]Credential)
	for name, value := range mapping {
		if c := InDocument(value); len(c) > 0 {
			found[name] = c
		}
	}
	var out []Credential
	for _, name := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[name]...)
	}
	return out
}

// ofKubeconfig reads a kubeconfig that has a way to log in (k8s.io/client-go,
// tools/clientcmd/api/v1, Config and AuthInfo).
func ofKubeconfig(doc map[string]any) (Credential, bool) {
	clusters, _ := doc["clusters"].([]any)
	users, _ := doc["users"].([]any)
	if len(clusters) == 0 || len(users) == 0 {
		return Credential{}, false
	}
	c := Credential{Kind: Kubeconfig}
	for _, entry := range clusters {
		server, _ := within(entry, "cluster")["server"].(string)
		c.about(Host, HostOfURL(server))
	}
	login := false
	for _, entry := range users {
		user := within(entry, "user")
		for _, name := range []string{"token", "client-key-data", "password"} {
			if text, _ := user[name].(string); text != "" {
				login = true
				c.Secret = append(c.Secret, text)
			}
		}
		for _, name := range []string{"exec", "auth-provider", "tokenFile", "client-key"} {
			login = login || user[name] != nil
		}
	}
	return c, login && len(c.About) > 0
}

func within(value any, name string) map[string]any {
	outer, _ := value.(map[string]any)
	inner, _ := outer[name].(map[string]any)
	return inner
}

// ofRegistries reads the file of docker login, as in Secrets of the types
// kubernetes.io/dockerconfigjson and kubernetes.io/dockercfg (k8s.io/api/core/v1).
func ofRegistries(doc map[string]any) []Credential {
	auths, ok := doc["auths"].(map[string]any)
	if !ok {
		auths = doc // the older form, without the key around it
	}
	logins := make(map[string]map[string]any)
	for registry, value := range auths {
		if entry, isMapping := value.(map[string]any); isMapping && (ok || entry["auth"] != nil && strings.Contains(registry, ".")) {
			logins[registry] = entry
		}
	}
	var out []Credential
	for _, registry := range slices.Sorted(maps.Keys(logins)) {
		entry := logins[registry]
		field := func(name string) string { text, _ := entry[name].(string); return text }
		password := field("password")
		if password == "" {
			password = passwordOf(field("auth"))
		}
		if password == "" {
			password = field("identitytoken")
		}
		if password == "" || !ok && field("auth") == "" {
			continue
		}
		c := Credential{Kind: Registry, Secret: []string{password}}
		c.about(Host, HostOfURL(registry))
		out = append(out, c)
	}
	return out
}

// passwordOf returns the password of base64 of user:password.
func passwordOf(auth string) string {
	data, err := base64.StdEncoding.DecodeString(auth)
	if err != nil {
		return ""
	}
	_, password, _ := strings.Cut(string(data), ":")
	return password
}

// HostOfURL returns the host of a URL, or of a host with or without port and path.
func HostOfURL(url string) string {
	if _, rest, ok := strings.Cut(url, "://"); ok {
		url = rest
	}
	url, _, _ = strings.Cut(url, "/")
	return hostOnly(url[strings.LastIndexByte(url, '@')+1:])
}
