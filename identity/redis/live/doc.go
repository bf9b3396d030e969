// SPDX-License-Identifier: Apache-2.0

// Package live takes a snapshot of a server of Redis or Valkey, and carries out what
// package redis wrote down and somebody has read. It is the only package that imports
// the driver.
//
// The client is the caller's: [Snapshot] needs a user that may run ACL LIST,
// COMMAND, CONFIG GET, CLIENT LIST and INFO, and no more; what it may not run is not
// read, and the snapshot says so. [Apply] needs one that may run ACL SETUSER too.
package live
