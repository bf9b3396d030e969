// SPDX-License-Identifier: Apache-2.0

package secrets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/identity/secrets/internal/credential"
	"github.com/watertight-go/watertight/identity/secrets/internal/layers"
)

// maxUnpacked bounds what one check unpacks, over all objects, beyond their own bytes.
const maxUnpacked = 1 << 30

// maxHeld is how many credentials one object may hold.
const maxHeld = 20_000

// maxPaired is the length of the longest text that may be half of a pair.
const maxPaired = 4096

// A held is a credential in an object, and the place where its secret part stands.
type held struct {
	credential.Credential

	place int // index into the places of the object
}

// holdings are what an object holds.
type holdings struct {
	object      bulkhead.Object
	ref         bulkhead.Ref
	places      []place
	credentials []held
	// unread are the fields that were too large or too deep to be taken apart.
	unread []string
}

// hold takes an object apart, but for the fields that skip names. Seen is shown every text
// on the way, with the index of its place. Both may be nil.
func hold(obj bulkhead.Object, budget *layers.Budget, skip func(field string) bool, seen func(place int, t layers.Text)) holdings {
	h := holdings{object: obj, ref: bulkhead.RefTo(obj)}
	all, complete := places(obj)
	if skip != nil {
		all = slices.DeleteFunc(all, func(p place) bool { return skip(p.field) })
	}
	h.places = all
	if !complete {
		h.unread = append(h.unread, "")
	}
	var (
		keys    credential.Keys
		keysAt  []int
		entries []credential.Entry
		entryAt []int
		known   = make(map[string]bool)
	)
	full := make(map[int]bool) // places of which not all was taken
	add := func(at int, found ...credential.Credential) {
		for _, c := range found {
			id := identityOf(at, c)
			switch {
			case known[id]:
			case len(h.credentials) >= maxHeld:
				full[at] = true
			default:
				known[id] = true
				h.credentials = append(h.credentials, held{c, at})
			}
		}
	}
	for i, p := range h.places {
		visitor := layers.Visitor{
			Text: func(t layers.Text) {
				if !t.JSON && !t.Binary {
					found := credential.InText(t.Text)
					add(i, found...)
					n, complete := keys.Add(t.Text)
					for len(keysAt) < n {
						keysAt = append(keysAt, i)
					}
					full[i] = full[i] || !complete || len(found) >= credential.MaxFound
				}
				if len(t.Text) <= maxPaired && !t.Binary {
					entries, entryAt = append(entries, credential.Entry{Key: t.Key, Text: t.Text}), append(entryAt, i)
				}
				if seen != nil {
					seen(i, t)
				}
			},
			Document: func(doc any) { add(i, credential.InDocument(doc)...) },
		}
		if !layers.Walk(p.key, p.text, visitor, budget) || full[i] {
			h.unread = append(h.unread, p.field)
		}
	}
	pairs, at := credential.InEntries(entries)
	for i, c := range pairs {
		add(entryAt[at[i]], c)
	}
	for i, c := range keys.Found() {
		if !h.insideGoogleKey(keysAt[i], c) {
			add(keysAt[i], c)
		}
	}
	return h
}

// insideGoogleKey reports whether a private key is that of a key of a Google service
// account, which says better whose it is.
func (h *holdings) insideGoogleKey(at int, key credential.Credential) bool {
	for _, c := range h.credentials {
		if c.Kind == credential.GoogleKey && c.place == at && letters(c.Secret[0]) == letters(key.Secret[0]) {
			return true
		}
	}
	return false
}

// letters leaves the blanks and line breaks of a text out, in either spelling.
func letters(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, `\n`, " ")), "")
}

// identityOf tells credentials of one place apart.
func identityOf(at int, c credential.Credential) string {
	secrets := make([]string, len(c.Secret))
	for i, s := range c.Secret {
		secrets[i] = letters(s)
	}
	return fmt.Sprintf("%d %d %v %q", at, c.Kind, c.About, secrets)
}
