// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
	"github.com/watertight-go/watertight/identity/secrets/internal/layers"
)

// object judges all that an object of staging holds.
func (c *check) object(obj bulkhead.Object) {
	reads := addressed(obj)
	var shared reappearances
	addresses := make(map[int]string) // by place
	h := hold(obj, c.budget, nil, func(place int, t layers.Text) {
		shared.look(c.vault, place, t.Text)
		if reads && addresses[place] == "" && t.Key != "image" { // the same image is what staging is for
			addresses[place] = c.address(t.Text, home(obj))
		}
	})
	c.shared(h, shared)
	judged := make(map[int]bool)
	for _, found := range h.credentials {
		judged[found.place] = c.credentialIn(h, found) || judged[found.place]
	}
	for place, why := range addresses {
		if why != "" && !judged[place] {
			c.breach(ProductionAddress, "name staging's own", bulkhead.Hop{Object: h.ref, Field: h.places[place].field, Text: "leads to production: " + why})
		}
	}
	for _, field := range h.unread {
		c.miss("%s is too large or too deeply packed to be taken apart, so that it is not known what it holds", spot(h.ref, field))
	}
}

// A reappearance is a value of production in a place of an object of staging.
type reappearance struct{ place, source int }

// reappearances are those of one object: of secrets, and of what may be settings.
type reappearances struct{ secrets, settings map[reappearance]bool }

func (r *reappearances) look(v *vault, place int, text string) {
	if r.secrets == nil {
		r.secrets, r.settings = make(map[reappearance]bool), make(map[reappearance]bool)
	}
	if source, ok := v.set.Whole(text); ok {
		r.secrets[reappearance{place, source}] = true
	} else if source, ok := v.settings.Whole(text); ok {
		r.settings[reappearance{place, source}] = true
	}
	for _, source := range v.set.Within(text) {
		r.secrets[reappearance{place, source}] = true
	}
}

// shared reports the values that an object has in common with production.
func (c *check) shared(h holdings, r reappearances) {
	for at := range r.secrets {
		from := c.vault.sources[at.source]
		c.breach(ProductionValue, "take the value out, and give staging one of its own; production's is known now, so change it there too",
			bulkhead.Hop{Object: h.ref, Field: h.places[at.place].field, Text: "holds a value of production"},
			bulkhead.Hop{Object: from.ref, Field: from.field, Text: "holds the same value"})
	}
	if slices.Contains(c.b.Vetted, h.ref) {
		return
	}
	for at := range r.settings {
		from := c.vault.sources[at.source]
		c.miss("whether what %s and %s have in common is a secret: it looks like a setting", spot(h.ref, h.places[at.place].field), spot(from.ref, from.field))
	}
}

// credentialIn judges a credential and reports whether it is a breach.
func (c *check) credentialIn(h holdings, found held) bool {
	w, why := c.credential(found.Credential, home(h.object))
	field := h.places[found.place].field
	switch {
	case w == protected && found.Kind == credential.Address:
		c.breach(ProductionAddress, "name staging's own", bulkhead.Hop{Object: h.ref, Field: field, Text: "is a connection string to production: " + why})
		return true
	case w == protected:
		c.breach(ProductionCredential, "take it out and revoke it; give staging a credential of its own",
			bulkhead.Hop{Object: h.ref, Field: field, Text: "holds " + found.Kind.String() + ": " + why})
		return true
	case w == unknown && !slices.Contains(c.b.Vetted, h.ref):
		c.miss("%s holds %s, and it is not known %s", spot(h.ref, field), found.Kind, why)
	}
	return false
}
