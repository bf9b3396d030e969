// SPDX-License-Identifier: Apache-2.0

package guard

import (
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Restriction is something that the objects of a namespace must not be or do. It
// is an immutable value, made by the functions of this package, and the zero value is
// none of them.
//
// It is written down once. [Enforce] makes two things of it that mean the same: an
// admission policy, and a rule over manifests.
type Restriction struct {
	id         string // of the rule
	about      subject
	statements []statement
	keepers    []rbacv1.Subject
	errs       field.ErrorList // what is wrong with the arguments
}

// A subject is the kind of objects that a restriction is about.
type subject int

const (
	nothing subject = iota
	pods
	services
	serviceAccounts
	guards
)

// A statement is one demand of a restriction, and the words for it.
type statement struct {
	// items are the containers or volumes that it is about, each on its own. The zero
	// value stands for the whole pod or object.
	items  items
	demand demand
	// problem says what is wrong with what does not meet the demand, and fix what to
	// do about it.
	problem, fix string
}

// items are named parts of a pod.
type items struct {
	noun     string
	variable string // of the policy
	lists    []path
}

// containers returns those that may have limits.
func containers() items {
	return items{"container", "containers", []path{path(nil).nullable("containers"), fields("initContainers")}}
}

// allContainers returns the containers, and those that were added to a running pod.
func allContainers() items {
	return items{"container", "allContainers", append(containers().lists, fields("ephemeralContainers"))}
}

func volumes() items {
	return items{"volume", "volumes", []path{fields("volumes")}}
}

// cel is an expression that is true if x meets the demand, in a policy that declares
// the variables of its items.
func (s statement) cel(x string, of stage) string {
	if s.items.variable == "" {
		return s.demand.cel(x, of)
	}
	return "variables." + s.items.variable + ".all(c, " + s.demand.cel("c", of) + ")"
}

// message is what the policy says of an object that does not meet the demand, where
// it cannot name the items.
func (s statement) message() string { return s.problem + "; " + s.fix }

// messageCEL is an expression of the message with the names of the items, or nothing.
func (s statement) messageCEL(of stage) string {
	if s.items.variable == "" {
		return ""
	}
	names := "variables." + s.items.variable + ".filter(c, !" + s.demand.cel("c", of) + `).map(c, string(c.?name.orValue(""))).join(", ")`
	return quote(s.items.noun+" ") + " + " + names + " + " + quote(": "+s.message())
}

// failures returns where v does not meet the demand.
func (s statement) failures(v any, at *field.Path) []*field.Path {
	if s.items.variable == "" {
		return s.demand.failures(v, at)
	}
	return each{lists: s.items.lists, demand: s.demand}.failures(v, at)
}
