// SPDX-License-Identifier: Apache-2.0

package redis

import (
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
)

// Channels of the server's own, which patterns are asked about apart.
const (
	keyspaceChannels = "__keyspace@"
	keyeventChannels = "__keyevent@"
	sentinelChannels = "__sentinel__:" // Sentinels believe what they read there
)

// channelBreaches returns a breach for each pattern of channels, and what can be done
// to those of production.
func (j judge) channelBreaches() []bulkhead.Breach {
	receive := j.firstLeaf(func(u channelUse) bool { return u.receive })
	send := j.firstLeaf(func(u channelUse) bool { return u.send })
	if receive == nil && send == nil {
		return nil
	}
	if missing := j.selector.allChannelsMissing(); missing != "" && j.selector.config["acl-pubsub-default"] != "allchannels" {
		j.missing[missing] = true
		return nil
	}
	var out []bulkhead.Breach
	apart := j.prefixes(append(slices.Clone(j.boundary.From.Prefixes), keyspaceChannels, keyeventChannels, sentinelChannels))
	for _, p := range j.channelPatterns() {
		found, ok := j.sees(p.glob, beginning(), apart)
		out = append(out, j.channelBreach(ReadsChannels, p, receive, found, ok, "are received")...)
		if !ok {
			found, ok = j.seesSentinel(p.glob)
		}
		if !ok && send != nil { // whoever listens for events believes one that staging makes up
			found, ok = j.seesKeyEvents(p.glob, func(rune) bool { return true })
		}
		out = append(out, j.channelBreach(WritesChannels, p, send, found, ok, "get its messages")...)
		if receive != nil {
			found, ok = j.seesKeyEvents(p.glob, j.notifies)
			out = append(out, j.channelBreach(SeesKeyEvents, p, receive, found, ok, "are named as they change")...)
		}
	}
	return out
}

func (w *walk) seesSentinel(g glob) (sighting, bool) {
	sentinel := w.prefixes([]string{sentinelChannels})
	name, _, ok := sentinel.find(g, beginning(), sentinel.below)
	return sighting{name: name, side: sentinelChannels}, ok
}

func (j judge) firstLeaf(is func(channelUse) bool) *Command {
	var best *Command
	for _, c := range j.leaves {
		if is(channelsOf(c.Name)) && (best == nil || len(c.Name) > len(best.Name)) {
			best = c // PSUBSCRIBE receives the most
		}
	}
	return best
}

// channelPatterns returns the patterns of the selector, or the one for all channels. If
// that is what the server gives who names none, the pattern has no rule.
func (j judge) channelPatterns() []pattern {
	all := pattern{text: "*", glob: compile("*")}
	switch {
	case j.selector.allChannels >= 0:
		all.rules = []int{j.selector.allChannels}
		return []pattern{all}
	case !j.selector.channelsSaid && j.selector.config["acl-pubsub-default"] == "allchannels":
		return []pattern{all}
	default:
		return j.selector.channels
	}
}

func (j judge) channelBreach(rule string, p pattern, c *Command, found sighting, ok bool, text string) []bulkhead.Breach {
	switch {
	case !ok || c == nil:
		return nil
	case p.glob.unsure:
		j.missing[j.unsure(p)] = true
		return nil
	}
	hop := bulkhead.Hop{Object: configRef("acl-pubsub-default"), Text: "gives all channels to users whose rules name none"}
	change := bulkhead.Change{Object: hop.Object, Text: "run " + setUser(j.rights.user.Name, "resetchannels")}
	if len(p.rules) > 0 {
		hop = bulkhead.Hop{Object: j.ref(), Field: j.at(p.rules[0]), Text: j.said(p.rules[0])}
		change = bulkhead.Change{Object: j.ref(), Field: hop.Field, Text: "run " + j.edit(p.rules, j.narrowed(p))}
	}
	hop.Text += " matches channels that are not staging's, such as " + quote(found.name)
	target := ref("Channels", found.whose())
	if rule == SeesKeyEvents {
		target = ref("Keys", found.whose())
	}
	return []bulkhead.Breach{{Rule: rule, Path: []bulkhead.Hop{hop, j.allowing(c), {Object: target, Text: text}}, Change: change}}
}
