// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"slices"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Boundary is what is asked about.
type Boundary struct {
	// From are the users of staging. All accounts of such a name are staging's, from
	// whatever host: the server gives what one of them was granted to the others too.
	From []string
	// Away is production's side.
	Away Side
}

// A Side is what belongs to somebody on a server.
type Side struct {
	Databases []string
	Users     []string // as in Boundary.From
}

// judge returns what is wrong with the question. An empty side is a mistake: nothing
// crosses from or to nothing.
func (b Boundary) judge(s *Snapshot) error {
	errs := s.judge()
	from := field.NewPath("from")
	if len(b.From) == 0 {
		errs = append(errs, field.Required(from, "no user"))
	}
	errs = append(errs, judgeNames(b.From, from, longestUser(s.Server))...)
	away := field.NewPath("away")
	if len(b.Away.Databases)+len(b.Away.Users) == 0 {
		errs = append(errs, field.Required(away, "neither a database nor a user"))
	}
	errs = append(errs, judgeNames(b.Away.Users, away.Child("users"), longestUser(s.Server))...)
	errs = append(errs, judgeNames(b.Away.Databases, away.Child("databases"), longestName)...)
	for i, user := range b.Away.Users {
		if slices.Contains(b.From, user) {
			errs = append(errs, field.Invalid(away.Child("users").Index(i), user, "is on both sides"))
		}
	}
	return invalid("Boundary", errs)
}

// judge returns what keeps any question about a snapshot from being answered.
func (s *Snapshot) judge() field.ErrorList {
	var errs field.ErrorList
	if s.Kind != SnapshotKind {
		errs = append(errs, field.NotSupported(field.NewPath("snapshot", "kind"), s.Kind, []string{SnapshotKind}))
	}
	if s.Server.Product != MySQL && s.Server.Product != MariaDB {
		errs = append(errs, field.NotSupported(field.NewPath("snapshot", "server", "product"), s.Server.Product, []string{MySQL, MariaDB}))
	}
	return errs
}

// longestName is how many characters a database may have (MySQL 9.7 Reference Manual,
// "Identifier Length Limits").
const longestName = 64

// longestUser is how many characters a user may have: the width of mysql.user.User in
// MySQL 9.7 and of mysql.global_priv.User in MariaDB 10.11.
func longestUser(s Server) int {
	if s.Product == MariaDB {
		return 128
	}
	return 32
}

func judgeNames(names []string, at *field.Path, longest int) field.ErrorList {
	var errs field.ErrorList
	for i, name := range names {
		errs = append(errs, judgeName(name, at.Index(i), longest)...)
	}
	return errs
}

// judgeName refuses what no server takes as a name: nothing, too much, characters beyond
// the basic plane, NUL, and blanks at the end (MySQL 9.7 Reference Manual, "Schema Object
// Names").
func judgeName(name string, at *field.Path, longest int) field.ErrorList {
	switch n := utf8.RuneCountInString(name); {
	case name == "":
		return field.ErrorList{field.Required(at, "a name")}
	case !utf8.ValidString(name):
		return field.ErrorList{field.Invalid(at, name, "no text in UTF-8")}
	case n > longest:
		return field.ErrorList{field.TooLongCharacters(at, name, longest)}
	case name[len(name)-1] == ' ':
		return field.ErrorList{field.Invalid(at, name, "ends with a blank")}
	}
	for _, r := range name {
		if r < ' ' || r == 0x7f || r > 0xffff {
			return field.ErrorList{field.Invalid(at, name, "has a character that no name may have")}
		}
	}
	return nil
}
