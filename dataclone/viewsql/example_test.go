// SPDX-License-Identifier: Apache-2.0

package viewsql_test

import (
	"fmt"

	"github.com/watertight-go/watertight/dataclone/viewsql"
)

// A view reads the copy of its dataset. What is not mapped stays, and is listed.
func Example() {
	m := viewsql.Mapping{DefaultProject: "prod-1", Moves: []viewsql.Move{{
		From: viewsql.Dataset{Project: "prod-1", Dataset: "sales"},
		To:   viewsql.Dataset{Project: "stg-1", Dataset: "sales_pr42"},
	}}}
	got, err := m.Rewrite("SELECT o.id, 'sales.orders' AS source\nFROM sales.orders AS o\nJOIN `prod-1.crm.users` USING (id)")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(got.SQL)
	for _, r := range got.References {
		fmt.Println(r.Position, r.Kind, r.Project, r.Dataset, r.Name, r.Mapped())
	}
	// Output:
	// SELECT o.id, 'sales.orders' AS source
	// FROM `stg-1`.`sales_pr42`.orders AS o
	// JOIN `prod-1.crm.users` USING (id)
	// 2:6 table prod-1 sales orders true
	// 3:6 table prod-1 crm users false
}

// The second name may be a table, or an array of the alias before it.
func ExampleMapping_Rewrite_refused() {
	m := viewsql.Mapping{DefaultProject: "prod-1", Moves: []viewsql.Move{{
		From: viewsql.Dataset{Project: "prod-1", Dataset: "sales"},
		To:   viewsql.Dataset{Project: "stg-1", Dataset: "sales"},
	}}}
	_, err := m.Rewrite("SELECT * FROM shop.orders AS sales, sales.items")
	fmt.Println(err)
	// Output:
	// refused: 1:37: ambiguous-name: sales: the alias has the name of a mapped dataset or project
}

func ExampleReferences() {
	refs, err := viewsql.References("BEGIN\n  INSERT INTO sales.daily SELECT * FROM sales.orders;\n  CALL hr.notify();\nEND", "prod-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range refs {
		fmt.Println(r.Position, r.Kind, r.Dataset, r.Name, "write:", r.Write)
	}
	// Output:
	// 2:15 table sales daily write: true
	// 2:41 table sales orders write: false
	// 3:8 routine hr notify write: true
}

func ExampleQuery() {
	fmt.Println(viewsql.Query("SELECT ';'"))
	fmt.Println(viewsql.Query("SELECT 1; DROP TABLE t"))
	// Output:
	// <nil>
	// refused: 1:9: not-a-query: ;: a query has no semicolon
}
