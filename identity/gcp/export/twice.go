// SPDX-License-Identifier: Apache-2.0

package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// twice returns the place of a key that an element has twice, or nothing. The decoder
// takes the last, and does not tell keys apart that differ in case.
func twice(raw json.RawMessage) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	var open []level
	for {
		token, err := d.Token()
		if err != nil {
			return "" // its end; or what is wrong is said by who decodes it
		}
		if len(open) > 0 && open[len(open)-1].next(token) {
			return placeIn(open)
		}
		switch token {
		case json.Delim('{'):
			open = append(open, level{keys: make(map[string]bool)})
		case json.Delim('['):
			open = append(open, level{at: -1})
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
	}
}

// A level is an object or a list that is being read.
type level struct {
	keys  map[string]bool // of an object, in lower case
	key   string          // whose value is read
	value bool            // a value comes next
	at    int             // in a list
}

// next notes a token below the level, and reports whether it is a key that was there.
func (l *level) next(token json.Token) bool {
	if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
		return false
	}
	if l.keys == nil {
		l.at++
		return false
	}
	if l.value = !l.value; !l.value {
		return false
	}
	l.key, _ = token.(string)
	folded := strings.ToLower(l.key)
	known := l.keys[folded]
	l.keys[folded] = true
	return known
}

func placeIn(open []level) string {
	var b strings.Builder
	for _, l := range open {
		if l.keys == nil {
			fmt.Fprintf(&b, "[%d]", l.at)
		} else {
			b.WriteString("." + l.key)
		}
	}
	return b.String()
}
