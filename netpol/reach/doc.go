// SPDX-License-Identifier: Apache-2.0

// Package reach answers who can open a connection to whom.
package reach
