// SPDX-License-Identifier: Apache-2.0

package netpol

// A podSpace is the set of pods that a pair of selectors matches.
type podSpace struct {
	namespaces, pods labelSpace
}

func (s podSpace) within(wider podSpace) bool {
	return s.namespaces.within(wider.namespaces) && s.pods.within(wider.pods)
}

func (s podSpace) apart(other podSpace) bool {
	return s.namespaces.apart(other.namespaces) || s.pods.apart(other.pods)
}
