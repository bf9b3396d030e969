// SPDX-License-Identifier: Apache-2.0

package gcp

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/identity"
)

// A model is the evidence, sorted for questions.
type model struct {
	Evidence
	resources map[string]*resource
	ids       map[string]string // names of projects by ID, by names by number
	order     []*resource
	roles     map[string]*role
	grants    []*grant
	accounts  map[string]*resource // service accounts by address in lower case
	emails    []string             // addresses of service accounts that are named anywhere
	agents    []string             // those of Google's services among them
	workloads []identity.Workload  // all that are named anywhere, without pool
	groups    *groups

	byEmail   map[string][]*grant    // of users and service accounts
	byAccount map[[2]string][]*grant // of workloads, by namespace and account
	bySpace   map[string][]*grant    // of namespaces
	toMany    []*grant               // of clusters, pools, and single UIDs
	byGroup   map[string][]*grant
	blurred   []string // groups with grants of which not all members are known
	unclear   []*grant // of members about which nothing is known
	everyone  []*grant
	byPools   map[string][]*grant    // of pools that are not GKE's, by the number of their project
	byHolder  map[[2]string][]*grant // of whoever holds a basic role on a project, by role and project

	denials          []*denial
	boundariesLifted *trail
	decided          map[held]identity.Match
	asked            *regexp.Regexp
}

// newModel sorts evidence. Accounts that something else names are part of it too.
func newModel(e Evidence, named ...string) *model {
	e.Deny = slices.SortedStableFunc(slices.Values(e.Deny), func(a, b DenyPolicy) int { return strings.Compare(a.Name, b.Name) })
	m := &model{
		Evidence: e, resources: make(map[string]*resource), ids: make(map[string]string), roles: make(map[string]*role),
		accounts: make(map[string]*resource), groups: groupsOf(e.Groups),
		byEmail: make(map[string][]*grant), byAccount: make(map[[2]string][]*grant), bySpace: make(map[string][]*grant),
		byGroup: make(map[string][]*grant), byPools: make(map[string][]*grant), byHolder: make(map[[2]string][]*grant),
		decided: make(map[held]identity.Match), asked: asksName(),
	}
	m.readRoles()
	m.readResources()
	m.readPolicies()
	slices.SortStableFunc(m.grants, (*grant).compare)
	m.findPeople(named)
	m.readDenials()
	for i := range m.Resources {
		m.readViews(&m.Resources[i])
	}
	m.completeOrder()
	for _, r := range m.order {
		m.climb(r)
	}
	for _, r := range m.order {
		m.note(r)
		for _, above := range r.up {
			r.denied = append(r.denied, above.attached...)
		}
	}
	for _, g := range m.grants {
		m.index(g)
	}
	for _, group := range sortedKeys(m.byGroup) {
		if m.groups.isUnclear(group) {
			m.blurred = append(m.blurred, group)
		}
	}
	return m
}

// completeOrder brings in what is above resources that were only referred to.
func (m *model) completeOrder() {
	for i := 0; i < len(m.order); i++ {
		r := m.order[i]
		r.ref = refOf(r.name, r.kind)
		if parent := parentOf(r.name); parent != "" {
			above := m.resource(parent)
			if !slices.Contains(r.above, above) {
				r.above = append(r.above, above)
			}
		}
	}
	slices.SortFunc(m.order, func(a, b *resource) int { return strings.Compare(a.name, b.name) })
}

// readViews names the datasets that views, which may read a dataset, are in.
func (m *model) readViews(entry *Resource) {
	if entry.Dataset == nil {
		return
	}
	for _, access := range entry.Dataset.Access {
		if name := access.authorizes(); name != "" {
			m.resource(name)
		}
	}
}

// readDenials attaches deny policies to resources.
func (m *model) readDenials() {
	for i := range m.Deny {
		policy := &m.Deny[i]
		d := &denial{policy: policy, on: m.resource(attachment(policy.Name))}
		d.on.attached = append(d.on.attached, d)
		m.denials = append(m.denials, d)
	}
}

// index puts a grant where it is found by who it is for.
func (m *model) index(g *grant) {
	if number := poolsOf(g.member.String()); number != "" && !g.member.Deleted {
		m.byPools[number] = append(m.byPools[number], g)
	}
	if g.member.Deleted || m.isForeign(g.member) {
		return
	}
	if role, ok := convenience(g.member); ok {
		key := [2]string{role, m.resource(projectName(g.member.Name)).name}
		m.byHolder[key] = append(m.byHolder[key], g)
		return
	}
	switch g.member.Kind {
	case identity.UserMember, identity.ServiceAccountMember:
		m.byEmail[g.member.Name] = append(m.byEmail[g.member.Name], g)
	case identity.WorkloadMember, identity.SubjectMember:
		key := [2]string{g.member.Namespace, g.member.Account}
		m.byAccount[key] = append(m.byAccount[key], g)
	case identity.NamespaceMember:
		m.bySpace[g.member.Namespace] = append(m.bySpace[g.member.Namespace], g)
	case identity.UIDMember, identity.ClusterMember, identity.PoolMember:
		m.toMany = append(m.toMany, g)
	case identity.GroupMember:
		m.byGroup[g.member.Name] = append(m.byGroup[g.member.Name], g)
	case identity.AllUsersMember, identity.AllAuthenticatedMember:
		m.everyone = append(m.everyone, g)
	default:
		m.unclear = append(m.unclear, g)
	}
}

