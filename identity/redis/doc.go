// SPDX-License-Identifier: Apache-2.0

// Package redis shares a server of Redis or Valkey between staging and production: it
// writes the rules of a user that is confined to a prefix of keys and channels, and
// proves from a snapshot of a server that staging reaches nothing of production, or shows
// the path. It opens no connection; package live below does.
//
// A [Snapshot] is what ACL LIST, COMMAND and a part of CONFIG GET say, as plain data.
// [Snapshot.NoAccess] answers for a [Boundary] with one of three verdicts,
// [Snapshot.Lint] names what weakens the boundary, [Snapshot.Allows] what the server
// says to one call. [Snapshot.Confine] makes the user, [Snapshot.CloseDefault] closes
// the door that a fresh server leaves open.
//
// Rules, patterns and the arguments that are keys are read as Redis 7.0 to 8.0 and
// Valkey 9.1 do; which commands there are, and in which categories, says the snapshot. A
// command of a module, or of a later version, about which nothing is known makes a
// verdict Undetermined.
//
// Objects of the server are [bulkhead.Ref] of group redis.io: User, Command, Config, and
// for what is reached Keys and Channels. The field of a user is a place in
// [User.Rules].
package redis
