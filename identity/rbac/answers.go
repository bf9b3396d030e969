// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// An Actor is a user that one side of a boundary is or can become.
type Actor struct {
	User  User
	trail *trail
}

// Path says how, and is empty for those that the side is.
func (a Actor) Path() []bulkhead.Hop { return a.trail.path() }

// Actors returns all users that the side of a boundary is or can become, nearest
// first. Whoever may do everything can become anybody; see NoAccess.
func (c *Cluster) Actors(b Boundary) ([]Actor, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	var out []Actor
	for _, a := range c.walk(b).actors {
		out = append(out, Actor{a.user, a.path})
	}
	return out, nil
}

// A Right is a rule that one side of a boundary has outside of its own namespaces.
type Right struct {
	User      User
	Rule      rbacv1.PolicyRule
	Namespace string // empty for all
	trail     *trail
}

// Path leads to the rule.
func (r Right) Path() []bulkhead.Hop { return r.trail.path() }

// Rights returns everything that the side of a boundary may do outside of its
// namespaces, harmless or not, each binding by a path of the fewest steps.
func (c *Cluster) Rights(b Boundary) ([]Right, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	var out []Right
	w := c.walk(b)
	seen, visited := make(map[*binding]bool), make(map[string]bool)
	for _, a := range w.actors {
		for _, key := range a.user.keys() {
			if visited[key] {
				continue
			}
			visited[key] = true
			for _, s := range c.seats[key] {
				if !seen[s.binding] && s.binding.role != nil && !w.from[s.binding.namespace] {
					seen[s.binding] = true
					out = append(out, s.rights(a)...)
				}
			}
		}
	}
	return out, nil
}

func (s seat) rights(a actor) []Right {
	var out []Right
	path := a.path.then(s.hop())
	for r := range s.binding.role.all {
		for _, rule := range r.rules {
			hop := bulkhead.Hop{Object: r.ref, Field: rule.field(), Text: "allows it"}
			out = append(out, Right{a.user, *rule.PolicyRule, s.binding.namespace, path.then(hop)})
		}
	}
	return out
}
