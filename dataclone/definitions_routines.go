// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/dataclone/viewsql"
)

// routineObject is a routine as findings name it.
func routineObject(t TableRef) bulkhead.Ref {
	return bulkhead.Ref{Group: host, Kind: "Routine", Namespace: t.Project, Name: t.Dataset + "." + t.Table}
}

// routinesOf makes the definitions of the routines of a dataset that are selected.
func (d *draft) routinesOf(r rewriter, m Mapping, from *Dataset) []references {
	var out []references
	for i := range from.Routines {
		routine := &from.Routines[i]
		if !d.selected(routine.Ref) || d.skipsDefinitions(routine.Ref) {
			continue
		}
		def := &definition{
			object: routineObject(routine.Ref), field: "definitionBody",
			step: Step{Kind: CreateRoutine, Source: routine.Ref, SourceETag: routine.ETag, Destination: m.To.Table(routine.Ref.Table)},
		}
		found, made := d.rewriteRoutine(r, routine, def)
		if made {
			out = append(out, references{def, found})
		}
	}
	return out
}

// rewriteRoutine gives a definition its resource, and reports whether there is one to
// make.
func (d *draft) rewriteRoutine(r rewriter, routine *Routine, def *definition) ([]viewsql.Reference, bool) {
	var resource map[string]json.RawMessage
	var body string
	switch err := json.Unmarshal(routine.Resource, &resource); {
	case err != nil:
		d.refuse(def, EvidenceMissing, "read the catalog again", "has no resource in JSON in the catalog")
		return nil, true
	case routine.Connection || connects(routine.Resource) || routine.Language != "" && routine.Language != "SQL" && routine.Language != "JAVASCRIPT":
		d.skip(routine.Ref, "it calls a service through a connection of production")
		d.warn(RoutineConnection, def.object, "", "make one for staging, with a connection of its own",
			"runs outside of BigQuery, through a connection of production, and is left out")
		return nil, false
	case json.Unmarshal(resource["definitionBody"], &body) != nil:
		d.refuse(def, EvidenceMissing, "read the catalog again", "has no text in its resource")
		return nil, true
	}
	var found []viewsql.Reference
	if routine.Language == "JAVASCRIPT" {
		d.libraries(def, resource)
	} else {
		s := expression
		if routine.Type == "TABLE_VALUED_FUNCTION" || routine.Type == "PROCEDURE" {
			s = whole
		}
		body, found = d.rewrite(r, def, body, s)
	}
	for _, field := range []string{"etag", "creationTime", "lastModifiedTime"} {
		delete(resource, field) // they are the server's
	}
	resource["definitionBody"] = quoteJSON(body)
	resource["routineReference"] = quoteJSON(map[string]string{
		"projectId": def.step.Destination.Project, "datasetId": def.step.Destination.Dataset, "routineId": def.step.Destination.Table,
	})
	def.step.Resource = quoteJSON(resource)
	return found, true
}

// libraries replaces the files that a routine of JavaScript loads, as the request says
// for URIs.
func (d *draft) libraries(def *definition, resource map[string]json.RawMessage) {
	var libraries []string
	if raw := resource["importedLibraries"]; raw == nil || json.Unmarshal(raw, &libraries) != nil {
		return
	}
	for i, uri := range libraries {
		if to, ok := d.request.Definitions.URIs[uri]; ok {
			libraries[i] = to
			continue
		}
		d.warn(RoutineLibrary, def.object, fmt.Sprintf("importedLibraries[%d]", i), "map the URI by Definitions.URIs",
			"is loaded from %s, so staging runs what production puts there", abridged(uri))
	}
	resource["importedLibraries"] = quoteJSON(libraries)
}

// connects reports whether a resource names a connection anywhere.
func connects(resource []byte) bool {
	var value any
	if json.Unmarshal(resource, &value) != nil {
		return true
	}
	return anywhere(value, func(key string, value any) bool {
		text, isText := value.(string)
		return strings.Contains(strings.ToLower(key), "connection") && (!isText || text != "")
	})
}

// anywhere reports whether f holds for a key of a JSON object in value, and what it
// has. The depth is bounded by that of the decoder.
func anywhere(value any, f func(key string, value any) bool) bool {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if f(key, inner) || anywhere(inner, f) {
				return true
			}
		}
	case []any:
		for _, inner := range v {
			if anywhere(inner, f) {
				return true
			}
		}
	}
	return false
}

// quoteJSON writes what is plain data.
func quoteJSON(value any) json.RawMessage {
	out, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("dataclone: a resource that is not plain data: %v", err))
	}
	return out
}
