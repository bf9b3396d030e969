// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"cmp"
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
	seats      map[string][]seat            // by user or group
	accounts   map[string][]string          // names by namespace, sorted
	runsAs     map[account][]string         // the accounts of pods and workloads of a name
	namespaces map[string]*corev1.Namespace // by name
	tokens     map[string][]token           // by namespace
	secrets    map[string]bool              // namespaces of which there are Secrets
	roles      *roles
	atlas      *atlas
	daemons    []account // that run on every node
	outside    outside
	unreadable []string
}

// New reads objects. Those that say nothing about who may do what are passed over.
// Nothing is kept of the slice; the objects must not change while the Cluster is in
// use.
func New(objs []bulkhead.Object, options Options) *Cluster {
	c := &Cluster{
		options: options.completed(), seats: make(map[string][]seat), accounts: make(map[string][]string),
		runsAs: make(map[account][]string), namespaces: make(map[string]*corev1.Namespace),
		tokens: make(map[string][]token), secrets: make(map[string]bool),
	}
	objs = c.typed(objs)
	c.roles, c.atlas = newRoles(objs), newAtlas(c.options.Minor)
	for obj := range bulkhead.Each[bulkhead.Object](objs) {
		c.read(obj)
	}
	for _, w := range workload.All(objs) {
		name := cmp.Or(w.Spec.ServiceAccountName, w.Spec.DeprecatedServiceAccount, "default")
		c.know(w.Object.GetNamespace(), name)
		runs := account{w.Object.GetNamespace(), w.Object.GetName()}
		c.runsAs[runs] = append(c.runsAs[runs], name)
		if everywhere(w) {
			c.daemons = append(c.daemons, account{w.Object.GetNamespace(), name})
		}
	}
	slices.SortFunc(c.bindings, func(a, b *binding) int { return a.ref.Compare(b.ref) })
	for _, b := range c.bindings {
		if b.role = c.roles.of(b.roleKey()); b.role != nil && b.role.found == nil {
			b.role.found = c.atlas.leads(b.role)
		}
		for i := range b.subjects {
			s := seat{b, i}
			if key, ok := s.key(); ok {
				c.seats[key] = append(c.seats[key], s)
			}
		}
	}
	c.outside = outsideOf(objs)
	for namespace, names := range c.accounts {
		slices.Sort(names)
		c.accounts[namespace] = slices.Compact(names)
	}
	slices.SortFunc(c.daemons, account.compare)
	return c
}

// An account is the name of a ServiceAccount.
type account struct{ namespace, name string }

// A token is a Secret that the API server fills with one of an account.
type token struct{ secret, account string }

func (a account) compare(b account) int {
	return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.name, b.name))
}

func (c *Cluster) read(obj bulkhead.Object) {
	switch o := obj.(type) {
	case *rbacv1.RoleBinding:
		c.bind(&binding{ref: bulkhead.RefTo(o), namespace: o.Namespace, roleRef: o.RoleRef, subjects: o.Subjects})
	case *rbacv1.ClusterRoleBinding:
		c.bind(&binding{ref: bulkhead.RefTo(o), roleRef: o.RoleRef, subjects: o.Subjects})
	case *corev1.ServiceAccount:
		c.know(o.Namespace, o.Name)
	case *corev1.Namespace:
		c.namespaces[o.Name] = o
		c.know(o.Name, "default")
	case *corev1.Secret:
		c.secrets[o.Namespace] = true
		if o.Type == corev1.SecretTypeServiceAccountToken {
			c.tokens[o.Namespace] = append(c.tokens[o.Namespace], token{o.Name, o.Annotations[corev1.ServiceAccountNameKey]})
		}
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
	// Missing lists the roles that are bound to the user and not among the objects.
	Missing []string
}

// Allowed answers as the RBAC authorizer of kube-apiserver does (Kubernetes v1.37,
// plugin/pkg/auth/authorizer/rbac). It is Unknown where a role that is bound to the
// user is not known. What other authorizers allow is not looked at, and neither is
// membership of system:masters, which RBAC is not asked about.
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
			for _, rule := range s.binding.role.rules {
				if allows(rule.PolicyRule, r) {
					return Answer{Answer: identity.Yes, Why: []bulkhead.Hop{s.hop(), {Object: rule.ref, Field: rule.field(), Text: "allows to " + r.Verb}}}
				}
			}
		}
	}
	if len(out.Missing) == 0 {
		out.Answer = identity.No
	}
	slices.Sort(out.Missing)
	out.Missing = slices.Compact(out.Missing)
	return out
}

func (b *binding) missing() string {
	return "the rules of " + b.roleName() + ", which " + b.ref.String() + " gives"
}

// hop is the step from a user to a role.
func (s seat) hop() bulkhead.Hop {
	subject := s.binding.subjects[s.at]
	who := subject.Kind + " " + subject.Name
	if subject.Kind == rbacv1.ServiceAccountKind {
		who = subject.Kind + " " + cmp.Or(subject.Namespace, s.binding.namespace) + "/" + subject.Name
	}
	return bulkhead.Hop{Object: s.binding.ref, Field: s.field(), Text: "gives " + who + " the " + s.binding.roleName() + " " + s.binding.where()}
}
