// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/internal/workload"
)

// A Cluster is what objects tell of who may do what. It does not change, and
// goroutines may share it.
type Cluster struct {
	options    Options
	bindings   []*binding
	bindingsIn map[string][]*binding        // RoleBindings by namespace
	seats      map[string][]seat            // by user or group
	accounts   map[string][]string          // names by namespace, sorted
	inhabited  []string                     // namespaces in which accounts are known, sorted
	homes      map[string][]string          // and those in which one of a name is
	runsAs     map[account][]account        // the accounts of pods and workloads of a name, in a namespace or in all
	namespaces map[string]*corev1.Namespace // by name
	tokens     map[string][]token           // by namespace, and all
	named      map[account][]token          // by the name of the Secret, in a namespace or in all
	secrets    map[string]bool              // namespaces of which there are Secrets
	roles      roles
	runners    []runner
	outside    outside
	unreadable []string // what is missing since an object of RBAC cannot be read
	illegible  []string // or one of another kind
}

// New reads objects. Those that say nothing about who may do what are passed over.
// Nothing is kept of the slice; the objects must not change while the Cluster is in
// use.
func New(objs []bulkhead.Object, options Options) *Cluster {
	c := &Cluster{
		options: options, bindingsIn: make(map[string][]*binding), seats: make(map[string][]seat), accounts: make(map[string][]string),
		homes: make(map[string][]string), runsAs: make(map[account][]account), namespaces: make(map[string]*corev1.Namespace),
		tokens: make(map[string][]token), named: make(map[account][]token), secrets: make(map[string]bool),
	}
	objs = c.typed(objs)
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		c.read(obj)
	}
	c.outside = outsideOf(objs)
	c.readRoles(objs)
	c.readWorkloads(workload.All(objs))
	c.sit()
	for namespace, names := range c.accounts {
		slices.Sort(names)
		c.accounts[namespace] = slices.Compact(names)
	}
	c.inhabited = slices.Sorted(maps.Keys(c.accounts))
	for _, namespace := range c.inhabited {
		for _, name := range c.accounts[namespace] {
			c.homes[name] = append(c.homes[name], namespace)
		}
	}
	return c
}

// readRoles works out of each role what its rules lead to.
func (c *Cluster) readRoles(objs []bulkhead.Object) {
	c.roles = newRoles(objs)
	c.digests(newAtlas(c.options.Minor))
}

func (c *Cluster) readWorkloads(list []workload.Workload) {
	for _, w := range list {
		namespace := w.Object.GetNamespace()
		runs := account{namespace, accountOf(w)}
		c.know(runs.namespace, runs.name)
		for _, space := range []string{namespace, ""} {
			at := account{space, w.Object.GetName()}
			c.runsAs[at] = append(c.runsAs[at], runs)
		}
	}
	c.runners = runnersOf(list)
}

// sit gives each subject of a binding its seat.
func (c *Cluster) sit() {
	slices.SortFunc(c.bindings, func(a, b *binding) int { return a.ref.Compare(b.ref) })
	for _, b := range c.bindings {
		b.role = c.roles[b.roleKey()]
		if b.namespace != "" {
			c.bindingsIn[b.namespace] = append(c.bindingsIn[b.namespace], b)
		}
		for i := range b.subjects {
			s := seat{b, i}
			if key, ok := s.key(); ok {
				c.seats[key] = append(c.seats[key], s)
			}
		}
	}
}

// An account is the name of a ServiceAccount, or of something else in a namespace.
type account struct{ namespace, name string }

// A token is a Secret that the API server fills with one of an account.
type token struct {
	secret string
	of     account
}

func (a account) compare(b account) int {
	return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.name, b.name))
}

