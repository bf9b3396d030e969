// SPDX-License-Identifier: Apache-2.0

// Package bqsim is a BigQuery in memory, for tests.
package bqsim
