// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"
)

// Parts of members.
const (
	allUsers              = "allUsers"
	allAuthenticatedUsers = "allAuthenticatedUsers"
	serviceAccountPrefix  = "serviceAccount:"
	deletedPrefix         = "deleted:"
	uidInfix              = "?uid="
	poolHost              = "iam.googleapis.com/"
	poolInfix             = "/locations/global/workloadIdentityPools/"
	uidPath               = "/kubernetes.serviceaccount.uid/"
	namespacePath         = "/namespace/"
	clusterPath           = "/kubernetes.cluster/"
)

// namedKinds are the kinds of members that are a prefix and a name.
func namedKinds() []MemberKind {
	return []MemberKind{
		UserMember, GroupMember, DomainMember, ServiceAccountMember,
		ProjectOwnerMember, ProjectEditorMember, ProjectViewerMember,
	}
}

// namedPrefix returns what stands before the name of a member.
func namedPrefix(kind MemberKind) (string, bool) {
	switch kind {
	case UserMember:
		return "user:", true
	case GroupMember:
		return "group:", true
	case DomainMember:
		return "domain:", true
	case ServiceAccountMember:
		return serviceAccountPrefix, true
	case ProjectOwnerMember:
		return "projectOwner:", true
	case ProjectEditorMember:
		return "projectEditor:", true
	case ProjectViewerMember:
		return "projectViewer:", true
	default:
		return "", false
	}
}

// ParseMember reads a member of an IAM policy. It takes every text; one of no form
// that it knows is an [UnknownMember]. Case matters in prefixes, as it does to IAM.
func ParseMember(text string) Member {
	m := parseMember(text)
	if m.String() != text { // a form that is not written like this
		return Member{Text: text, Deleted: m.Deleted}
	}
	return m
}

func parseMember(text string) Member {
	rest, deleted := strings.CutPrefix(text, deletedPrefix)
	if !deleted {
		return parseLiving(text)
	}
	living, uid, _ := strings.Cut(rest, uidInfix)
	m := parseLiving(living)
	m.Deleted, m.DeletedUID = true, uid
	if m.Kind == UnknownMember {
		return Member{Deleted: true, Text: text}
	}
	return m
}

func parseLiving(text string) Member {
	switch text {
	case allUsers:
		return Member{Kind: AllUsersMember}
	case allAuthenticatedUsers:
		return Member{Kind: AllAuthenticatedMember}
	}
	for _, parse := range []func(string) (Member, bool){parseWorkload, parsePrincipal, parseSet, parseNamed} {
		if m, ok := parse(text); ok {
			return m
		}
	}
	return Member{Text: text}
}

// parseWorkload reads serviceAccount:POOL[NAMESPACE/ACCOUNT].
func parseWorkload(text string) (Member, bool) {
	rest, ok := strings.CutPrefix(text, serviceAccountPrefix)
	pool, inner, bracket := strings.Cut(rest, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	namespace, account, slash := strings.Cut(inner, "/")
	m := Member{Kind: WorkloadMember, Pool: pool, Namespace: namespace, Account: account}
	return m, ok && bracket && closed && slash && segments(pool, namespace, account)
}

// parsePrincipal reads principal://..., which is one identity.
func parsePrincipal(text string) (Member, bool) {
	m, path, ok := parsePool(text, "principal:")
	if !ok {
		return Member{}, false
	}
	if uid, ok := strings.CutPrefix(path, uidPath); ok {
		m.Kind, m.UID = UIDMember, uid
		return m, segments(uid)
	}
	rest, ok := strings.CutPrefix(path, "/subject/ns/")
	namespace, account, between := strings.Cut(rest, "/sa/")
	m.Kind, m.Namespace, m.Account = SubjectMember, namespace, account
	return m, ok && between && segments(namespace, account)
}

// parseSet reads principalSet://..., which is many identities.
func parseSet(text string) (Member, bool) {
	m, path, ok := parsePool(text, "principalSet:")
	if !ok {
		return Member{}, false
	}
	if path == "/*" {
		m.Kind = PoolMember
		return m, true
	}
	if namespace, ok := strings.CutPrefix(path, namespacePath); ok {
		m.Kind, m.Namespace = NamespaceMember, namespace
		return m, segments(namespace)
	}
	cluster, ok := strings.CutPrefix(path, clusterPath)
	m.Kind, m.Cluster = ClusterMember, cluster
	return m, ok && cluster != ""
}

// parsePool reads the pool of a principal, and returns the path behind it.
func parsePool(text, scheme string) (m Member, path string, ok bool) {
	rest, ok := strings.CutPrefix(text, scheme+"//"+poolHost+"projects/")
	if !ok {
		return Member{}, "", false
	}
	number, rest, ok := strings.Cut(rest, poolInfix)
	if !ok || !isNumber(number) {
		return Member{}, "", false
	}
	pool, path, ok := strings.Cut(rest, "/")
	return Member{ProjectNumber: number, Pool: pool}, "/" + path, ok && pool != ""
}

// parseNamed reads a prefix and a name.
func parseNamed(text string) (Member, bool) {
	for _, kind := range namedKinds() {
		prefix, _ := namedPrefix(kind)
		name, ok := strings.CutPrefix(text, prefix)
		if !ok {
			continue
		}
		switch kind {
		case UserMember, GroupMember, ServiceAccountMember:
			id, host, at := strings.Cut(name, "@")
			ok = at && id != "" && segments(host) && !strings.ContainsAny(name, " \t\r\n") && !strings.Contains(host, "@")
		default:
			ok = segments(name) && !strings.ContainsAny(name, "@ \t\r\n")
		}
		return Member{Kind: kind, Name: name}, ok
	}
	return Member{}, false
}

// segments reports whether texts are neither empty nor hold what separates them.
func segments(texts ...string) bool {
	for _, text := range texts {
		if text == "" || strings.ContainsAny(text, "/[]") {
			return false
		}
	}
	return true
}
