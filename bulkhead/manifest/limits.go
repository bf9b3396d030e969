// SPDX-License-Identifier: Apache-2.0

package manifest

// What the package accepts. Input beyond a limit is refused with a [*LimitError].
// Each stands well above what a cluster can hold and low enough that hostile
// input costs seconds and megabytes, not hours and gigabytes.
const (
	// MaxInput is the number of bytes that one call reads, over all its files.
	MaxInput = 256 << 20
	// MaxDocument is the number of bytes of the text of one object, or of what
	// stands around the items of a List. kube-apiserver takes requests of 3 MiB
	// (k8s.io/apiserver, pkg/server/config.go, MaxRequestBodyBytes, v0.37);
	// indented YAML is longer. A List has no limit but MaxInput.
	MaxDocument = 8 << 20
	// MaxDocuments is the number of documents and List items of one call. It is
	// above the 150,000 pods that Kubernetes supports in one cluster
	// (kubernetes.io, "Considerations for large clusters").
	MaxDocuments = 200_000
	// MaxDepth is how many levels of maps and lists one object nests.
	MaxDepth = 1000
)
