// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const library = "github.com/watertight-go/watertight"

// A builder that is missing from the table would never meet the server.
func TestEveryBuilderIsListed(t *testing.T) {
	var listed []string
	for _, b := range builders() {
		listed = append(listed, b.name)
	}
	exported := exportedBuilders(t)
	for _, name := range exported {
		_, exempt := notBuilders()[name]
		if !slices.Contains(listed, name) && !exempt {
			t.Errorf("%s returns objects and is neither among the builders nor among what is none", name)
		}
	}
	for name := range notBuilders() {
		if !slices.Contains(exported, name) {
			t.Errorf("%s is exempt and does not exist", name)
		}
	}
	if len(exported) < len(listed) {
		t.Errorf("of %d builders %d were found", len(listed), len(exported))
	}
}

// exportedBuilders returns the names of the library's exported functions and
// methods that return an object, or a value with Objects.
func exportedBuilders(t *testing.T) []string {
	t.Helper()
	all, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes, Dir: "../.."}, library+"/...")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(p *packages.Package) bool { return p.PkgPath == library+"/bulkhead" })
	if i < 0 {
		t.Fatal("package bulkhead was not found")
	}
	object := all[i].Types.Scope().Lookup("Object").Type().Underlying().(*types.Interface)
	var names []string
	for _, p := range all {
		path := strings.TrimPrefix(p.PkgPath, library+"/")
		if len(p.Errors) > 0 {
			t.Fatal(p.Errors)
		}
		if strings.HasPrefix(path, "internal/") || strings.HasPrefix(path, "examples/") || p.Name == "main" {
			continue
		}
		for _, f := range exportedFunctions(p.Types) {
			if returnsObjects(f, object) {
				names = append(names, path+"."+f.Name())
			}
		}
	}
	slices.Sort(names)
	return names
}

// exportedFunctions returns the functions of a package and the methods of its types.
func exportedFunctions(p *types.Package) []*types.Func {
	var out []*types.Func
	for _, name := range p.Scope().Names() {
		switch obj := p.Scope().Lookup(name).(type) {
		case *types.Func:
			out = append(out, obj)
		case *types.TypeName:
			methods := types.NewMethodSet(types.NewPointer(obj.Type()))
			for method := range methods.Methods() {
				out = append(out, method.Obj().(*types.Func))
			}
		}
	}
	return slices.DeleteFunc(out, func(f *types.Func) bool { return !f.Exported() || f.Pkg() != p })
}

func returnsObjects(f *types.Func, object *types.Interface) bool {
	for result := range f.Signature().Results().Variables() {
		t := result.Type()
		if types.Implements(t, object) {
			return true
		}
		if m, _, _ := types.LookupFieldOrMethod(t, true, f.Pkg(), "Objects"); m != nil {
			return true
		}
	}
	return false
}
