// SPDX-License-Identifier: Apache-2.0

package export

import (
	"errors"
	"fmt"

	"github.com/watertight-go/watertight/identity"
)

// mostMistakes is how many of one stream are told one by one.
const mostMistakes = 100

// Mistakes gathers what is wrong with a stream.
type Mistakes struct {
	Document string
	errs     []error
	more     int
}

// Add notes an error, if there is one.
func (m *Mistakes) Add(err error) {
	switch {
	case err == nil:
	case len(m.errs) == mostMistakes:
		m.more++
	default:
		m.errs = append(m.errs, err)
	}
}

// Err joins the errors, and counts those that are too many.
func (m *Mistakes) Err() error {
	if m.more > 0 {
		return errors.Join(append(m.errs, &identity.DocumentError{Document: m.Document, Err: fmt.Errorf("%d mistakes more", m.more)})...)
	}
	return errors.Join(m.errs...)
}
