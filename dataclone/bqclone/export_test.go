// SPDX-License-Identifier: Apache-2.0

package bqclone

import "time"

// Hurry makes the client wait a millisecond where it would wait a second before it
// calls again.
func (c *Client) Hurry() { c.backoff = time.Millisecond }
