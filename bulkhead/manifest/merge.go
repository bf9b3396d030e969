// SPDX-License-Identifier: Apache-2.0

package manifest

// Merge returns one Set of the objects of several, in order, for input that was
// read in parts, such as files and standard input: rules then see all of it, and
// two objects of one name are noticed wherever they stand. The sets stay as they
// are. Nil sets are passed over.
func Merge(sets ...*Set) *Set {
	merged := &Set{}
	for _, s := range sets {
		if s == nil {
			continue
		}
		merged.Objects = append(merged.Objects, s.Objects...)
		merged.entries = append(merged.entries, s.entries...)
	}
	return merged
}
