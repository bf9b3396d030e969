// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"github.com/watertight-go/watertight/identity/redis"
)

// readCommands reads COMMAND, in the form of RESP 2 or RESP 3.
func readCommands(ctx context.Context, client *goredis.Client, s *redis.Snapshot) error {
	reply, err := client.Do(ctx, "COMMAND").Slice()
	if err != nil {
		return err
	}
	commands, err := parseCommands(reply)
	if err != nil {
		return err
	}
	slices.SortFunc(commands, func(a, b redis.Command) int { return strings.Compare(a.Name, b.Name) })
	s.Commands = commands
	return nil
}

var errShape = errors.New("the reply has another form than that of Redis 7.0 to 8.0 and Valkey 9.1")

// An entry of COMMAND has these places.
const (
	atName = iota
	atArity
	atFlags
	atFirstKey
	atLastKey
	atStep
	atCategories
	atTips
	atKeySpecs
	atSubcommands
	entryLength
)

func parseCommands(reply []any) ([]redis.Command, error) {
	out := make([]redis.Command, 0, len(reply))
	for _, raw := range reply {
		entry, ok := raw.([]any)
		if !ok || len(entry) < entryLength {
			return nil, errShape
		}
		c, err := parseCommand(entry)
		if err != nil {
			return nil, fmt.Errorf("command %q: %w", c.Name, err)
		}
		out = append(out, c)
		subcommands, ok := entry[atSubcommands].([]any)
		if !ok {
			return nil, errShape
		}
		subs, err := parseCommands(subcommands)
		if err != nil {
			return nil, err
		}
		out = append(out, subs...)
	}
	return out, nil
}

func parseCommand(entry []any) (redis.Command, error) {
	name, ok := entry[atName].(string)
	arity, isNumber := entry[atArity].(int64)
	if !ok || !isNumber {
		return redis.Command{}, errShape
	}
	c := redis.Command{Name: strings.ToLower(name), Arity: int(arity)}
	var err error
	if c.Flags, err = words(entry[atFlags]); err != nil {
		return c, err
	}
	if c.Categories, err = words(entry[atCategories]); err != nil {
		return c, err
	}
	for i := range c.Categories {
		c.Categories[i] = strings.TrimPrefix(c.Categories[i], "@")
	}
	specs, ok := entry[atKeySpecs].([]any)
	if !ok {
		return c, errShape
	}
	for _, raw := range specs {
		spec, err := parseKeySpec(raw)
		if err != nil {
			return c, err
		}
		c.Keys = append(c.Keys, spec)
	}
	return c, nil
}

func parseKeySpec(raw any) (redis.KeySpec, error) {
	var k redis.KeySpec
	spec, err := fields(raw)
	if err != nil {
		return k, err
	}
	if k.Flags, err = words(spec["flags"]); err != nil {
		return k, err
	}
	kind, begin, err := search(spec["begin_search"])
	if err != nil {
		return k, err
	}
	switch kind {
	case "index":
		err = numbers(begin, map[string]*int{"index": &k.Index})
	case "keyword":
		if k.Keyword, _ = begin["keyword"].(string); k.Keyword == "" {
			return k, errShape
		}
		err = numbers(begin, map[string]*int{"startfrom": &k.StartFrom})
	default:
		k.Unknown = true
	}
	if err != nil {
		return k, err
	}
	kind, find, err := search(spec["find_keys"])
	if err != nil {
		return k, err
	}
	switch kind {
	case "range":
		k.Range = new(redis.KeyRange)
		err = numbers(find, map[string]*int{"lastkey": &k.Range.LastKey, "keystep": &k.Range.KeyStep, "limit": &k.Range.Limit})
	case "keynum":
		k.KeyNum = new(redis.KeyNumber)
		err = numbers(find, map[string]*int{"keynumidx": &k.KeyNum.KeyNumIdx, "firstkey": &k.KeyNum.FirstKey, "keystep": &k.KeyNum.KeyStep})
	default:
		k.Unknown = true
	}
	return k, err
}

// search reads the type and the parameters of a part of a key specification.
func search(raw any) (kind string, parameters map[string]any, err error) {
	part, err := fields(raw)
	if err != nil {
		return "", nil, err
	}
	kind, _ = part["type"].(string)
	parameters, err = fields(part["spec"])
	return kind, parameters, err
}

// fields reads a map, which in RESP 2 is a list of names and values.
func fields(raw any) (map[string]any, error) {
	out := make(map[string]any)
	switch value := raw.(type) {
	case map[any]any:
		for name, field := range value {
			out[fmt.Sprint(name)] = field
		}
	case []any:
		if len(value)%2 != 0 {
			return nil, errShape
		}
		for i := 0; i < len(value); i += 2 {
			out[fmt.Sprint(value[i])] = value[i+1]
		}
	default:
		return nil, errShape
	}
	return out, nil
}

func words(raw any) ([]string, error) {
	list, ok := raw.([]any)
	if !ok {
		return nil, errShape
	}
	var out []string
	for _, raw := range list {
		word, ok := raw.(string)
		if !ok {
			return nil, errShape
		}
		out = append(out, word)
	}
	slices.Sort(out)
	return out, nil
}

// numbers reads numbers by their names. Each has to be there.
func numbers(from map[string]any, into map[string]*int) error {
	for name, n := range into {
		value, ok := from[name].(int64)
		if !ok {
			return errShape
		}
		*n = int(value)
	}
	return nil
}
