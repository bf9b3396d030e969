// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"fmt"
	"strings"
)

// personalData does with columns of personal data what the request says: it refuses
// the tables, keeps them, or puts a masking view in place of each.
func (d *draft) personalData() {
	data := d.request.Data
	for _, pattern := range unknownMasks(data.Masks) {
		d.fail(MaskType, d.request.object(), fmt.Sprintf("data.masks[%q]", pattern), `use "null" or "hash"`,
			"is %q, which is no mask", abridged(string(data.Masks[pattern])))
	}
	switch data.Mode {
	case RefusePersonalData:
		d.eachPersonal(d.refusePersonal)
	case KeepPersonalData:
		d.eachPersonal(d.keepPersonal)
	case MaskedViews:
		d.mask()
	case UpdateInPlace:
		d.fail(TimeTravelLeak, d.request.object(), "data.mode", "use masked-views",
			"overwrites personal data in the clones, where it stays readable by time travel for at least two days, and to support for seven more")
		d.eachPersonal(d.refusePersonal)
	default:
		d.fail(InvalidRequest, d.request.object(), "data.mode", `use "", "keep" or "masked-views"`,
			"is %q, which is none", abridged(string(data.Mode)))
		d.eachPersonal(d.refusePersonal)
	}
}

// eachPersonal calls f for each table whose data is copied and that has columns with
// personal data, or whose columns nobody knows.
func (d *draft) eachPersonal(f func(s *Step, t *Table, columns []personalColumn)) {
	for i := range d.steps {
		s := &d.steps[i]
		if !s.copies() {
			continue
		}
		t := d.table(s.Source)
		if t == nil {
			if s.Kind == UndeleteTable && d.request.Data.Mode != KeepPersonalData {
				d.fail(EvidenceMissing, s.Source.object(), "schema", "keep personal data, or leave the table out",
					"was deleted, so nobody knows whether its columns hold personal data")
			}
			continue // judge says that a source is missing
		}
		if columns := d.request.Data.personalColumns(t.Columns); len(columns) > 0 {
			f(s, t, columns)
		}
	}
}

func (d *draft) refusePersonal(s *Step, _ *Table, columns []personalColumn) {
	for _, c := range columns {
		d.fail(PIIColumns, s.Source.object(), columnField(c.path), "choose a mode of Request.Data, or exclude the table",
			"holds personal data, and the request does not say what is to happen to it%s", why(c))
	}
}

// keepPersonal warns of what nothing protects: policy tags go with a clone, and names
// do not.
func (d *draft) keepPersonal(s *Step, _ *Table, columns []personalColumn) {
	for _, c := range columns {
		if !c.tagged {
			d.warn(PIIUntagged, s.Source.object(), columnField(c.path), "give the column a policy tag, or use masked-views",
				"is kept, and has no policy tag: whoever reads %s reads it", s.Destination.In())
		}
	}
}

func why(c personalColumn) string {
	if c.tagged {
		return " (it has a policy tag or a data policy)"
	}
	return " (the request names it)"
}

// columnField is the field of a column in findings.
func columnField(path string) string {
	return "schema.fields." + strings.ToValidUTF8(abridged(path), "")
}
