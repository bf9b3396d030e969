// SPDX-License-Identifier: Apache-2.0

// Package servers builds a Kubernetes control plane from Go modules and runs it
// for tests: etcd and kube-apiserver, and where a test asks for them
// kube-controller-manager and kube-scheduler.
//
// [Build] compiles each program once, at the version that this module requires,
// into a folder under the user's cache directory. [Start] runs them on free ports
// of the loopback interface. They belong to a second process, the keeper, which is
// the test binary started once more: when the first one ends, in whichever way,
// its end of a pipe closes, and the keeper stops what it runs. So every TestMain
// begins with [Keep].
//
// There is no kubelet. Nodes are plain objects, pods do not run, and the keeper
// finishes pods that were deleted and bound to a node, for which the API server
// would wait for ever.
package servers
