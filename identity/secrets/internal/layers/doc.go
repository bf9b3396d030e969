// SPDX-License-Identifier: Apache-2.0

// Package layers takes texts apart that are packed into one another: base64, gzip,
// URL encoding, JSON, YAML, and lines of KEY=VALUE, in any order.
//
// A key of a service account lies in base64 in a Secret, in JSON in a YAML file in a
// ConfigMap, in gzip in base64 in the record of a Helm release. [Walk] shows a visitor
// every text on the way down and every document. Input is hostile: the number of
// layers, the bytes that come out and the number of texts are bounded, and Walk says
// when it stopped at a bound instead of passing it over.
package layers
