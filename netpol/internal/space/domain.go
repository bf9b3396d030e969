// SPDX-License-Identifier: Apache-2.0

package space

import "strings"

// A Domain is a set of domain names: one, or all below one by a wildcard.
type Domain struct {
	name string // without the wildcard, with the dot behind it: .example.com
	wild bool
}

// DomainOf reads a name, in which "*." stands for one label or more. Case and a dot
// at the end make no difference.
func DomainOf(name string) Domain {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	suffix, wild := strings.CutPrefix(name, "*")
	return Domain{suffix, wild}
}

// Covers reports whether every name of e is in d.
func (d Domain) Covers(e Domain) bool {
	return d == e || d.wild && strings.HasSuffix(e.name, d.name)
}

// Overlaps reports whether a name is in both sets: then one of them covers the
// other.
func (d Domain) Overlaps(e Domain) bool { return d.name != "" && (d.Covers(e) || e.Covers(d)) }
