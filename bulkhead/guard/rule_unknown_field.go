// SPDX-License-Identifier: Apache-2.0

package guard

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/internal/celtext"
	"github.com/watertight-go/watertight/internal/spelling"
)

// UnknownField is an expression about a field that none of the matched objects has.
const UnknownField = "guard/unknown-field"

func unknownField(p *bulkhead.Pass) {
	for _, policy := range policiesOf(p.Objects) {
		types := typesOf(policy.match)
		params := paramType(policy)
		for _, e := range policy.all() {
			seen := make(map[string]bool)
			for _, value := range e.Reads {
				path, at, ok := missingField(value, types, params)
				if !ok || seen[path] {
					continue
				}
				seen[path] = true
				fix := ""
				if near, ok := nearest(at); ok {
					fix = "write " + near
				}
				p.Reportf(policy.object, e.at, fix, "%s is no field of %s, and the API server does not refuse that: it is absent from every object",
					path, kindWords(path, types, policy))
			}
		}
	}
}

// missingField returns a path that leads nowhere in the objects of any type, if the
// value may be nothing else.
func missingField(value celtext.Value, types []served, params reflect.Type) (string, place, bool) {
	var path celtext.Path
	var at place
	for _, candidate := range value {
		var roots []reflect.Type
		switch candidate[0] {
		case "object", "oldObject":
			for _, r := range types {
				roots = append(roots, r.object)
			}
		case "params":
			if params != nil {
				roots = []reflect.Type{params}
			}
		}
		if len(roots) == 0 {
			return "", place{}, false
		}
		for _, root := range roots {
			found := walk(root, candidate[1:])
			if found.missing == "" {
				return "", place{}, false
			}
			if path == nil || found.after > at.after { // the type that has most of the path is meant
				path, at = candidate[:found.after+2], found // the root comes before
			}
		}
	}
	return path.String(), at, path != nil
}

// paramType returns the type of a policy's parameters where it is one of Kubernetes'
// own.
func paramType(p policy) reflect.Type {
	if p.paramKind == nil {
		return nil
	}
	for _, r := range builtIn() {
		version := strings.TrimPrefix(r.group+"/"+r.version, "/")
		if p.paramKind.APIVersion == version && p.paramKind.Kind == r.kind {
			return r.object
		}
	}
	return nil
}

// nearest returns the field that was meant by a misspelt one.
func nearest(at place) (string, bool) {
	const most = 2 // of the letters wrong, and not more than a third
	best, fewest := "", most+1
	for _, name := range at.beside {
		n := spelling.Distance(strings.ToLower(name), strings.ToLower(at.missing))
		if n < fewest && 3*n <= len(at.missing) {
			best, fewest = name, n
		}
	}
	return best, best != ""
}

func kindWords(path string, types []served, p policy) string {
	if strings.HasPrefix(path, "params") {
		return p.paramKind.Kind
	}
	var kinds []string
	for _, r := range types {
		if !slices.Contains(kinds, r.kind) {
			kinds = append(kinds, r.kind)
		}
	}
	if len(kinds) > 3 {
		return fmt.Sprintf("the %d kinds that the policy matches", len(kinds))
	}
	return strings.Join(kinds, ", ")
}
