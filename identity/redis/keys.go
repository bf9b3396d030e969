// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"slices"
	"strconv"
	"strings"
)

// A keyAt is an argument that names a key, and what the command does to the key.
type keyAt struct {
	index       int
	read, write bool
}

// keysOf returns where a call names keys, as getKeysFromCommandWithSpecs does (Redis 7.0
// to 8.0 and Valkey 9.1, src/db.c). It is not ok if only the server can tell.
func keysOf(c *Command, args []string) (keys []keyAt, ok bool) {
	switch c.Name {
	case "set":
		return setKeys(args), true
	case "bitfield":
		return bitfieldKeys(args), true
	case "sort", "sort_ro":
		return sortKeys(c.Name, args), true
	case "migrate":
		return migrateKeys(c, args), true
	case "georadius", "georadiusbymember":
		return georadiusKeys(c, args), true
	}
	if c.hasUncertainKeys() {
		return nil, false
	}
	for _, spec := range c.Keys {
		if slices.Contains(spec.Flags, "not_key") {
			continue
		}
		found, none, ok := spec.find(args)
		if none {
			return nil, ok
		}
		keys = append(keys, found...)
	}
	return keys, true
}

// hasUncertainKeys reports whether only the server can tell which arguments of a command
// are keys, or what it does to them. Those with a case in keysOf are known.
func (c *Command) hasUncertainKeys() bool {
	switch c.Name {
	case "set", "bitfield", "sort", "sort_ro", "migrate", "georadius", "georadiusbymember":
		return false
	}
	return len(c.Keys) == 0 && c.has("movablekeys") || slices.ContainsFunc(c.Keys, func(k KeySpec) bool {
		has := func(flag string) bool { return slices.Contains(k.Flags, flag) }
		return !has("not_key") && (k.Unknown || has("incomplete") || has("variable_flags"))
	})
}

// find returns the keys of one specification. If none is true, the call is not one that
// the command accepts, or names no key at all.
func (k KeySpec) find(args []string) (keys []keyAt, none, ok bool) {
	first, found := k.begin(args)
	if !found {
		return nil, false, true
	}
	var last, step int
	switch {
	case k.Range != nil:
		step = k.Range.KeyStep
		switch {
		case k.Range.LastKey >= 0:
			last = first + k.Range.LastKey
		case k.Range.Limit > 0:
			last = first + (len(args)-first)/k.Range.Limit + k.Range.LastKey
		default:
			last = len(args) + k.Range.LastKey
		}
	case k.KeyNum != nil:
		step = k.KeyNum.KeyStep
		at := first + k.KeyNum.KeyNumIdx
		if at < 0 || at >= len(args) {
			return nil, true, false
		}
		n, err := strconv.Atoi(args[at])
		if err != nil || n < 0 || n > len(args) {
			return nil, true, false
		}
		if n == 0 {
			return nil, true, true // no key of any kind is looked at: the call has none, or is refused
		}
		first += k.KeyNum.FirstKey
		last = first + (n-1)*step
	}
	if step < 1 || first < 0 || last >= len(args) || last < first {
		return nil, true, false
	}
	read, write := k.access()
	for i := first; i <= last; i += step {
		keys = append(keys, keyAt{i, read, write})
	}
	return keys, false, true
}

// begin returns where the keys begin.
func (k KeySpec) begin(args []string) (int, bool) {
	if k.Keyword == "" {
		return k.Index, true
	}
	start, end, step := k.StartFrom, len(args)-1, 1
	if start <= 0 {
		start, end = len(args)+start, 1
	}
	if start > end {
		step = -1
	}
	for i := start; i != end && i >= 1 && i < len(args); i += step {
		if strings.EqualFold(args[i], k.Keyword) {
			return i + 1, true
		}
	}
	return 0, false
}

// access returns what a specification does to its keys. The one that does neither asks
// whether a key is there, or of which type.
func (k KeySpec) access() (read, write bool) {
	for _, flag := range k.Flags {
		switch flag {
		case "access":
			read = true
		case "insert", "update", "delete":
			write = true
		}
	}
	return read, write
}

func setKeys(args []string) []keyAt {
	key := keyAt{index: 1, write: true}
	for _, arg := range args[min(3, len(args)):] {
		key.read = key.read || strings.EqualFold(arg, "get")
	}
	return []keyAt{key}
}

func bitfieldKeys(args []string) []keyAt {
	key := keyAt{index: 1, read: true}
	for i := 2; i < len(args); i++ {
		left := len(args) - i - 1
		switch word := strings.ToLower(args[i]); {
		case word == "get" && left >= 2:
			i += 2
		case word == "overflow" && left >= 1:
			i++
		default:
			key.write = true
			return []keyAt{key}
		}
	}
	return []keyAt{key}
}

func sortKeys(name string, args []string) []keyAt {
	keys := []keyAt{{index: 1, read: true}}
	if name == "sort_ro" {
		return keys
	}
	for i := 2; i < len(args); i++ {
		switch word := strings.ToLower(args[i]); {
		case word == "limit":
			i += 2
		case word == "get", word == "by":
			i++
		case word == "store" && i+1 < len(args):
			keys = append(keys[:1], keyAt{index: i + 1, write: true})
		}
	}
	return keys
}

// migrateKeys takes the keys behind KEYS where the specification of the command finds
// the word, and the third argument otherwise.
func migrateKeys(c *Command, args []string) []keyAt {
	first, n := 3, 1
	if !slices.ContainsFunc(c.Keys, func(k KeySpec) bool { _, found := k.begin(args); return found && k.Keyword != "" }) {
		return []keyAt{{index: first, read: true, write: true}}
	}
options:
	for i := 6; i < len(args); i++ {
		switch strings.ToLower(args[i]) {
		case "keys":
			if args[3] != "" {
				return nil
			}
			first, n = i+1, len(args)-i-1
			break options
		case "auth":
			i++
		case "auth2":
			i += 2
		}
	}
	var keys []keyAt
	for i := range n {
		keys = append(keys, keyAt{index: first + i, read: true, write: true})
	}
	return keys
}

// georadiusKeys takes the last of STORE and STOREDIST, as Valkey does. Redis looks for
// each.
func georadiusKeys(c *Command, args []string) []keyAt {
	keys := []keyAt{{index: 1, read: true}}
	if !slices.ContainsFunc(c.Keys, func(k KeySpec) bool { return slices.Contains(k.Flags, "variable_flags") }) {
		for _, spec := range c.Keys[min(1, len(c.Keys)):] {
			found, _, _ := spec.find(args)
			keys = append(keys, found...)
		}
		return keys
	}
	for i := 5; i+1 < len(args); i++ {
		if strings.EqualFold(args[i], "store") || strings.EqualFold(args[i], "storedist") {
			i++
			keys = append(keys[:1], keyAt{index: i, write: true})
		}
	}
	return keys
}
