// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"maps"
	"path"
	"strings"
	"time"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/aws"
	"github.com/watertight-go/watertight/identity/azure"
	"github.com/watertight-go/watertight/identity/gcp"
	"github.com/watertight-go/watertight/identity/gcp/condition"
	gcpexport "github.com/watertight-go/watertight/identity/gcp/export"
)

// placed are findings with their places.
type placed map[bulkhead.Finding]manifest.Position

// place notes the lines of findings, of which each has its field below a value.
func (e *export) place(findings bulkhead.Findings, below func(bulkhead.Finding) (*node, string)) placed {
	out := make(placed)
	for _, f := range findings {
		at := manifest.Position{File: e.file, Line: e.roots[0].line}
		if root, field := below(f); root != nil {
			at.Line = root.lineOf(field)
		}
		out[f] = at
	}
	return out
}

func (e *export) roles() (placed, error) {
	roles, err := aws.ReadRoles(e.file, e.reader())
	type name struct{ account, role string }
	nodes := make(map[name]*node)
	for _, root := range e.roots {
		for _, key := range roleKeys() {
			if list := root.get(key); list != nil {
				for _, role := range list.elements() {
					if arn := strings.SplitN(role.textOf("Arn"), ":", 6); len(arn) == 6 {
						nodes[name{arn[4], path.Base(arn[5])}] = role
					}
				}
			}
		}
	}
	return e.place(aws.Lint(roles), func(f bulkhead.Finding) (*node, string) {
		return nodes[name{f.Object.Namespace, f.Object.Name}], f.Field
	}), err
}

// associations have no rules: they are evidence for a proof about roles.
func (e *export) associations() (placed, error) {
	_, err := aws.ReadAssociations(e.file, e.reader())
	return nil, err
}

func (e *export) credentials() (placed, error) {
	id, err := azure.ReadIdentity(e.file, e.name(), e.reader())
	nodes := make(map[string]*node) // by the field that findings have
	for _, root := range e.roots {
		if value := root.get("value"); value != nil {
			root = value
		}
		for _, credential := range root.elements() {
			nodes["federatedIdentityCredentials["+credential.textOf("name")+"]"] = credential
		}
	}
	return e.place(azure.Lint([]azure.Identity{id}), func(f bulkhead.Finding) (*node, string) { return nodes[f.Field], "" }), err
}

// policies judges each policy by itself: nothing says that the search was complete.
func (e *export) policies() (placed, error) {
	resources, err := gcpexport.Policies(e.file, e.reader())
	nodes := make(map[string]*node)
	for _, root := range e.roots {
		for _, found := range root.elements() {
			nodes[found.textOf("resource")] = found.get("policy")
		}
	}
	out := make(placed)
	conditions := condition.New(time.Now())
	for _, resource := range resources {
		evidence := gcp.Evidence{Resources: []gcp.Resource{resource}, Conditions: conditions}
		findings, wrong := evidence.Lint(nil)
		err = errors.Join(err, wrong)
		maps.Copy(out, e.place(findings, func(f bulkhead.Finding) (*node, string) { return nodes[resource.Name], f.Field }))
	}
	return out, err
}

func (e *export) policy() (placed, error) {
	policy, err := gcpexport.Policy(e.file, e.reader())
	if policy == nil {
		return nil, err
	}
	of := bulkhead.Ref{Group: "iam.googleapis.com", Kind: "Policy", Name: e.name()}
	findings := condition.New(time.Now()).Lint(of, *policy)
	return e.place(findings, func(f bulkhead.Finding) (*node, string) { return e.roots[0], f.Field }), err
}

// judgeExports returns the findings about exports, and a row for each part of them that
// cannot be read.
func judgeExports(exports []export) (found placed, unread []located) {
	found = make(placed)
	for _, e := range exports {
		of, err := e.kind.judge(&e)
		maps.Copy(found, of)
		unread = append(unread, e.wrong(err)...)
	}
	return found, unread
}

// wrong returns a row for each error of a reader.
func (e *export) wrong(err error) []located {
	var place string
	var document *identity.DocumentError
	var google *gcpexport.Error
	joined, isJoined := err.(interface{ Unwrap() []error })
	switch {
	case err == nil:
		return nil
	case isJoined:
		var out []located
		for _, part := range joined.Unwrap() {
			out = append(out, e.wrong(part)...)
		}
		return out
	case errors.As(err, &document):
		place, err = strings.TrimSpace(document.Place), document.Err
	case errors.As(err, &google):
		place, err = google.Place, errors.New(google.Reason)
	}
	finding := bulkhead.Finding{Rule: manifest.Unreadable, Severity: bulkhead.Error, Field: place, Message: "a part of the export is not read: " + err.Error()}
	return []located{newRow(finding, manifest.Position{File: e.file, Line: e.roots[0].lineOf(place)})}
}
