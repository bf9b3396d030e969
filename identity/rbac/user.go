// SPDX-License-Identifier: Apache-2.0

package rbac

import "strings"

// Users and groups of Kubernetes itself (k8s.io/apiserver v0.37,
// pkg/authentication/user and pkg/authentication/serviceaccount).
const (
	accountPrefix   = "system:serviceaccount:"
	accountsGroup   = "system:serviceaccounts"
	mastersGroup    = "system:masters"
	nodesGroup      = "system:nodes"
	nodePrefix      = "system:node:"
	everyoneGroup   = "system:authenticated"
	strangersGroup  = "system:unauthenticated"
	stranger        = "system:anonymous"
	systemNamespace = "kube-system"
)

// A User is who sends a request, as the API server's authentication says it: a name
// and all groups. One without a name stands for every member of the groups.
type User struct {
	Name   string
	Groups []string
}

// Account returns who sends the requests of a service account.
func Account(namespace, name string) User {
	return User{
		Name:   accountPrefix + namespace + ":" + name,
		Groups: []string{accountsGroup, accountsGroup + ":" + namespace, everyoneGroup},
	}
}

// authenticated adds the group that every user is in whom the API server knows.
func (u User) authenticated() User {
	if namespace, name, ok := u.account(); ok {
		account := Account(namespace, name)
		account.Groups = append(account.Groups, u.Groups...)
		return account
	}
	u.Groups = append([]string{everyoneGroup}, u.Groups...)
	return u
}

// account returns the namespace and name of a service account, and whether the user
// is one.
func (u User) account() (namespace, name string, ok bool) {
	namespace, name, ok = strings.Cut(strings.TrimPrefix(u.Name, accountPrefix), ":")
	return namespace, name, ok && strings.HasPrefix(u.Name, accountPrefix) && namespace != "" && name != ""
}

// anyNode is a node of whatever name.
func anyNode() User { return User{Name: nodePrefix + "*", Groups: []string{nodesGroup, everyoneGroup}} }

func (u User) isNode() bool { return strings.HasPrefix(u.Name, nodePrefix) }

// String names a user as bindings do: "ServiceAccount staging/web", "User jane".
func (u User) String() string {
	if namespace, name, ok := u.account(); ok {
		return "ServiceAccount " + namespace + "/" + name
	}
	switch {
	case u.Name == stranger:
		return "whoever sends no credentials"
	case u.Name != "":
		return "User " + u.Name
	default:
		for _, group := range u.Groups {
			if group != everyoneGroup {
				return "Group " + group
			}
		}
		return "whoever has a login"
	}
}

// keys are the subjects of bindings that a user is.
func (u User) keys() []string {
	var out []string
	if u.Name != "" {
		out = append(out, userKey(u.Name))
	}
	for _, group := range u.Groups {
		out = append(out, groupKey(group))
	}
	return out
}

func userKey(name string) string  { return "user " + name }
func groupKey(name string) string { return "group " + name }
