// SPDX-License-Identifier: Apache-2.0

// Package watertight is the map of a library for running staging and production
// in one Kubernetes cluster, safely. It holds no code.
package watertight
