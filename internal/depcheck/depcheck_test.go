// SPDX-License-Identifier: Apache-2.0

package depcheck_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestModule(t *testing.T) {
	g := load(t)
	for _, problem := range check(g, table()) {
		t.Error(problem)
	}
	for _, r := range table() {
		if r.most > 0 {
			t.Logf("%s: an importer compiles %d packages outside the standard library, at most %d are allowed", r.pkg, g.weight(r.pkg), r.most)
		}
	}
}

// TestCheck holds the check against a small module, whose rows are right, with
// one edit a case.
func TestCheck(t *testing.T) {
	valid := func() (graph, []row) {
		nodes := map[string]node{}
		for path, imports := range map[string][]string{
			"m":                   nil,
			"m/core":              {"fmt", "api/v1"},
			"m/net":               {"m/core"},
			"m/internal/ruletest": {"m/core"},
			"api/v1":              {"fmt", "low/x", "low/y"},
			"low/x":               nil,
			"low/y":               {"low/x"},
			"lowest":              nil,
		} {
			nodes[path] = node{ImportPath: path, Imports: imports}
		}
		nodes["fmt"] = node{ImportPath: "fmt", Standard: true}
		return graph{module: "m", nodes: nodes}, []row{
			{pkg: "."},
			{pkg: "core", outside: []string{"api"}, beneath: []string{"low"}},
			{pkg: "internal/ruletest", siblings: []string{"core"}},
			{pkg: "net", siblings: []string{"core"}, most: 9},
		}
	}
	imports := func(g graph, pkg string, more ...string) {
		n := g.nodes[pkg]
		n.Imports = append(n.Imports, more...)
		g.nodes[pkg] = n
	}
	tests := map[string]struct {
		edit func(graph, []row) []row
		want []string
	}{
		"a module that keeps to its rows": {
			edit: func(_ graph, rows []row) []row { return rows },
		},
		"an import that no row allows": {
			edit: func(g graph, rows []row) []row { imports(g, "m/net", "api/v1"); return rows },
			want: []string{"net: must not import api/v1: m/net -> api/v1"},
		},
		"an allowed module that begins to bring another": {
			edit: func(g graph, rows []row) []row { imports(g, "low/y", "lowest"); return rows },
			want: []string{"core: must not import lowest: m/core -> api/v1 -> low/y -> lowest"},
		},
		"a direct import of what may only come along": {
			edit: func(g graph, rows []row) []row { imports(g, "m/core", "low/x"); return rows },
			want: []string{"core: must not import low/x: m/core -> low/x"},
		},
		"an import that go list does not know": {
			edit: func(g graph, rows []row) []row { imports(g, "m", "C"); return rows },
			want: []string{".: must not import C: m -> C"},
		},
		"an import of a sibling against the arrow": {
			edit: func(g graph, rows []row) []row { imports(g, "m/core", "m/net"); return rows },
			want: []string{"core: must not import m/net: m/core -> m/net"},
		},
		"a row that names a row below it": {
			edit: func(_ graph, rows []row) []row { rows[1].siblings = []string{"net"}; return rows },
			want: []string{"core: its row names net, which has no row above"},
		},
		"a package without a row": {
			edit: func(g graph, rows []row) []row { g.nodes["m/new"] = node{}; return rows },
			want: []string{"new: has no row"},
		},
		"a row without a package": {
			edit: func(_ graph, rows []row) []row { return append(rows, row{pkg: "gone"}) },
			want: []string{"gone: has a row, but the module has no such package"},
		},
		"a package with two rows": {
			edit: func(_ graph, rows []row) []row { return append(rows, rows[0]) },
			want: []string{".: has two rows"},
		},
		"more packages than an importer may compile": {
			edit: func(_ graph, rows []row) []row { rows[3].most = 4; return rows },
			want: []string{"net: an importer compiles 5 packages outside the standard library, want at most 4"},
		},
		"the fixture harness in an internal test": {
			edit: func(g graph, rows []row) []row {
				n := g.nodes["m/net"]
				n.TestImports = []string{"m/internal/ruletest"}
				g.nodes["m/net"] = n
				return rows
			},
			want: []string{"net: its internal tests import internal/ruletest; external tests may"},
		},
		"a name that only begins like an allowed one": {
			edit: func(g graph, rows []row) []row { imports(g, "m/core", "api2/v1"); return rows },
			want: []string{"core: must not import api2/v1: m/core -> api2/v1"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			g, rows := valid()
			rows = tt.edit(g, rows)
			if diff := cmp.Diff(tt.want, check(g, rows)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}
