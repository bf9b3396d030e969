// SPDX-License-Identifier: Apache-2.0

// Package manifest reads Kubernetes manifests into typed objects and writes
// objects as manifests. It is the only part of watertight that knows YAML.
//
// [Read] takes a stream, such as the output of `helm template`, [ReadFiles] takes
// files and folders, and [ReadFS] an fs.FS. All return a [Set]: the objects in
// the order of the input, and for every object and field its file and line. A
// document that cannot be read is an error of its own and never hides the rest.
// Values are those that kubectl sees, in the YAML 1.1 of sigs.k8s.io/yaml.
//
// Fields that a kind does not have, and fields that stand twice, do not stop the
// reading: they are findings of the [Set.Rules]. Custom resources, and kinds in
// versions that are no longer served, are kept as unstructured objects and listed
// by [Set.Untyped].
//
// Input is not trusted. What is larger than the limits of this package, such as
// [MaxDocument], is refused with a [*LimitError]; no input makes the package
// panic, and no error quotes a value, since it may be a secret.
//
// [Write], [WriteFile] and [WriteDir] write what a server would be given: no
// status, nothing that only the server sets, keys in a fixed order. A file is
// replaced in one step, and what somebody else wrote is never touched by WriteDir.
package manifest
