// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"slices"
	"strings"
)

// tableOptions reads the rest of a query for the one option of tables that only
// INFORMATION_SCHEMA tells.
func (p *parser) tableOptions() statement {
	path := p.path()
	if len(path) != 4 || !strings.EqualFold(path[2], "INFORMATION_SCHEMA") || !strings.EqualFold(path[3], "TABLE_OPTIONS") {
		p.refuse()
		return statement{}
	}
	p.expect("WHERE option_name =")
	if p.take(tokenString) != "enable_fine_grained_mutations" {
		p.refuse()
	}
	return statement{kind: selectOptions, source: path[:2]}
}

func (s *Server) prepareOptions(r *request, j *job, st statement) error {
	ref := DatasetRef{st.source[0], st.source[1]}
	s.locate(j, ref)
	j.run = func() error {
		if err := s.inLocation(j, ref); err != nil {
			return err
		}
		if err := s.need(r.principal, ref.path(), "tables.list", "tables.get"); err != nil {
			return err
		}
		var rows []row
		for _, t := range s.datasets[ref].tables {
			if t.fineGrained {
				rows = append(rows, row{"table_name": t.ref.Table, "option_value": "true"})
			}
		}
		slices.SortFunc(rows, func(a, b row) int {
			return strings.Compare(a["table_name"].(string), b["table_name"].(string))
		})
		j.result = version{schema: resource{"fields": []any{
			object{"name": "table_name", "type": "STRING", "mode": "NULLABLE"},
			object{"name": "option_value", "type": "STRING", "mode": "NULLABLE"},
		}}, chunks: []*chunk{{rows: rows}}}
		return nil
	}
	return nil
}
