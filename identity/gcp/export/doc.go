// SPDX-License-Identifier: Apache-2.0

// Package export reads what gcloud and bq print about Google Cloud into the evidence
// of package gcp. Each function names the command whose output it takes, in JSON: an
// array, one object, or objects one after the other.
//
// It is strict about what decides, and ignores the rest: an element that lacks its
// name, a policy that was read without its conditions, a deny rule with a field that is
// not known, a key that is there twice, are refused, and the others are returned beside the error. What is refused
// is missing from the evidence, so that nothing is proved by it.
//
// Input may be hostile. No more than [MostBytes] are read, and an error is an [*Error]
// that says where, or several of them joined. No value of the input but names of
// resources, roles and fields stands in an error.
package export
