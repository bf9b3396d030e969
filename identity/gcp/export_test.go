// SPDX-License-Identifier: Apache-2.0

package gcp

import "github.com/watertight-go/watertight/bulkhead"

// RefTo names a resource as hops and changes do, so that tests can make a change.
func RefTo(r Resource) bulkhead.Ref {
	name := canonical(r.Name)
	kind := typeOf(name)
	if kind == "" {
		kind = r.Type
	}
	return refOf(name, kind)
}
