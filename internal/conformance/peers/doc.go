// SPDX-License-Identifier: Apache-2.0

// Package peers is the root of a module of programs that ask other reachability
// engines, whose dependencies do not go with ours.
//
// They read folders of manifests and questions and write answers, as package cases
// says, so that tests compare engines through files. Package engines of the module
// above builds and runs them.
package peers
