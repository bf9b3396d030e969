// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
	"github.com/watertight-go/watertight/identity/secrets/internal/layers"
)

// A leak is something of production in an object: the place, and what it is.
type leak struct {
	rule, fix string
	path      []bulkhead.Hop
}

// leaks judges all that an object holds, as programs of a namespace read it.
func (c *check) leaks(obj bulkhead.Object, namespace string) []leak {
	reads := addressed(obj)
	var shared reappearances
	addresses := make(map[int]string) // by place
	h := hold(obj, c.budget, nil, func(place int, t layers.Text) {
		shared.look(c.vault, place, t)
		if reads && !t.Part && addresses[place] == "" && t.Key != "image" { // the same image is what staging is for
			addresses[place] = c.address(t.Text, namespace)
		}
	})
	out := c.shared(h, shared)
	judged := make(map[int]bool)
	for _, found := range h.credentials {
		if l, ok := c.credentialIn(h, found, namespace); ok {
			out, judged[found.place] = append(out, l), true
		}
	}
	for place, why := range addresses {
		if why != "" && !judged[place] {
			out = append(out, leak{ProductionAddress, "name staging's own", []bulkhead.Hop{{Object: h.ref, Field: h.places[place].field, Text: "leads to production: " + why}}})
		}
	}
	for _, field := range h.unread {
		c.miss("%s is too large or too deeply packed to be taken apart, so that it is not known what it holds", spot(h.ref, field))
	}
	return out
}

// A reappearance is a value of production in a place of an object of staging.
type reappearance struct{ place, source int }

// reappearances are those of one object: of secrets, and of what may be settings.
type reappearances struct{ secrets, settings map[reappearance]bool }

func (r *reappearances) look(v *vault, place int, t layers.Text) {
	if r.secrets == nil {
		r.secrets, r.settings = make(map[reappearance]bool), make(map[reappearance]bool)
	}
	if source, ok := v.set.Whole(t.Text); ok {
		r.secrets[reappearance{place, source}] = true
	} else if source, ok := v.settings.Whole(t.Text); ok {
		r.settings[reappearance{place, source}] = true
	}
	if t.Part {
		return // which a text before it held too
	}
	for _, source := range v.set.Within(t.Text) {
		r.secrets[reappearance{place, source}] = true
	}
}

// shared returns the values that an object has in common with production.
func (c *check) shared(h holdings, r reappearances) []leak {
	var out []leak
	for at := range r.secrets {
		from := c.vault.sources[at.source]
		path := []bulkhead.Hop{{Object: h.ref, Field: h.places[at.place].field, Text: "holds a value of production"}}
		if from.ref != h.ref {
			path = append(path, bulkhead.Hop{Object: from.ref, Field: from.field, Text: "holds the same value"})
		}
		out = append(out, leak{ProductionValue, "take the value out, and give staging one of its own; production's is known now, so change it there too", path})
	}
	if slices.Contains(c.b.Vetted, h.ref) {
		return out
	}
	for at := range r.settings {
		if from := c.vault.sources[at.source]; from.ref != h.ref {
			c.miss("whether what %s and %s have in common is a secret: it looks like a setting", spot(h.ref, h.places[at.place].field), spot(from.ref, from.field))
		}
	}
	return out
}

// credentialIn judges a credential.
func (c *check) credentialIn(h holdings, found held, namespace string) (leak, bool) {
	w, why := c.credential(found.Credential, namespace)
	at := bulkhead.Hop{Object: h.ref, Field: h.places[found.place].field}
	switch {
	case w == protected && found.Kind == credential.Address:
		at.Text = "is a connection string to production: " + why
		return leak{ProductionAddress, "name staging's own", []bulkhead.Hop{at}}, true
	case w == protected:
		at.Text = "holds " + found.Kind.String() + ": " + why
		return leak{ProductionCredential, "take it out and revoke it; give staging a credential of its own", []bulkhead.Hop{at}}, true
	case w == unknown && !slices.Contains(c.b.Vetted, h.ref):
		c.miss("%s holds %s, and it is not known %s", spot(h.ref, at.Field), found.Kind, why)
	}
	return leak{}, false
}
