// SPDX-License-Identifier: Apache-2.0

package manifest

import "github.com/watertight-go/watertight/bulkhead"

// In returns the set as kubectl apply --namespace puts it into a cluster: objects that
// leave their namespace out are in the given one. The output of helm template leaves
// it out, since the release has it. Objects of kinds without a namespace stay as they
// are, and so do those of kinds that Kubernetes does not have, of which the set does
// not tell whether they have one. The objects that change are copies.
func (s *Set) In(namespace string) *Set {
	out := &Set{Objects: make([]bulkhead.Object, len(s.entries)), entries: make([]entry, len(s.entries))}
	for i, e := range s.entries {
		if e.object.GetNamespace() == "" && bulkhead.Namespaced(bulkhead.RefTo(e.object)) {
			e.object = e.object.DeepCopyObject().(bulkhead.Object)
			e.object.SetNamespace(namespace)
		}
		out.entries[i], out.Objects[i] = e, e.object
	}
	return out
}
