// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"strings"
	"unicode/utf8"
)

// longestName bounds what is taken for the name of a user; the server has no bound.
const longestName = 256

// wrongName says why a text is no name of a user that a line of ACL LIST can carry
// (ACLStringHasSpaces refuses blanks and NUL); empty if it is one.
func wrongName(name string) string {
	switch {
	case name == "":
		return "empty"
	case len(name) > longestName:
		return "longer than 256 bytes"
	case !utf8.ValidString(name):
		return "no UTF-8"
	case strings.ContainsAny(name, " \t\n\v\f\r\x00"):
		return "has blanks, which the server refuses"
	default:
		return ""
	}
}

// wrongPrefix says why a text is no prefix to confine a user to.
func wrongPrefix(prefix string) string {
	switch {
	case prefix == "":
		return "empty"
	case len(prefix) > longestPrefix:
		return "longer than 128 bytes"
	case !utf8.ValidString(prefix), strings.ContainsRune(prefix, utf8.RuneError):
		return "no UTF-8, or the character that stands for what was none"
	case strings.ContainsAny(prefix, " \t\n\v\f\r\x00"):
		return "has blanks, which the server refuses"
	case strings.ContainsAny(prefix, `*?[]\^`):
		return `has a character that means something else in a pattern: * ? [ ] ^ \`
	case !strings.HasSuffix(prefix, ":"):
		return "does not end in a colon: stag* would match stagprod:x too"
	case strings.Trim(prefix, ":") == "":
		return "is nothing but colons"
	default:
		return ""
	}
}
