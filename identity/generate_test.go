// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	corev1 "k8s.io/api/core/v1"
	"pgregory.net/rapid"

	"github.com/watertight-go/watertight/identity"
)

// Generators of arguments that every builder accepts.

func namespaces() *rapid.Generator[string] {
	return rapid.StringMatching(`[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?`)
}

// names are those of accounts other than the one named default.
func names() *rapid.Generator[string] {
	return rapid.StringMatching(`[a-z]([-a-z0-9]{0,15}[a-z0-9])?(\.[a-z0-9]{1,5})?`).Filter(func(name string) bool { return name != "default" })
}

func accounts() *rapid.Generator[*corev1.ServiceAccount] {
	return rapid.Custom(func(t *rapid.T) *corev1.ServiceAccount {
		return identity.Account(namespaces().Draw(t, "namespace"), names().Draw(t, "name"))
	})
}

func projects() *rapid.Generator[string] {
	return rapid.StringMatching(`(example\.com:)?[a-z][-a-z0-9]{4,28}[a-z0-9]`)
}

func pools() *rapid.Generator[identity.Pool] {
	return rapid.Custom(func(t *rapid.T) identity.Pool {
		return identity.Pool{
			ProjectID:     projects().Draw(t, "project"),
			ProjectNumber: rapid.Uint64Min(1).Draw(t, "number"),
		}
	})
}

func emails() *rapid.Generator[string] {
	return rapid.StringMatching(`[a-z]{6}[-a-z0-9]{0,23}[a-z0-9]@[a-f][-a-z0-9]{4,28}[a-z0-9](\.example\.com)?\.iam\.gserviceaccount\.com`)
}

func issuers() *rapid.Generator[string] {
	return rapid.StringMatching(`https://[a-z]{1,10}\.example\.com(:[1-9][0-9]{3})?(/[A-Za-z0-9._-]{1,12}){0,3}`)
}

func guids() *rapid.Generator[string] {
	return rapid.StringMatching(`[1-9a-f][0-9a-f]{7}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
}

func accesses() *rapid.Generator[identity.Access] {
	return rapid.Custom(func(t *rapid.T) identity.Access {
		group := rapid.SampledFrom([]string{"", "apps", "example.com"}).Draw(t, "group")
		resource := rapid.StringMatching(`[a-z]{1,12}(/[a-z]{1,8})?`) // a custom group may have any
		switch group {
		case "":
			resource = rapid.SampledFrom([]string{"pods", "pods/log", "secrets", "configmaps", "services/proxy"})
		case "apps":
			resource = rapid.SampledFrom([]string{"deployments", "deployments/scale", "statefulsets"})
		}
		out := identity.Access{
			Group:     group,
			Resources: rapid.SliceOfN(resource, 1, 3).Draw(t, "resources"),
			Verbs:     rapid.SliceOfN(rapid.SampledFrom([]string{"get", "list", "watch", "update", "patch", "delete"}), 1, 4).Draw(t, "verbs"),
		}
		if rapid.Bool().Draw(t, "named") {
			out.Names = rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,12}`), 1, 3).Draw(t, "names")
		} else if rapid.Bool().Draw(t, "more verbs") {
			out.Verbs = append(out.Verbs, "create", "deletecollection")
		}
		return out
	})
}
