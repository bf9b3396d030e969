// SPDX-License-Identifier: Apache-2.0

package reach

import "github.com/watertight-go/watertight/bulkhead"

func duplicateObjects(p *bulkhead.Pass) {
	for _, it := range itemsOf(p.Objects) {
		for _, rival := range it.rivals {
			p.Reportf(rival, nil, "rename or remove one of them", duplicateText)
		}
	}
}

const duplicateText = "another object has the same name; applying both keeps only the last"
