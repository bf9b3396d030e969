// SPDX-License-Identifier: Apache-2.0

// Package credential finds credentials in texts and documents, and reads from them
// whose they are. It parses: a key of a Google service account is a JSON object with the
// fields of one, in whatever order and spacing; a token is decoded, never verified; a
// connection string is taken apart as its driver does.
//
// Nothing is asked of anybody, no environment is read, and no text of a credential
// leaves the package in an error.
package credential
