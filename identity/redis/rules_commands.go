// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

func (s *selector) setCategory(category string, allow bool, i int) error {
	if !s.table.hasCategory(category) {
		return errors.New("no command of the snapshot is in its category")
	}
	if name := s.table.uncategorised; name != "" {
		return fmt.Errorf("in which categories %s is was not read", name)
	}
	for _, name := range s.table.names {
		if s.table.byName[name].in(category) {
			s.setWithSubs(name, allow, i)
		}
	}
	return nil
}

var errNoCommand = errors.New("the snapshot has no such command")

// setCommand takes the rest of +COMMAND, +COMMAND|SUBCOMMAND and +COMMAND|ARGUMENT.
func (s *selector) setCommand(name, spelled string, allow bool, i int) error {
	if _, ok := s.table.byName[name]; ok {
		s.setWithSubs(name, allow, i)
		return nil
	}
	cut := strings.LastIndexByte(spelled, '|')
	if cut < 0 || !allow {
		return errNoCommand
	}
	container, argument := name[:cut], spelled[cut+1:]
	switch _, ok := s.table.byName[container]; {
	case !ok, strings.Contains(container, "|"), s.table.isContainer(container), argument == "":
		return errNoCommand
	}
	if !slices.ContainsFunc(s.firstArgs[container], func(known string) bool { return strings.EqualFold(known, argument) }) {
		s.firstArgs[container] = append(s.firstArgs[container], argument)
	}
	s.argRule[container] = i
	return nil
}

func (s *selector) setWithSubs(name string, allow bool, i int) {
	s.setOne(name, allow, i)
	delete(s.firstArgs, name)
	delete(s.argRule, name)
	for _, sub := range s.table.subs[name] {
		s.setOne(sub.Name, allow, i)
	}
}

func (s *selector) setOne(name string, allow bool, i int) {
	if !allow {
		delete(s.granted, name)
	} else if _, already := s.granted[name]; !already {
		s.granted[name] = i
	}
}

// ruleOf returns the rule that lets a command run with some arguments, and whether one
// does. Rule -1 is none: the command needs no login.
func (s *selector) ruleOf(c *Command) (int, bool) {
	if c.isWithoutLogin() {
		return -1, true
	}
	if i, ok := s.granted[c.Name]; ok {
		return i, true
	}
	i, ok := s.argRule[c.Name]
	return i, ok
}

// leaves returns the commands that a selector allows and that do something, by name.
func (s *selector) leaves() []*Command {
	var out []*Command
	for _, name := range s.table.names {
		c := s.table.byName[name]
		if _, ok := s.ruleOf(c); ok && !s.table.isContainer(name) {
			out = append(out, c)
		}
	}
	return out
}
