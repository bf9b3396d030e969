// SPDX-License-Identifier: Apache-2.0

package depcheck_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A node is one package, in the words of go list -json.
type node struct {
	ImportPath  string
	Standard    bool
	Imports     []string
	TestImports []string
	Module      *struct {
		Path string
		Main bool
	}
}

// A graph holds, by import path, the packages of a module and all they compile.
type graph struct {
	module string
	nodes  map[string]node
}

// load reads the graph of the module two folders up.
func load(t *testing.T) graph {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,TestImports,Module", "./...")
	cmd.Dir = "../.."
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, stderr.String())
	}
	g := graph{nodes: make(map[string]node)}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var n node
		err := decoder.Decode(&n)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("output of go list: %v", err)
		}
		g.nodes[n.ImportPath] = n
		if n.Module != nil && n.Module.Main {
			g.module = n.Module.Path
		}
	}
	if g.module == "" {
		t.Fatal("go list named no package of the main module")
	}
	return g
}

// packages returns the module's own packages as the table names them, sorted.
func (g graph) packages() []string {
	var out []string
	for path := range g.nodes {
		if name, ok := g.sibling(path); ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// path is the import path of a package that the table names.
func (g graph) path(pkg string) string {
	if pkg == "." {
		return g.module
	}
	return g.module + "/" + pkg
}

// sibling is the table's name of an import path, if that is in the module.
func (g graph) sibling(path string) (string, bool) {
	if path == g.module {
		return ".", true
	}
	return strings.CutPrefix(path, g.module+"/")
}

// weight counts the packages outside the standard library that an importer of
// pkg compiles, pkg itself included.
func (g graph) weight(pkg string) int {
	seen := make(map[string]bool)
	for queue := []string{g.path(pkg)}; len(queue) > 0; queue = queue[1:] {
		if path := queue[0]; !seen[path] && !g.nodes[path].Standard {
			seen[path] = true
			queue = append(queue, g.nodes[path].Imports...)
		}
	}
	return len(seen)
}

// check returns what in the graph the rows do not allow, one line a problem.
func check(g graph, rows []row) []string {
	var problems []string
	packages := g.packages()
	above := make(map[string]bool)
	for _, r := range rows {
		switch {
		case above[r.pkg]:
			problems = append(problems, fmt.Sprintf("%s: has two rows", r.pkg))
		case !slices.Contains(packages, r.pkg):
			problems = append(problems, fmt.Sprintf("%s: has a row, but the module has no such package", r.pkg))
		}
		for _, s := range r.siblings {
			if !above[s] {
				problems = append(problems, fmt.Sprintf("%s: its row names %s, which has no row above", r.pkg, s))
			}
		}
		above[r.pkg] = true
		problems = append(problems, g.forbidden(r)...)
		if n := g.weight(r.pkg); r.most > 0 && n > r.most {
			problems = append(problems, fmt.Sprintf("%s: an importer compiles %d packages outside the standard library, want at most %d", r.pkg, n, r.most))
		}
	}
	for _, pkg := range packages {
		if !above[pkg] {
			problems = append(problems, fmt.Sprintf("%s: has no row", pkg))
		}
		if slices.Contains(g.nodes[g.path(pkg)].TestImports, g.path(ruletest)) {
			problems = append(problems, fmt.Sprintf("%s: its internal tests import %s; external tests may", pkg, ruletest))
		}
	}
	return problems
}

// ruletest is the one package whose importers among the tests are judged.
const ruletest = "internal/ruletest"

// forbidden walks what the row's package compiles and returns the import chain to
// each package that the row does not allow. It does not walk into siblings: what
// they import is for their own rows.
func (g graph) forbidden(r row) []string {
	var problems []string
	seen := make(map[string]bool)
	for chains := [][]string{{g.path(r.pkg)}}; len(chains) > 0; chains = chains[1:] {
		chain := chains[0]
		for _, path := range g.nodes[chain[len(chain)-1]].Imports {
			if seen[path] || g.nodes[path].Standard {
				continue
			}
			seen[path] = true
			longer := append(slices.Clone(chain), path)
			name, isSibling := g.sibling(path)
			switch {
			case isSibling && slices.Contains(r.siblings, name):
			case !isSibling && (within(path, r.outside) || len(chain) > 1 && within(path, r.beneath)):
				chains = append(chains, longer)
			default:
				problems = append(problems, fmt.Sprintf("%s: must not import %s: %s", r.pkg, path, strings.Join(longer, " -> ")))
			}
		}
	}
	return problems
}

// within reports whether path is one of the roots or lies below one.
func within(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool {
		return path == root || strings.HasPrefix(path, root+"/")
	})
}
