// SPDX-License-Identifier: Apache-2.0

package manifest_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/watertight-go/watertight/bulkhead/manifest"
)

const megabyte = 1 << 20

// flood is one large input: a head, a body repeated until the size is reached,
// and a tail.
type flood struct {
	head, body, tail string
}

// reader gives the flood without holding it in memory.
func (f flood) reader(size int) io.Reader {
	n := (size - len(f.head) - len(f.tail)) / len(f.body)
	return io.MultiReader(strings.NewReader(f.head), &repeat{text: f.body, left: n}, strings.NewReader(f.tail))
}

// A repeat is a reader that gives a text again and again.
type repeat struct {
	text    string
	left    int
	pending string
}

func (r *repeat) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if r.pending == "" {
			if r.left == 0 {
				return n, io.EOF
			}
			r.left--
			r.pending = r.text
		}
		c := copy(p[n:], r.pending)
		r.pending = r.pending[c:]
		n += c
	}
	return n, nil
}

const (
	smallConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	pod            = `- apiVersion: v1
  kind: Pod
  metadata:
    name: web-7d4b9c6f5-x2x9v
    namespace: shop
    labels: {app.kubernetes.io/name: web, pod-template-hash: 7d4b9c6f5}
    ownerReferences:
    - {apiVersion: apps/v1, kind: ReplicaSet, name: web-7d4b9c6f5, uid: 0d4c0d0e-8a5c-4f53-9d3a-0f6e4b7b8a11, controller: true}
  spec:
    nodeName: node-17
    containers:
    - name: server
      image: registry.example.com/shop/web@sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
      ports: [{containerPort: 8080, name: http, protocol: TCP}]
      env:
      - {name: DATABASE_HOST, value: db.shop.svc.cluster.local}
      - {name: LOG_LEVEL, value: info}
      resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
      volumeMounts:
      - {mountPath: /var/run/secrets/kubernetes.io/serviceaccount, name: kube-api-access, readOnly: true}
    tolerations:
    - {effect: NoExecute, key: node.kubernetes.io/not-ready, operator: Exists, tolerationSeconds: 300}
    - {effect: NoExecute, key: node.kubernetes.io/unreachable, operator: Exists, tolerationSeconds: 300}
  status:
    phase: Running
    podIP: 10.4.17.23
    conditions:
    - {lastProbeTime: null, lastTransitionTime: "2026-01-02T03:04:05Z", status: "True", type: Ready}
    containerStatuses:
    - {name: server, ready: true, restartCount: 0, image: web, imageID: sha256:2c26b46b68ff, state: {running: {startedAt: "2026-01-02T03:04:05Z"}}}
`
)

