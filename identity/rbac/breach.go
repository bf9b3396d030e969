// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// breach notes a path across the boundary. Of several to one end that one change
// closes, the first counts.
func (w *walk) breach(rule string, path *trail) {
	key := [2]any{rule, path.change}
	if !w.noted[key] {
		w.noted[key] = true
		w.breaches = append(w.breaches, bulkhead.Breach{Rule: rule, Path: path.path(), Change: path.change})
	}
}

func changeOf(s seat) bulkhead.Change {
	return bulkhead.Change{Object: s.binding.ref, Field: s.field(), Text: "take " + nameOf(s) + " out of its subjects"}
}

// hopOf is the last step of a breach: the worst that a role gives, and what else.
func hopOf(s seat, crossing []match) bulkhead.Hop {
	const some = 3
	first := crossing[0]
	text := "lets it " + first.verb + " " + first.resourceName()
	if len(first.names) > 0 {
		text += " " + strings.Join(first.names[:min(some, len(first.names))], ", ")
	}
	text += ": " + first.edge.text
	more := []string{first.edge.text}
	for _, m := range crossing[1:] {
		if !slices.Contains(more, m.edge.text) {
			more = append(more, m.edge.text)
		}
	}
	if more = more[1:]; len(more) > 0 {
		text += "; also " + strings.Join(more[:min(some, len(more))], ", ")
	}
	if len(more) > some {
		text += ", and " + strconv.Itoa(len(more)-some) + " more"
	}
	return bulkhead.Hop{Object: first.rule.ref, Field: first.field(), Text: text + ", " + s.binding.where()}
}

// nameOf names the subject of a seat.
func nameOf(s seat) string {
	subject := s.binding.subjects[s.at]
	if subject.Kind == rbacv1.ServiceAccountKind {
		return subject.Kind + " " + cmp.Or(subject.Namespace, s.binding.namespace) + "/" + subject.Name
	}
	return subject.Kind + " " + subject.Name
}

// NoAccess proves that nobody of one side of a boundary can act on the other, or shows
// the paths by which somebody can: for each binding that crosses the boundary the
// shortest. An error is a [*bulkhead.InvalidError] about the boundary.
func (c *Cluster) NoAccess(b Boundary) (bulkhead.Proof, error) {
	if err := b.check(); err != nil {
		return bulkhead.Proof{}, err
	}
	w := c.walk(b)
	missing := make([]string, 0, len(w.missing))
	for m := range w.missing {
		missing = append(missing, m)
	}
	slices.Sort(missing)
	slices.SortStableFunc(w.breaches, func(a, b bulkhead.Breach) int {
		return cmp.Or(cmp.Compare(len(a.Path), len(b.Path)), compareHops(a.Path, b.Path), cmp.Compare(a.Rule, b.Rule))
	})
	return bulkhead.NewProof(w.breaches, missing), nil
}

func compareHops(a, b []bulkhead.Hop) int {
	return slices.CompareFunc(a, b, func(x, y bulkhead.Hop) int {
		return cmp.Or(x.Object.Compare(y.Object), cmp.Compare(x.Field, y.Field), cmp.Compare(x.Text, y.Text))
	})
}

// notKnown notes what the options leave open.
func (w *walk) notKnown() {
	for _, text := range w.unreadable {
		w.missing[text] = true
	}
	if !w.options.Whole {
		w.missing["the roles, bindings and accounts of the cluster that are not among the objects"] = true
	}
	if len(w.options.Authorizers) == 0 {
		w.missing["which authorizers the API server has beside RBAC"] = true
	}
	for _, name := range w.options.foreign() {
		w.missing["what the authorizer "+name+" allows"] = true
	}
	if w.master != nil && len(w.breaches) == 0 {
		// Whatever rules the cluster crosses the boundary.
		w.breach(Admin, w.master)
	}
}

// An Actor is a user that one side of a boundary is or can become.
type Actor struct {
	User User
	Path []bulkhead.Hop // empty for those that it is
}

// Actors returns all users that the side of a boundary is or can become, nearest
// first. Whoever may do everything can become anybody; see NoAccess.
func (c *Cluster) Actors(b Boundary) ([]Actor, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	var out []Actor
	for _, a := range c.walk(b).actors {
		out = append(out, Actor{a.user, a.path.path()})
	}
	return out, nil
}

// A Right is a rule that one side of a boundary has outside of its own namespaces.
type Right struct {
	User      User
	Rule      rbacv1.PolicyRule
	Namespace string         // empty for all
	Path      []bulkhead.Hop // to the rule
}

// Rights returns everything that the side of a boundary may do outside of its
// namespaces, harmless or not, each binding by the shortest path.
func (c *Cluster) Rights(b Boundary) ([]Right, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	var out []Right
	seen := make(map[*binding]bool)
	for _, a := range c.walk(b).actors {
		for _, key := range a.user.keys() {
			for _, s := range c.seats[key] {
				if seen[s.binding] || s.binding.role == nil || slices.Contains(b.From, s.binding.namespace) {
					continue
				}
				seen[s.binding] = true
				for _, r := range s.binding.role.rules {
					path := append(a.path.path(), s.hop(), bulkhead.Hop{Object: r.ref, Field: r.field(), Text: "allows it"})
					out = append(out, Right{a.user, *r.PolicyRule, s.binding.namespace, path})
				}
			}
		}
	}
	return out, nil
}
