// SPDX-License-Identifier: Apache-2.0

package postgres

import "fmt"

func (c *checker) database(at string, d Database) {
	c.role(at+".owner", d.Owner)
	c.grants(at+".grants", d.Grants)
	if d.Contents == nil {
		return
	}
	at += ".contents"
	for place, missing := range map[string]bool{
		"schemas": d.Contents.Schemas == nil, "relations": d.Contents.Relations == nil, "functions": d.Contents.Functions == nil,
		"largeObjects": d.Contents.LargeObjects == nil, "defaultPrivileges": d.Contents.DefaultPrivileges == nil,
		"foreignServers": d.Contents.ForeignServers == nil, "eventTriggers": d.Contents.EventTriggers == nil,
	} {
		c.list(at+"."+place, missing)
	}
	schemas := make(map[string]bool)
	for i, s := range d.Contents.Schemas {
		at := fmt.Sprintf("%s.schemas[%d]", at, i)
		c.unique(schemas, at+".name", s.Name)
		c.role(at+".owner", s.Owner)
		c.grants(at+".grants", s.Grants)
	}
	c.relations(at, d.Contents, schemas)
	c.functions(at, d.Contents, schemas)
	c.rest(at, d.Contents)
}

// schema accepts the system's too, whose objects are listed in part.
func (c *checker) schema(place string, schemas map[string]bool, name string) {
	if !schemas[name] && name != system {
		c.fail(place, "%q is none of the schemas", name)
	}
}

func (c *checker) relations(at string, contents *Contents, schemas map[string]bool) {
	names := make(map[string]bool)
	for i, r := range contents.Relations {
		at := fmt.Sprintf("%s.relations[%d]", at, i)
		c.schema(at+".schema", schemas, r.Schema)
		c.name(at+".name", r.Name)
		if names[key(r.Schema, r.Name)] {
			c.fail(at+".name", "%q is there twice", r.Name)
		}
		names[key(r.Schema, r.Name)] = true
		switch r.Kind {
		case Table, View, MaterializedView, ForeignTable, Sequence:
		default:
			c.fail(at+".kind", "%q is no kind of a relation", r.Kind)
		}
		c.role(at+".owner", r.Owner)
		c.grants(at+".grants", r.Grants)
		for j, column := range r.Columns {
			at := fmt.Sprintf("%s.columns[%d]", at, j)
			c.name(at+".name", column.Name)
			c.grants(at+".grants", column.Grants)
		}
	}
}

func (c *checker) functions(at string, contents *Contents, schemas map[string]bool) {
	signatures := make(map[string]bool)
	for i, f := range contents.Functions {
		at := fmt.Sprintf("%s.functions[%d]", at, i)
		c.schema(at+".schema", schemas, f.Schema)
		c.name(at+".name", f.Name)
		for j, t := range f.Arguments {
			c.name(fmt.Sprintf("%s.arguments[%d].name", at, j), t.Name)
			c.name(fmt.Sprintf("%s.arguments[%d].schema", at, j), t.Schema)
		}
		if signatures[f.quoted()] {
			c.fail(at, "%s is there twice", f.Signature)
		}
		signatures[f.quoted()] = true
		c.role(at+".owner", f.Owner)
		c.grants(at+".grants", f.Grants)
	}
}

func (c *checker) rest(at string, contents *Contents) {
	for i, l := range contents.LargeObjects {
		at := fmt.Sprintf("%s.largeObjects[%d]", at, i)
		c.role(at+".owner", l.Owner)
		c.grants(at+".grants", l.Grants)
		if len(l.OIDs) == 0 || l.Count < len(l.OIDs) {
			c.fail(at+".oids", "%d of %d objects", len(l.OIDs), l.Count)
		}
	}
	for i, d := range contents.DefaultPrivileges {
		at := fmt.Sprintf("%s.defaultPrivileges[%d]", at, i)
		c.role(at+".role", d.Role)
		c.grants(at+".grants", d.Grants)
		if d.Objects == "" {
			c.fail(at+".objects", "a kind of objects is needed")
		}
	}
	events := make(map[string]bool)
	for i, e := range contents.EventTriggers {
		c.unique(events, fmt.Sprintf("%s.eventTriggers[%d].name", at, i), e.Name)
	}
	servers := make(map[string]bool)
	for i, s := range contents.ForeignServers {
		at := fmt.Sprintf("%s.foreignServers[%d]", at, i)
		c.unique(servers, at+".name", s.Name)
		c.role(at+".owner", s.Owner)
		c.grants(at+".grants", s.Grants)
		c.list(at+".mappings", s.Mappings == nil)
		for j, m := range s.Mappings {
			if m.Role != Public {
				c.role(fmt.Sprintf("%s.mappings[%d].role", at, j), m.Role)
			}
		}
	}
}
