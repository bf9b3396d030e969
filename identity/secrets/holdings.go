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

// maxPaired is the length of the longest text that is kept whole until the object's other
// texts are known.
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
	all, complete := places(obj)
	if skip != nil {
		all = slices.DeleteFunc(all, func(p place) bool { return skip(p.field) })
	}
	s := search{holdings: holdings{object: obj, ref: bulkhead.RefTo(obj), places: all}, known: make(map[string]bool), seen: seen}
	if !complete {
		s.unread = append(s.unread, "")
	}
	for i, p := range all {
		s.at, s.full = i, false
		visitor := layers.Visitor{Text: s.text, Document: func(doc any) { s.add(i, credential.InDocument(doc)...) }}
		if !layers.Walk(p.key, p.text, visitor, budget) || s.full {
			s.unread = append(s.unread, p.field)
		}
	}
	s.together()
	return s.holdings
}

// A search is an object on its way to what it holds.
type search struct {
	holdings

	at   int  // the place that is looked at
	full bool // there is more in it than is taken
	seen func(place int, t layers.Text)

	known   map[string]bool // credentials found, by identityOf
	keys    credential.Keys
	keysAt  []int
	entries []credential.Entry
	entryAt []int
}

func (s *search) add(at int, found ...credential.Credential) {
	for _, c := range found {
		id := identityOf(at, c)
		switch {
		case s.known[id]:
		case len(s.credentials) >= maxHeld:
			s.full = true
		default:
			s.known[id] = true
			s.credentials = append(s.credentials, held{c, at})
		}
	}
}

// text takes what a text holds by itself, and keeps what may be half of something.
func (s *search) text(t layers.Text) {
	if !t.JSON && !t.Binary {
		found := credential.Connections(t.Text)
		if !t.Part {
			found = append(found, credential.Words(t.Text)...)
			n, complete := s.keys.Add(t.Text)
			for len(s.keysAt) < n {
				s.keysAt = append(s.keysAt, s.at)
			}
			s.full = s.full || !complete
		}
		s.add(s.at, found...)
		s.full = s.full || len(found) >= credential.MaxFound
	}
	s.pairs(t)
	if s.seen != nil {
		s.seen(s.at, t)
	}
}

// pairs keeps what may be half of a pair: short texts as they are, and of long ones what
// has the form of a half.
func (s *search) pairs(t layers.Text) {
	keep := func(text string) {
		s.entries, s.entryAt = append(s.entries, credential.Entry{Key: t.Key, Text: text}), append(s.entryAt, s.at)
	}
	switch {
	case t.Binary:
	case len(t.Text) <= maxPaired:
		keep(t.Text)
	default:
		for _, half := range credential.Halves(t.Text) {
			keep(half)
		}
	}
}

// together adds what only several texts of the object make: pairs, and private keys with
// their certificates.
func (s *search) together() {
	pairs, at := credential.InEntries(s.entries)
	for i, c := range pairs {
		s.add(s.entryAt[at[i]], c)
	}
	for i, c := range s.keys.Found() {
		if !s.insideGoogleKey(s.keysAt[i], c) {
			s.add(s.keysAt[i], c)
		}
	}
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

// letters leaves the blanks and line breaks of a text out, in any spelling.
func letters(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(strings.ReplaceAll(text, `\n`, " ")), ""), `\`, "")
}

// identityOf tells credentials of one place apart.
func identityOf(at int, c credential.Credential) string {
	secrets := make([]string, len(c.Secret))
	for i, s := range c.Secret {
		secrets[i] = letters(s)
	}
	return fmt.Sprintf("%d %d %v %q", at, c.Kind, c.About, secrets)
}
