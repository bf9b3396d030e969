// SPDX-License-Identifier: Apache-2.0

package credential

import "strings"

// ofKeywords reads a connection string of keywords: "host=x user=y password=z" of libpq
// ("Connection Strings", keyword/value), or "Server=x;User Id=y;Password=z" of ADO.NET
// and ODBC. It takes a host and another known keyword, or the text is something else.
func ofKeywords(text string) (Credential, bool) {
	if !strings.Contains(text, "=") || strings.Contains(text, "\n") {
		return Credential{}, false
	}
	split := libpqPairs
	if strings.Contains(text, ";") {
		split = adoPairs
	}
	var c connection
	known := 0
	for _, pair := range split(text) {
		if c.set(pair[0], pair[1]) {
			known++
		}
	}
	if len(c.hosts) == 0 || known < 2 {
		return Credential{}, false
	}
	return c.credential()
}

// ofAzureKeywords reads the connection string of an account at Azure: of Storage and
// Cosmos DB with an AccountKey, of Service Bus and Event Hubs with a SharedAccessKey (Microsoft,
// "Configure Azure Storage connection strings", "Get an Event Hubs connection string").
func ofAzureKeywords(text string) (Credential, bool) {
	if !strings.Contains(text, "Key=") || !strings.Contains(text, ";") {
		return Credential{}, false
	}
	c := Credential{Kind: AzureKey}
	for _, pair := range adoPairs(text) {
		switch name, value := strings.ToLower(strings.TrimSpace(pair[0])), pair[1]; name {
		case "accountkey", "sharedaccesskey":
			if len(value) >= shortestKey && !filledIn(value) {
				c.Secret = append(c.Secret, value)
			}
		case "accountname":
			c.about(Account, strings.ToLower(value))
		case "endpoint", "accountendpoint", "blobendpoint":
			c.about(Host, HostOfURL(value))
		}
	}
	return c, len(c.Secret) > 0 && len(c.About) > 0
}

func adoPairs(text string) [][2]string {
	var out [][2]string
	for part := range strings.SplitSeq(text, ";") {
		if name, value, ok := strings.Cut(part, "="); ok {
			out = append(out, [2]string{name, strings.Trim(strings.TrimSpace(value), `"'`)})
		}
	}
	return out
}

// libpqPairs splits at blanks. A value in single quotes may hold some, and a backslash
// takes the next character as it is (PostgreSQL 18, fe-connect.c, conninfo_parse).
func libpqPairs(text string) [][2]string {
	var out [][2]string
	for {
		text = strings.TrimLeft(text, " \t")
		name, rest, ok := strings.Cut(text, "=")
		if !ok {
			return out
		}
		rest = strings.TrimLeft(rest, " \t")
		var value strings.Builder
		quoted := strings.HasPrefix(rest, "'")
		i := 0
		if quoted {
			i = 1
		}
		for ; i < len(rest); i++ {
			c := rest[i]
			if c == '\\' && i+1 < len(rest) {
				i++
				value.WriteByte(rest[i])
				continue
			}
			if quoted && c == '\'' {
				i++
				break
			}
			if !quoted && (c == ' ' || c == '\t') {
				break
			}
			value.WriteByte(c)
		}
		out = append(out, [2]string{strings.TrimSpace(name), value.String()})
		text = rest[min(i, len(rest)):]
	}
}
