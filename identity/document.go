// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"strings"
)

// A DocumentError says what of a document that was exported from a cloud cannot be
// read. It names no value.
type DocumentError struct {
	Document string // as it was given to the reader, such as the name of a file
	Place    string // such as Roles[1].AssumeRolePolicyDocument.Statement[0].Principal
	Err      error
}

// Error names document and place.
func (e *DocumentError) Error() string {
	parts := []string{e.Document, strings.TrimSpace(e.Place), e.Err.Error()}
	if parts[1] == "" {
		parts = append(parts[:1], parts[2])
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives the cause.
func (e *DocumentError) Unwrap() error { return e.Err }
