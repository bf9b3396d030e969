// SPDX-License-Identifier: Apache-2.0

package dataclone

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// externalTables adds a step for each external table of which the request says where
// staging's files are, and leaves out the others: they read production's files.
func (d *draft) externalTables() {
	for _, m := range d.mappings {
		from := d.datasets[m.From]
		if from == nil {
			continue
		}
		for i := range from.Tables {
			t := &from.Tables[i]
			if t.Type == ExternalTable && d.selected(t.Ref) {
				d.externalTable(m, t)
			}
		}
	}
}

func (d *draft) externalTable(m Mapping, t *Table) {
	field, why := "externalDataConfiguration.sourceUris", ""
	uris := d.request.Definitions.URIs
	mapped := len(t.URIs) > 0 && !slices.ContainsFunc(t.URIs, func(uri string) bool { _, ok := uris[uri]; return !ok })
	var resource struct {
		Configuration any             `json:"externalDataConfiguration"`
		Schema        json.RawMessage `json:"schema"`
		Description   string          `json:"description"`
	}
	switch {
	case !mapped:
		why = "it reads files of production"
	case json.Unmarshal(t.Resource, &resource) != nil || resource.Configuration == nil:
		d.fail(EvidenceMissing, t.Ref.object(), field, "read the catalog again", "has no resource in JSON in the catalog, so it cannot be made again")
		return
	case connects(quoteJSON(resource.Configuration)):
		field, why = "externalDataConfiguration.connectionId", "it reads through a connection of production"
	default:
		var unmapped string
		resource.Configuration, unmapped = moveURIs(resource.Configuration, uris)
		if unmapped != "" {
			why = fmt.Sprintf("it names %s, which Definitions.URIs does not map", abridged(unmapped))
		}
	}
	if why != "" {
		d.skip(t.Ref, why)
		d.warn(ExternalTableSkipped, t.Ref.object(), field, "map all of its URIs by Definitions.URIs", "is left out: %s", why)
		return
	}
	destination := m.To.Table(t.Ref.Table)
	out := map[string]any{
		"tableReference":            map[string]string{"projectId": destination.Project, "datasetId": destination.Dataset, "tableId": destination.Table},
		"externalDataConfiguration": resource.Configuration,
	}
	if resource.Schema != nil {
		out["schema"] = resource.Schema
	}
	if resource.Description != "" {
		out["description"] = resource.Description
	}
	d.steps = append(d.steps, Step{Kind: CreateExternal, Source: t.Ref, Destination: destination, Resource: quoteJSON(out)})
}

// moveURIs replaces the URIs in a configuration, wherever they are: as sources, as the
// prefix of partitions, as the file with the schema. It returns one that is not mapped,
// if there is one, the first in their order.
func moveURIs(value any, uris map[string]string) (moved any, unmapped string) {
	note := func(uri string) {
		if uri != "" && (unmapped == "" || uri < unmapped) {
			unmapped = uri
		}
	}
	switch v := value.(type) {
	case string:
		to, ok := uris[v]
		switch {
		case ok:
			return to, ""
		case strings.Contains(v, "://"):
			return v, v
		}
	case map[string]any:
		for key, inner := range v {
			var bad string
			v[key], bad = moveURIs(inner, uris)
			note(bad)
		}
	case []any:
		for i, inner := range v {
			var bad string
			v[i], bad = moveURIs(inner, uris)
			note(bad)
		}
	}
	return value, unmapped
}
