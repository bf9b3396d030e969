// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	gcpexport "github.com/watertight-go/watertight/identity/gcp/export"
)

// An export is a file that the command line of a cloud printed, beside manifests. It is
// known by its shape: no manifest has it, since none is without apiVersion and kind.
type export struct {
	file  string
	roots []*node // its documents, for their lines
	data  []byte
	kind  exportKind
}

// An exportKind is a shape, and how to judge what has it.
type exportKind struct {
	has   func(root *node) bool
	judge func(e *export) (placed, error)
}

// exportKinds are those of which ci check knows something to say, and associations,
// which stand beside roles.
func exportKinds() []exportKind {
	return []exportKind{
		{hasKey(roleKeys()...), (*export).roles},
		{hasKey("associations", "association"), (*export).associations},
		{isCredentials, (*export).credentials},
		{isSearch, (*export).policies},
		{hasKey("bindings"), (*export).policy},
	}
}

func roleKeys() []string { return []string{"RoleDetailList", "Roles", "Role"} }

func hasKey(keys ...string) func(*node) bool {
	return func(root *node) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return root.get(key) != nil })
	}
}

// isCredentials tells lists of federated credentials, also in a page, and the empty list,
// which an identity without credentials has.
func isCredentials(root *node) bool {
	if value := root.get("value"); value != nil {
		root = value
	}
	return root.isList && (len(root.list) == 0 || isCredential(root.list[0]))
}

func isCredential(n *node) bool {
	if properties := n.get("properties"); properties != nil { // as Azure Resource Manager gives them
		n = properties
	}
	return n.get("issuer") != nil && (n.get("subject") != nil || n.get("claimsMatchingExpression") != nil)
}

// isSearch tells what a search for policies finds.
func isSearch(root *node) bool {
	return root.isList && len(root.list) > 0 && root.list[0].get("resource") != nil && root.list[0].get("policy") != nil
}

// setAside takes the exports out of the documents that were not read as manifests.
func setAside(documents []located) (rest []located, exports []export) {
	files := make(map[string]bool)
	for _, d := range documents {
		if _, known := files[d.File]; known || d.File == stdinName {
			continue
		}
		e, ok := exportOf(d.File)
		if files[d.File] = ok; ok {
			exports = append(exports, e)
		}
	}
	return slices.DeleteFunc(documents, func(d located) bool { return files[d.File] }), exports
}

// exportOf reads a file, and reports whether it is an export: all of it is JSON, none of
// its documents is a manifest, and the first has one of the shapes.
func exportOf(file string) (export, bool) {
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() || info.Size() > gcpexport.MostBytes {
		return export{}, false
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return export{}, false
	}
	e := export{file: file, data: data, roots: parseJSON(data)}
	isManifest := func(root *node) bool { return root.get("apiVersion") != nil || root.get("kind") != nil }
	if len(e.roots) == 0 || slices.ContainsFunc(e.roots, isManifest) {
		return export{}, false
	}
	for _, e.kind = range exportKinds() {
		if e.kind.has(e.roots[0]) {
			return e, true
		}
	}
	return export{}, false
}

func (e *export) reader() io.Reader { return bytes.NewReader(e.data) }

// name is that of the file. Exports of credentials and of single policies do not say
// whose they are.
func (e *export) name() string {
	base := filepath.Base(e.file)
	return strings.TrimSuffix(base, filepath.Ext(base))
}
