// SPDX-License-Identifier: Apache-2.0

package gcp_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/gcp"
)

// An oracle answers by trying everything until nothing changes. It knows the random
// worlds of this package and nothing else. If perhaps is set, what is not known is as
// good for staging as it can be, and otherwise as bad.
type oracle struct {
	*world
	perhaps   bool
	ids       map[string]bool // such as "staging/app", an address, "delegate ADDRESS", "hmac ADDRESS"
	owned     map[string]bool // resources
	rewritten map[string]bool // roles
	lifted    bool
	roles     map[string][]string
}

func parents() map[string][]string {
	return map[string][]string{
		org: {}, folder: {org}, shared: {folder, org}, prodData: {folder, org},
		stgName: {shared, folder, org}, prodName: {shared, folder, org}, nodeName: {shared, folder, org}, cluster: {shared, folder, org},
		stgSet: {shared, folder, org}, prodSet: {prodData, folder, org}, bucket: {prodData, folder, org}, prodSecret: {prodData, folder, org},
		prodDB: {prodData, folder, org},
	}
}

func (o *oracle) breached() bool {
	o.ids, o.owned, o.rewritten = map[string]bool{"staging/app": true, "staging/other": true, "staging/*": true}, map[string]bool{}, map[string]bool{}
	o.roles = make(map[string][]string)
	for _, role := range o.Roles {
		for _, permission := range role.IncludedPermissions {
			o.roles[role.Name] = append(o.roles[role.Name], strings.Replace(permission, ".googleapis.com/", ".", 1))
		}
	}
	if h := o.subjects[0].HostNetwork; h == identity.Yes || h == identity.Unknown && o.perhaps {
		o.ids[nodeSA] = true
	}
	for n := -1; n != o.size(); {
		n = o.size()
		for _, id := range slices.Collect(maps.Keys(o.ids)) {
			o.step(id)
		}
	}
	for id := range o.ids {
		for _, name := range o.protected {
			if o.crosses(id, name) {
				return true
			}
		}
	}
	return slices.ContainsFunc(o.protected, func(name string) bool { return o.owns(name) })
}

func (o *oracle) size() int {
	n := len(o.ids) + len(o.owned) + len(o.rewritten)
	if o.lifted {
		n++
	}
	return n
}

func (o *oracle) owns(name string) bool {
	return o.owned[name] || slices.ContainsFunc(parents()[name], func(above string) bool { return o.owned[above] })
}

// step adds what one identity leads to.
func (o *oracle) step(id string) {
	for name, email := range map[string]string{stgName: stgSA, prodName: prodSA, nodeName: nodeSA} {
		switch {
		case o.any(id, name, "iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.signBlob", "iam.serviceAccountKeys.create", "iam.serviceAccounts.setIamPolicy"), o.owns(name),
			o.perhaps && o.any(id, name, "iam.serviceAccounts.getOpenIdToken"),
			o.any(id, name, "iam.serviceAccounts.actAs") && (o.any(id, shared, "run.services.create", "compute.instances.create") || o.perhaps && o.any(id, prodData, "run.services.create", "compute.instances.create")):
			o.ids[email] = true
		}
		if o.any(id, name, "iam.serviceAccounts.implicitDelegation") {
			o.ids["delegate "+email] = true
		}
		if o.any(id, shared, "storage.hmacKeys.create") {
			o.ids["hmac "+email] = true
		}
	}
	for _, name := range []string{org, folder, shared, prodData} {
		kind := strings.Split(name, "/")[3]
		if o.any(id, name, "resourcemanager."+kind+".setIamPolicy") {
			o.owned[name] = true
		}
	}
	if o.any(id, prodData, "iam.roles.update") {
		o.rewritten["projects/prod-data/roles/reader"], o.rewritten["projects/prod-data/roles/runner"] = true, true
	}
	if o.any(id, shared, "iam.workloadIdentityPoolProviders.create") || o.owns(shared) {
		o.ids["pools 111"] = true
	}
	if o.any(id, shared, "deploymentmanager.deployments.create") || o.owns(shared) {
		o.ids[deployer] = true
	}
	if o.any(id, cluster, "container.pods.exec", "container.pods.create") || o.perhaps && o.any(id, cluster, "container.secrets.get", "container.secrets.list") || o.owns(cluster) {
		o.ids["prod/app"], o.ids["prod/*"], o.ids[nodeSA] = true, true, true
	}
	if o.any(id, org, "iam.denypolicies.update") || o.owned[org] {
		o.lifted = true
	}
}

// crosses reports whether an identity has something on what is protected.
func (o *oracle) crosses(id, name string) bool {
	asked := map[string][]string{
		prodDB:     {"cloudsql.instances.connect", "cloudsql.instances.export", "cloudsql.users.create"},
		bucket:     {"storage.objects.get", "storage.objects.list", "storage.buckets.setIamPolicy"},
		prodSet:    {"bigquery.tables.getData", "bigquery.tables.updateData", "bigquery.datasets.update"},
		prodSecret: {"secretmanager.versions.access", "secretmanager.secrets.setIamPolicy"},
	}[name]
	if o.any(id, name, asked...) {
		return true
	}
	if name == prodSet && len(o.at(prodSet).Dataset.Access) > 1 { // a view is authorized
		return o.any(id, stgSet, "bigquery.tables.getData")
	}
	return false
}

// any reports whether an identity has one of some permissions on a resource.
func (o *oracle) any(id, name string, permissions ...string) bool {
	return slices.ContainsFunc(permissions, func(p string) bool { return o.has(id, name, p) })
}