func (c *Cluster) read(obj bulkhead.Object) {
	switch o := obj.(type) {
	case *rbacv1.RoleBinding:
		c.bind(&binding{ref: bulkhead.RefTo(o), namespace: o.Namespace, roleRef: o.RoleRef, subjects: o.Subjects})
	case *rbacv1.ClusterRoleBinding:
		c.bind(&binding{ref: bulkhead.RefTo(o), roleRef: o.RoleRef, subjects: o.Subjects})
	case *rbacv1.Role, *rbacv1.ClusterRole:
	case *corev1.ServiceAccount:
		c.know(o.Namespace, o.Name)
	case *corev1.Namespace:
		c.namespaces[o.Name] = o
		c.know(o.Name, "default")
	case *corev1.Secret:
		c.secrets[o.Namespace] = true
		if o.Type == corev1.SecretTypeServiceAccountToken {
			c.token(token{o.Name, account{o.Namespace, o.Annotations[corev1.ServiceAccountNameKey]}})
		}
	default:
		if ref := bulkhead.RefTo(obj); ref.Group == groupRBAC {
			c.unreadable = append(c.unreadable, "what "+ref.String()+" says: it is not of version v1, or a field has another type")
		}
	}
}

func (c *Cluster) token(t token) {
	for _, space := range []string{t.of.namespace, ""} {
		c.tokens[space] = append(c.tokens[space], t)
		c.named[account{space, t.secret}] = append(c.named[account{space, t.secret}], t)
	}
}

// bind notes a binding, and the accounts that it names: they may be made later.
func (c *Cluster) bind(b *binding) {
	if b.ref.Kind == "RoleBinding" && b.namespace == "" {
		c.unreadable = append(c.unreadable, "in which namespace "+b.ref.String()+" is")
		return
	}
	c.bindings = append(c.bindings, b)
	for _, subject := range b.subjects {
		user := User{Name: subject.Name}
		if subject.Kind == rbacv1.ServiceAccountKind {
			user = Account(cmp.Or(subject.Namespace, b.namespace), subject.Name)
		}
		if namespace, name, ok := user.account(); ok && subject.Kind != rbacv1.GroupKind {
			c.know(namespace, name)
		}
	}
}

func (c *Cluster) know(namespace, name string) {
	if namespace != "" {
		c.accounts[namespace] = append(c.accounts[namespace], name)
	}
}

// An Answer says whether a request is allowed, and which binding and rule allow it.
type Answer struct {
	Answer identity.Answer
	Why    []bulkhead.Hop // empty unless it is Yes
	// Missing lists the roles that are bound to the user and not among the objects, and
	// roles and bindings that cannot be read.
	Missing []string
}

// Allowed answers as the RBAC authorizer of kube-apiserver does (Kubernetes v1.37,
// plugin/pkg/auth/authorizer/rbac). It is Unknown where a role that is bound to the
// user is not known, or a role or binding cannot be read. What other authorizers allow
// is not looked at, and neither is membership of system:masters, which RBAC is not
// asked about.
func (c *Cluster) Allowed(user User, r Request) Answer {
	var out Answer
	for _, key := range user.keys() {
		for _, s := range c.seats[key] {
			if s.binding.namespace != "" && s.binding.namespace != r.Namespace {
				continue
			}
			if s.binding.role == nil {
				out.Missing = append(out.Missing, s.binding.missing())
				continue
			}
			if hop, ok := s.binding.role.allows(r); ok {
				return Answer{Answer: identity.Yes, Why: []bulkhead.Hop{s.hop(), hop}}
			}
		}
	}
	out.Missing = append(out.Missing, c.unreadable...)
	if len(out.Missing) == 0 {
		out.Answer = identity.No
	}
	slices.Sort(out.Missing)
	out.Missing = slices.Compact(out.Missing)
	return out
}

// allows returns the first rule of a role that allows a request.
func (r *role) allows(request Request) (bulkhead.Hop, bool) {
	for part := range r.all {
		for _, rule := range part.rules {
			if allows(rule.PolicyRule, request) {
				return bulkhead.Hop{Object: part.ref, Field: rule.field(), Text: "allows to " + request.Verb}, true
			}
		}
	}
	return bulkhead.Hop{}, false
}

func (b *binding) missing() string {
	return "the rules of " + b.roleName() + ", which " + b.ref.String() + " gives"
}

// hop is the step from a user to a role.
func (s seat) hop() bulkhead.Hop {
	return bulkhead.Hop{Object: s.binding.ref, Field: s.field(), Text: "gives " + nameOf(s) + " the " + s.binding.roleName() + " " + where(s.binding.namespace)}
}
