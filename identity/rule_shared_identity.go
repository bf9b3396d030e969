// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// SharedIdentity is an identity in a cloud that accounts of two namespaces act as, so
// that to the cloud they are one.
const SharedIdentity = "identity/shared-identity"

func sharedIdentity(p *bulkhead.Pass) {
	type name struct{ key, value string }
	const nobody = ""
	first := make(map[name]string)  // namespace
	second := make(map[name]string) // another, if there is one
	nameOf := func(c cloudIdentity) name { return name{c.key, strings.ToLower(c.name)} }
	for c := range cloudIdentities(p.Objects) {
		namespace, id := c.account.Namespace, nameOf(c)
		switch {
		case namespace == nobody:
		case first[id] == nobody:
			first[id] = namespace
		case first[id] != namespace && second[id] == nobody:
			second[id] = namespace
		}
	}
	for c := range cloudIdentities(p.Objects) {
		other := first[nameOf(c)]
		if other == c.account.Namespace {
			other = second[nameOf(c)]
		}
		if other != nobody && c.account.Namespace != nobody {
			p.Reportf(c.account, c.path(), "give each namespace an identity of its own",
				"accounts of %s act as %s too, so to the cloud both namespaces are one: what either is granted, the other has", other, c.what())
		}
	}
}