func (o *oracle) has(id, name, permission string) bool {
	if email, ok := strings.CutPrefix(id, "delegate "); ok {
		return (strings.HasSuffix(permission, "Token") || strings.HasSuffix(permission, ".signBlob") || strings.HasSuffix(permission, "Delegation")) && o.has(email, name, permission)
	}
	if email, ok := strings.CutPrefix(id, "hmac "); ok {
		return strings.HasPrefix(permission, "storage.") && o.has(email, name, permission)
	}
	if !o.lifted && o.denied(id, name, permission) {
		return false
	}
	if name == prodSet && id == prodSA && permission != "bigquery.tables.export" && strings.HasPrefix(permission, "bigquery.") && o.perhaps {
		return true // the owner in the access list
	}
	for _, on := range append([]string{name}, parents()[name]...) {
		r := o.at(on)
		if r.Policy == nil {
			continue
		}
		for _, b := range r.Policy.Bindings {
			if o.holds(b) && slices.ContainsFunc(b.Members, func(m identity.Member) bool { return o.is(id, m) }) && o.gives(b.Role, permission) {
				return true
			}
		}
	}
	return false
}

func (o *oracle) holds(b gcp.Binding) bool {
	return b.Condition == nil || b.Condition.Expression == "holds" || o.perhaps && b.Condition.Expression != "fails"
}

func (o *oracle) gives(role, permission string) bool {
	permissions, known := o.roles[role]
	return o.rewritten[role] || slices.Contains(permissions, permission) || !known && o.perhaps
}

// is reports whether an identity is a member.
func (o *oracle) is(id string, m identity.Member) bool {
	namespace, name, workload := strings.Cut(id, "/")
	switch text := m.String(); {
	case m.Deleted:
		return false
	case text == "allUsers":
		return true
	case m.Kind == identity.ServiceAccountMember, m.Kind == identity.UserMember:
		return m.Name == id
	case m.Kind == identity.WorkloadMember, m.Kind == identity.SubjectMember:
		return workload && m.Namespace == namespace && m.Account == name
	case m.Kind == identity.NamespaceMember:
		return workload && m.Namespace == namespace
	case m.Kind == identity.PoolMember:
		return workload
	case strings.HasSuffix(text, "/ci/attribute.repository/shop"):
		return id == "pools 111" || o.perhaps && !strings.Contains(id, "@")
	case m.Kind == identity.GroupMember:
		return o.inGroup(id, m.Name, 3)
	case m.Kind == identity.ProjectViewerMember:
		return o.basic(id, prodData, "roles/viewer")
	case m.Kind == identity.ProjectEditorMember:
		return o.basic(id, shared, "roles/editor")
	default:
		return o.perhaps
	}
}

// basic reports whether an identity holds a basic role on a project.
func (o *oracle) basic(id, project, role string) bool {
	for _, on := range append([]string{project}, parents()[project]...) {
		for _, b := range o.at(on).Policy.Bindings {
			if b.Role != role || on != project && !o.perhaps || !o.holds(b) || b.Condition != nil && !o.perhaps {
				continue
			}
			for _, m := range b.Members {
				if m.Kind != identity.ProjectViewerMember && m.Kind != identity.ProjectEditorMember && o.is(id, m) {
					return true
				}
			}
		}
	}
	return false
}

func (o *oracle) inGroup(id, group string, depth int) bool {
	members, known := o.Groups[group]
	if !known || depth == 0 {
		return o.perhaps && !known
	}
	return slices.ContainsFunc(members, func(m identity.Member) bool {
		switch m.Kind {
		case identity.GroupMember:
			return o.inGroup(id, m.Name, depth-1)
		case identity.ServiceAccountMember, identity.UserMember:
			return !m.Deleted && m.Name == id
		default:
			return o.perhaps
		}
	})
}

// denied reports whether a deny policy forbids something: for certain if what is not
// known is good for staging, and perhaps otherwise.
func (o *oracle) denied(id, name, permission string) bool {
	service, verb, _ := strings.Cut(permission, ".")
	if service == "resourcemanager" {
		service = "cloudresourcemanager"
	}
	for _, policy := range o.Deny {
		point, _ := url.PathUnescape(strings.Split(policy.Name, "/")[1])
		on := strings.Replace("//"+point, "projects/222", "projects/prod-data", 1)
		rule := policy.Rules[0].DenyRule
		covered := slices.ContainsFunc(rule.DeniedPermissions, func(p string) bool {
			return p == service+".googleapis.com/"+verb || !o.perhaps && p == "cloudsql.googleapis.com/*.*" && service == "cloudsql"
		})
		among := func(principals []string, unknown bool) bool {
			return slices.ContainsFunc(principals, func(p string) bool { return o.principal(id, p, unknown) })
		}
		if (on == name || slices.Contains(parents()[name], on)) && covered && (rule.DenialCondition == nil || !o.perhaps) &&
			among(rule.DeniedPrincipals, !o.perhaps) && !among(rule.ExceptionPrincipals, o.perhaps) {
			return true
		}
	}
	return false
}

func (o *oracle) principal(id, principal string, unknown bool) bool {
	switch {
	case principal == "principalSet://goog/public:all":
		return true
	case strings.Contains(principal, "/serviceAccounts/"):
		return strings.HasSuffix(principal, "/"+id)
	case strings.HasPrefix(principal, "principalSet://goog/group/"):
		kept := o.perhaps
		o.perhaps = unknown
		defer func() { o.perhaps = kept }()
		return o.inGroup(id, strings.TrimPrefix(principal, "principalSet://goog/group/"), 3)
	case principal == "principalSet://goog/what":
		return unknown
	default:
		return o.is(id, identity.ParseMember(principal))
	}
}
