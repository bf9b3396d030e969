// SPDX-License-Identifier: Apache-2.0

//go:build !race

package netpol_test

// slowdown is how much longer code may take than it does without instruments.
const slowdown = 1
