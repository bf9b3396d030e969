// SPDX-License-Identifier: Apache-2.0

package manifest

// What the package accepts. Input beyond a limit is refused with a [*LimitError].
// Each limit stands well above what a cluster holds, and low enough that hostile
// input costs seconds and some hundred megabytes.
//
// MaxInput, MaxDocuments, MaxAllValues and MaxMemory are for one call; beyond them
// nothing is read. The others are for one document or, in a List, for one item; beyond them
// the document is an error and the rest is read.
const (
	// MaxInput is the number of bytes that one call reads, over all files.
	MaxInput = 256 << 20
	// MaxDocuments is the number of documents and List items in one call. It is
	// above the 150,000 pods that one cluster is made for (kubernetes.io,
	// "Considerations for large clusters").
	MaxDocuments = 200_000
	// MaxAllValues is the number of values in all documents of one call, estimated
	// as for MaxValues. A parser takes about a microsecond for each.
	MaxAllValues = 2_500_000
	// MaxMemory is the number of bytes that the input of one call and its objects
	// take together, about; where the input alone is more than 114 MiB it may be
	// 7/5 of it. A short text such as "[{},{}]" means large objects. Those of a
	// real cluster take one to three times their text, so that a List of 30 MB fits.
	MaxMemory = 160 << 20

	// MaxDocument is the number of bytes of the text of one object. kube-apiserver
	// takes requests of 3 MiB (k8s.io/apiserver, pkg/server/config.go,
	// MaxRequestBodyBytes, v0.37); indentation makes the text longer. A List may
	// be as long as MaxInput.
	MaxDocument = 8 << 20
	// MaxDepth is how many levels of mappings and sequences one object nests.
	MaxDepth = 1000
	// MaxValues is the number of values in one object, keys included. In YAML it
	// is estimated from the characters that separate values, wherever they stand.
	MaxValues = 400_000
	// MaxEntries is the number of entries of all sequences of one object.
	MaxEntries = 100_000
	// MaxLists is how many Lists stand one in another.
	MaxLists = 8
)

// heavy is the number of values from which documents are decoded one at a time,
// since a parser takes some 300 bytes for each.
const heavy = 40_000

// maxReports bounds how many fields of one document are reported for one cause.
const maxReports = 100
