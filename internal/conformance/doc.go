// SPDX-License-Identifier: Apache-2.0

// Package conformance compares this library with Kubernetes itself: with a
// kube-apiserver that stores and refuses, and with the validation code that it is
// made of.
//
// It has tests only. They skip where the servers are not built: see package
// servers, and CONTRIBUTING.md for how to run them.
package conformance
