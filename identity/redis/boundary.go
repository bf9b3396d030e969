// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/watertight-go/watertight/bulkhead"
)

// A Boundary is what of a server is staging's, and what is production's.
type Boundary struct {
	From, Away Side
	// Rest makes production's every key and channel that is not below a prefix of From,
	// beside what Away names: for a production whose keys have no common prefix.
	Rest bool
	// Databases are the logical databases that production's keys are in; empty means
	// that they may be in any. Only Valkey 9.1 and later keep a user to databases.
	Databases []int
}

// A Side is staging or production.
type Side struct {
	// Users are names of users. Of production they may be left out: whoever holds
	// production's data is found by what it may do. A name that no user of the snapshot has
	// makes the proof Undetermined.
	Users []string
	// Prefixes are what the names of keys and of channels begin with, literally.
	Prefixes []string
}

// What a prefix and a pattern may be long, in bytes, so that a hostile snapshot takes
// bounded time.
const (
	longestPrefix  = 128
	longestPattern = 256
	longestRule    = 512
)

// check returns a [*bulkhead.InvalidError] about a boundary over which nothing can be
// proved.
func (b Boundary) check() error {
	from, away := field.NewPath("from"), field.NewPath("away")
	var errs field.ErrorList
	if len(b.From.Users) == 0 {
		errs = append(errs, field.Required(from.Child("users"), "no user; nothing would be proved"))
	}
	if len(b.Away.Prefixes) == 0 && !b.Rest {
		errs = append(errs, field.Required(away.Child("prefixes"), "no prefix; nothing would be proved. Rest means everything that is not staging's"))
	}
	if len(b.From.Prefixes) == 0 && b.Rest {
		errs = append(errs, field.Required(from.Child("prefixes"), "no prefix, and everything that is not staging's is production's"))
	}
	errs = append(errs, b.From.judge(from)...)
	errs = append(errs, b.Away.judge(away)...)
	for i, user := range b.Away.Users {
		if slices.Contains(b.From.Users, user) {
			errs = append(errs, field.Invalid(away.Child("users").Index(i), user, "is a user of staging too"))
		}
	}
	for i, prefix := range b.Away.Prefixes {
		for _, own := range b.From.Prefixes {
			if prefix != "" && own != "" && (strings.HasPrefix(prefix, own) || strings.HasPrefix(own, prefix)) {
				errs = append(errs, field.Invalid(away.Child("prefixes").Index(i), prefix, "overlaps with staging's "+own))
			}
		}
	}
	for i, db := range b.Databases {
		if db < 0 {
			errs = append(errs, field.Invalid(field.NewPath("databases").Index(i), db, "databases are numbered from 0"))
		}
	}
	if len(errs) > 0 {
		return &bulkhead.InvalidError{Object: ref("Boundary", ""), Errs: errs}
	}
	return nil
}

func (s Side) judge(at *field.Path) field.ErrorList {
	var errs field.ErrorList
	for i, user := range s.Users {
		if wrong := wrongName(user); wrong != "" {
			errs = append(errs, field.Invalid(at.Child("users").Index(i), user, wrong))
		}
	}
	for i, prefix := range s.Prefixes {
		place := at.Child("prefixes").Index(i)
		switch {
		case prefix == "":
			errs = append(errs, field.Required(place, "every key begins with the empty prefix"))
		case len(prefix) > longestPrefix:
			errs = append(errs, field.TooLong(place, prefix, longestPrefix))
		}
	}
	return errs
}

// host is the group of everything on a server of Redis or Valkey.
const host = "redis.io"

func userRef(name string) bulkhead.Ref    { return ref("User", name) }
func commandRef(name string) bulkhead.Ref { return ref("Command", name) }
func configRef(name string) bulkhead.Ref  { return ref("Config", name) }

func ref(kind, name string) bulkhead.Ref { return bulkhead.Ref{Group: host, Kind: kind, Name: name} }