// poolsOf returns the number of the project of the pool that a principal is of, if it is
// none of GKE.
func poolsOf(principal string) string {
	_, path, ok := strings.Cut(principal, "://"+iamHost+"/projects/")
	number, path, inProject := strings.Cut(path, "/locations/global/workloadIdentityPools/")
	pool, _, _ := strings.Cut(path, "/")
	if !ok || !inProject || strings.HasSuffix(pool, poolSuffix) {
		return ""
	}
	return number
}

// isForeign reports whether a member is of a pool that is known to admit nobody of
// staging.
func (m *model) isForeign(member identity.Member) bool {
	_, path, ok := strings.Cut(member.String(), "://"+iamHost+"/")
	return ok && slices.ContainsFunc(m.ForeignPools, func(pool string) bool { return pool != "" && strings.HasPrefix(path, pool+"/") })
}

// findPeople collects who is named anywhere: service accounts, which somebody may
// become, and workloads.
func (m *model) findPeople(named []string) {
	emails := make(map[string]bool)
	for _, email := range named {
		emails[strings.ToLower(email)] = true
	}
	workloads := make(map[identity.Workload]bool)
	for _, r := range m.order {
		if _, email, ok := strings.Cut(r.name, "/serviceAccounts/"); ok && r.kind == accountType && strings.Contains(email, "@") {
			m.accounts[email] = r
			emails[email] = true
		}
		if r.cluster != nil {
			for _, pool := range r.cluster.NodePools {
				if pool.ServiceAccount != "" && pool.ServiceAccount != "default" {
					emails[strings.ToLower(pool.ServiceAccount)] = true
				}
			}
		}
	}
	see := func(member identity.Member) {
		switch member.Kind {
		case identity.ServiceAccountMember, identity.UserMember:
			emails[strings.ToLower(member.Name)] = true
		case identity.WorkloadMember, identity.SubjectMember, identity.NamespaceMember:
			workloads[identity.Workload{Namespace: member.Namespace, Account: cmp.Or(member.Account, anyOther)}] = true
		default:
		}
	}
	for _, g := range m.grants {
		see(g.member)
	}
	for _, members := range m.Groups {
		for _, member := range members {
			see(member)
		}
	}
	for _, policy := range m.Deny {
		for _, rule := range policy.Rules {
			if rule.DenyRule != nil {
				for _, principal := range slices.Concat(rule.DenyRule.DeniedPrincipals, rule.DenyRule.ExceptionPrincipals) {
					see(identity.ParseMember(principal))
				}
			}
		}
	}
	for _, email := range slices.Sorted(maps.Keys(emails)) {
		if m.addAccount(email) {
			m.emails = append(m.emails, email)
		} else if identity.Email(email).Class() == identity.ServiceAgent {
			m.agents = append(m.agents, email)
		}
	}
	m.nameless()
	m.workloads = slices.SortedFunc(maps.Keys(workloads), func(a, b identity.Workload) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Account, b.Account))
	})
}

// nameless notes that a policy of a service account that is named by its unique ID may
// be that of any account of the project.
func (m *model) nameless() {
	unnamed := make(map[string]string) // by project, the first
	for _, r := range m.order {
		_, id, ok := strings.Cut(r.name, "/serviceAccounts/")
		if !ok || id == "" || strings.Trim(id, "0123456789") != "" {
			continue
		}
		if kept, ok := unnamed[projectIn(r.name)]; !ok || r.name < kept {
			unnamed[projectIn(r.name)] = r.name
		}
	}
	for _, email := range m.emails {
		r := m.accounts[email]
		if name, ok := unnamed[projectIn(r.name)]; ok && !r.listed {
			r.wrong = append(r.wrong, "the address of the service account "+name)
		}
	}
}

// addAccount makes sure that a service account has a resource, and reports whether
// the address is one that somebody could become. The accounts of Google's services are
// in projects of Google.
func (m *model) addAccount(email string) bool {
	if m.accounts[email] != nil {
		return true
	}
	id, host, _ := strings.Cut(email, "@")
	project := ""
	switch identity.Email(email).Class() {
	case identity.UserManaged:
		project = strings.TrimSuffix(host, ".iam.gserviceaccount.com")
		if rest, prefix, ok := strings.Cut(project, "."); ok {
			project = prefix + ":" + rest
		}
	case identity.ComputeDefault:
		project = strings.TrimSuffix(id, "-compute")
	case identity.AppEngineDefault:
		project = id
	case identity.ServiceAgent, identity.NotServiceAccount:
		return false
	}
	r := m.resource(accountName(email, project))
	r.kind = accountType
	m.accounts[email] = r
	return true
}
