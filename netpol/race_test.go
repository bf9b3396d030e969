// SPDX-License-Identifier: Apache-2.0

//go:build race

package netpol_test

// slowdown is how much longer code may take under the race detector, which slows
// it two to twenty times (Go documentation, "Data Race Detector").
const slowdown = 10
