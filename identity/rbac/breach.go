// SPDX-License-Identifier: Apache-2.0

package rbac

import (
	"cmp"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/watertight-go/watertight/bulkhead"
)

// breach notes a path across the boundary, or what would tell whether it is there. Of
// several to one end that one change closes, the first counts.
func (w *walk) breach(rule string, path *trail) {
	if path.doubt != "" {
		w.missing[path.doubt] = true
		return
	}
	if id := (note{rule, path.change}); !w.noted[id] {
		w.noted[id] = true
		w.breaches = append(w.breaches, bulkhead.Breach{Rule: rule, Path: path.path(), Change: path.change})
	}
}

func changeOf(s seat) bulkhead.Change {
	return bulkhead.Change{Object: s.binding.ref, Field: s.field(), Text: "take " + nameOf(s) + " out of its subjects"}
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
// the paths by which somebody can: for each binding that crosses the boundary one
// of the fewest steps. An error is a [*bulkhead.InvalidError] about the boundary.
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
	for _, text := range slices.Concat(w.unreadable, w.illegible) {
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