// floods are inputs of any size that must be read or refused in bounded time and
// memory.
func floods() map[string]flood {
	return map[string]flood{
		"a List of pods":                   {"apiVersion: v1\nitems:\n", pod, "kind: List\n"},
		"a List of pods in JSON":           {`{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod"}`, ",\n" + podJSON, "]}"},
		"a million documents":              {"", smallConfigMap + "---\n", ""},
		"separators only":                  {"", "---\n", ""},
		"documents of one letter":          {"", "a\n---\n", ""},
		"JSON values without end":          {"", "{}", ""},
		"one endless line":                 {smallConfigMap + "data: {a: '", "x", ""},
		"one huge scalar":                  {smallConfigMap + "data:\n  a: |\n", "    some text that goes on\n", ""},
		"one huge scalar that is closed":   {smallConfigMap + "data: {a: '", "x", "'}\n"},
		"blank lines":                      {smallConfigMap, "\n", ""},
		"comments":                         {smallConfigMap, "# nothing\n", ""},
		"spaces":                           {smallConfigMap, " ", ""},
		"tabs":                             {smallConfigMap, "\t", ""},
		"NUL bytes":                        {smallConfigMap, "\x00", ""},
		"zeros only":                       {"", "\x00", ""},
		"open brackets":                    {"", "[", ""},
		"open braces":                      {"", "{", ""},
		"open JSON objects":                {"", `{"a":`, ""},
		"open dashes":                      {"", "- ", ""},
		"open question marks":              {"", "? ", ""},
		"items of a List without content":  {"kind: List\napiVersion: v1\nitems:\n", "-\n", ""},
		"numbers as items of a JSON List":  {`{"kind":"List","apiVersion":"v1","items":[1`, ",1", "]}"},
		"empty pods as items":              {`{"kind":"PodList","apiVersion":"v1","items":[{}`, ",{}", "]}"},
		"pods of empty containers":         {"", `{"kind":"Pod","apiVersion":"v1","spec":{"containers":[` + strings.Repeat("{},", 2000) + "{}]}}\n", ""},
		"one pod of empty containers":      {"kind: Pod\napiVersion: v1\nspec: {containers: [", "{},", "]}"},
		"one pod of empty containers JSON": {`{"kind":"Pod","apiVersion":"v1","spec":{"containers":[{}`, ",{}", "]}}"},
		"keys":                             {"kind: ConfigMap\napiVersion: v1\ndata:\n", "  k: v\n", ""},
		"anchors":                          {"", "- &a a\n", ""},
		"aliases":                          {"a: &a x\nb:\n", "- *a\n", ""},
		"tags":                             {"", "- !!str a\n", ""},
		"quotation marks":                  {"", `"`, ""},
		"directives":                       {"", "%YAML 1.1\n", ""},
		"carriage returns":                 {"", "\r", ""},
		"letters and carriage returns":     {"", "a\r", ""},
		"flow mappings in sequences":       {smallConfigMap, "- {a: [b, {c: d}]}\n", ""},
		"open tags and anchors":            {"", "&a !b ", ""},
		"documents of 380,000 values":      {"", "{kind: A, apiVersion: b/v1, a: [" + strings.Repeat("[],", 190_000) + "]}\n---\n", ""},
		"documents of 90,000 values":       {"", "{kind: A, apiVersion: b/v1, a: [" + strings.Repeat("{},", 45_000) + "]}\n---\n", ""},
		"documents of 90,000 mistakes":     {"", "{kind: Pod, apiVersion: v1, spec: {containers: [" + strings.Repeat("1,", 90_000) + "]}}\n---\n", ""},
		"documents of 100 mistakes":        {"", "{kind: Pod, apiVersion: v1, spec: {containers: [" + strings.Repeat("1,", 100) + "]}}\n---\n", ""},
		"duplicate fields":                 {"", "{kind: A, apiVersion: b/v1, " + strings.Repeat("a: b, ", 40_000) + "}\n---\n", ""},
		"texts of 7 MiB":                   {"", "{kind: A, apiVersion: b/v1, a: '" + strings.Repeat("é", 7<<19) + "'}\n---\n", ""},
		"broken items of many Lists":       {"", "kind: List\napiVersion: v1\nitems:\n" + strings.Repeat("- a: b: c\n", 100) + "---\n", ""},
		"merges":                           {"a: &a {b: c}\n", "x: {<<: [*a, *a, *a]}\n", ""},
		"byte order marks":                 {"", "\xef\xbb\xbf", ""},
		"documents that miss a kind":       {"", "a: {b: c}\n---\n", ""},
		"large objects in small documents": {"", "{kind: Node, apiVersion: v1}\n---\n", ""},
		"Lists in Lists":                   {"", "{kind: List, apiVersion: v1, items: [", ""},
		"UTF-16":                           {"\xff\xfe", "a\x00:\x00 \x00b\x00\n\x00", ""},
	}
}

const podJSON = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-7d4b9c6f5-x2x9v","namespace":"shop","labels":{"app":"web"},
"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"}}"}},
"spec":{"nodeName":"node-17","containers":[{"name":"server","image":"registry.example.com/shop/web:1","ports":[{"containerPort":8080}],
"env":[{"name":"DATABASE_HOST","value":"db.shop.svc.cluster.local"},{"name":"LOG_LEVEL","value":"info"}]}]},
"status":{"phase":"Running","podIP":"10.4.17.23","startTime":"2026-01-02T03:04:05Z"}}`

// TestHostileInputOfAQuarterMegabyte keeps every flood quick in the everyday suite.
// How quick the test of 100 MB measures. Here a minute tells work that is bounded from
// work that is not, also on a busy machine.
func TestHostileInputOfAQuarterMegabyte(t *testing.T) {
	if testing.Short() {
		t.Skip("floods take long")
	}
	for name, f := range floods() {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := manifest.Read("flood", f.reader(megabyte/4))
			wantTyped(t, err)
			if took := time.Since(began); took > time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}

// wantTyped fails unless each part of err is one of the errors of the package.
func wantTyped(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	parts := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		parts = joined.Unwrap()
	}
	for _, part := range parts {
		var document *manifest.DocumentError
		var limit *manifest.LimitError
		if !errors.As(part, &document) && !errors.As(part, &limit) {
			t.Errorf("got an error of type %T: %v", part, part)
		}
	}
}
