// SPDX-License-Identifier: Apache-2.0

// Package live reads a snapshot from a MySQL or MariaDB server, and runs a recipe on it.
package live
