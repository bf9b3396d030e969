// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"maps"
	"slices"
)

// sameRights reports whether two users can do the same by their rules, whatever the
// rules say in words: servers print them in another form than they got them.
func (s *Snapshot) sameRights(a, b User) bool {
	t := newTable(s.Commands)
	x, y := s.parse(a, t), s.parse(b, t)
	d, e := newDoor(a), newDoor(b)
	return len(x.lost)+len(y.lost) == 0 && d.on == e.on && (d.nopass < 0) == (e.nopass < 0) &&
		slices.EqualFunc(x.selectors, y.selectors, (*selector).same)
}

func (s *selector) same(o *selector) bool {
	anyRule := func(int, int) bool { return true }
	return maps.EqualFunc(s.granted, o.granted, anyRule) && maps.EqualFunc(s.firstArgs, o.firstArgs, slices.Equal[[]string]) &&
		samePatterns(s.keys, o.keys) && samePatterns(s.channels, o.channels) &&
		(s.allKeys < 0) == (o.allKeys < 0) && (s.allChannels < 0) == (o.allChannels < 0) &&
		(s.future < 0) == (o.future < 0) && s.channelsSaid == o.channelsSaid &&
		s.allDBs == o.allDBs && maps.Equal(s.dbs, o.dbs)
}

func samePatterns(a, b []pattern) bool {
	count := func(list []pattern) map[string][2]bool {
		out := make(map[string][2]bool, len(list))
		for _, p := range list {
			out[p.text] = [2]bool{p.read, p.write}
		}
		return out
	}
	return maps.Equal(count(a), count(b))
}

// hasUser reports whether a user is there as it was made.
func (s *Snapshot) hasUser(made User) bool {
	return slices.ContainsFunc(s.Users, func(u User) bool { return u.Name == made.Name && s.sameRights(u, made) })
}

// otherUser says why a user cannot be made: its name is taken.
func (s *Snapshot) otherUser(made User) string {
	taken := slices.ContainsFunc(s.Users, func(u User) bool { return u.Name == made.Name })
	switch {
	case s.Users == nil:
		return "who is there was not read"
	case taken && !s.hasUser(made):
		return "user " + quote(made.Name) + " is there with other rules"
	default:
		return ""
	}
}
