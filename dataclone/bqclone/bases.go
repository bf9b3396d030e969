// SPDX-License-Identifier: Apache-2.0

package bqclone

import (
	"context"

	"github.com/watertight-go/watertight/dataclone"
)

// deepest is how many clones and snapshots of each other BigQuery makes ("Introduction
// to table clones": at most 3), and one more to see that there is none.
const deepest = 4

// followBases completes the chain of what each clone and snapshot was made of. A base
// of another dataset is read once. One that may not be read, or that is gone, ends the
// chain where nobody knows whether it goes on.
func (c *Client) followBases(ctx context.Context, datasets []dataclone.Dataset) error {
	known := map[dataclone.TableRef]*dataclone.Base{} // nil for what is neither clone nor snapshot
	unread := map[dataclone.TableRef]bool{}
	for i := range datasets {
		for _, t := range datasets[i].Tables {
			known[t.Ref] = first(t.Bases)
		}
	}
	for i := range datasets {
		for j := range datasets[i].Tables {
			t := &datasets[i].Tables[j]
			for len(t.Bases) > 0 && len(t.Bases) < deepest {
				last := t.Bases[len(t.Bases)-1].Table
				if err := c.learnBase(ctx, last, known, unread); err != nil {
					return err
				}
				if t.Cut = unread[last]; t.Cut || known[last] == nil {
					break
				}
				t.Bases = append(t.Bases, *known[last])
			}
		}
	}
	return nil
}

func (c *Client) learnBase(ctx context.Context, t dataclone.TableRef, known map[dataclone.TableRef]*dataclone.Base, unread map[dataclone.TableRef]bool) error {
	if _, ok := known[t]; ok || unread[t] {
		return nil
	}
	if t.Validate() != nil {
		unread[t] = true
		return nil
	}
	got, err := c.getTable(ctx, t)
	switch {
	case isAbsent(err) || isForbidden(err):
		unread[t] = true
	case err != nil:
		return err
	default:
		known[t] = first(tableOf(t, got).Bases)
	}
	return nil
}

func first(bases []dataclone.Base) *dataclone.Base {
	if len(bases) == 0 {
		return nil
	}
	return &bases[0]
}
