// SPDX-License-Identifier: Apache-2.0

// Package conformance compares this library with Kubernetes itself: with a
// kube-apiserver that stores and refuses, and with the validation code that it is
// made of. It also compares netpol/reach with other reachability engines.
//
// It has tests only. They skip where the programs that they need are not built: see
// packages servers and engines, and CONTRIBUTING.md for how to run them.
package conformance
