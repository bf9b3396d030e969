// SPDX-License-Identifier: Apache-2.0

package credential

import "strings"

// filledIn reports whether a text is a place that something else fills in: $(NAME) of
// Kubernetes, ${NAME} and $NAME of shells, {{ .name }} and #{name} of templates, %NAME% of Windows, {name}
// of Python, references of vals and of the Vault webhook, and what documentation writes:
// <name>, YOUR_PASSWORD, CHANGEME, asterisks.
func filledIn(text string) bool {
	for _, mark := range []string{"$(", "${", "{{", "#{", "%("} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	for _, begin := range []string{"<", "ref+", "vault:", "op://", "ENC["} {
		if strings.HasPrefix(text, begin) {
			return true
		}
	}
	if rest, ok := strings.CutPrefix(text, "$"); ok && only(rest, upperName, 1, maxName) {
		return true
	}
	for _, around := range []string{"%%", "{}", "[]", "@@"} {
		inner, ok := strings.CutPrefix(text, around[:1])
		if inner, closed := strings.CutSuffix(inner, around[1:]); ok && closed && (only(inner, wordCharacter, 1, maxName) || inner == "" && around == "{}") {
			return true
		}
	}
	return text == "%s" || strings.Trim(text, "*xX.") == "" || fillMe(text)
}

// fillMe reports whether a text asks its reader to put another in its place.
func fillMe(text string) bool {
	name := normal(text)
	switch name {
	case "changeme", "replaceme", "fillmein", "redacted", "placeholder", "todo":
		return true
	}
	return len(name) <= maxName && (strings.HasPrefix(name, "your") && text != name || strings.HasPrefix(text, "__") && strings.HasSuffix(text, "__"))
}

func upperName(c byte) bool { return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' }
