// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"unicode/utf8"

	"github.com/watertight-go/watertight/bulkhead"
)

// Marshal returns an object as a YAML document: keys in the order of their bytes,
// with apiVersion and kind, without status and without the metadata that only the
// server writes (see [bulkhead.Unstructured]). The same object gives the same
// bytes. Text that YAML would not give back as it was, such as a line separator
// of Unicode, makes the document JSON, which is YAML too. The error says that obj
// is nil or has no JSON form.
func Marshal(obj bulkhead.Object) ([]byte, error) {
	text, _, err := marshal(obj)
	return text, err
}

// marshal also returns the permissions that a new file of the text gets.
func marshal(obj bulkhead.Object) ([]byte, os.FileMode, error) {
	content, err := bulkhead.Unstructured(obj)
	if err != nil {
		return nil, 0, err
	}
	mode := os.FileMode(0o644)
	if holdsSecret(content.Object) {
		mode = 0o600
	}
	want, err := json.Marshal(content.Object)
	if err != nil {
		return nil, 0, err
	}
	if text, err := emit(content.Object); err == nil {
		written := document{text: text}
		if got, _, err := written.convert(text); err == nil && bytes.Equal(got, want) {
			return text, mode, nil
		}
	}
	text, err := indented(want)
	return text, mode, err
}

// holdsSecret reports whether a value is a Secret or has one in it, as a List or
// a template has. A mapping that only names a Secret by its kind counts too.
func holdsSecret(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		return value["kind"] == "Secret" || slices.ContainsFunc(slices.Collect(maps.Values(value)), holdsSecret)
	case []any:
		return slices.ContainsFunc(value, holdsSecret)
	default:
		return false
	}
}

// indented returns JSON on several lines that a YAML parser reads alike: without
// the control characters and separators that YAML refuses or folds, and without
// escapes in two halves, which it does not join.
func indented(data []byte) ([]byte, error) {
	var escaped []byte
	for _, r := range string(data) {
		if r < 0x7F || r > 0xFFFF {
			escaped = utf8.AppendRune(escaped, r)
		} else {
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
		}
	}
	var out bytes.Buffer
	err := json.Indent(&out, append(escaped, '\n'), "", "  ")
	return out.Bytes(), err
}

// Write writes objects as YAML documents, separated by "---" lines, in the order
// given. An object that cannot be written is a [*WriteError], and then nothing
// is written; all such objects are reported at once.
func Write(w io.Writer, objs ...bulkhead.Object) error {
	text, _, err := marshalAll(objs)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// WriteFile writes objects to a file as [Write] does, in one step: to a
// temporary file in the same folder, which then takes the file's name. Whoever
// reads the file sees all of the old text or all of the new.
//
// A new file gets the permissions 0644, or 0600 if there is a Secret among the
// objects, both less the umask; an old one keeps its own. A symbolic link stays,
// and the file that it points to is replaced. What is no regular file, such as a
// folder, a device or a link that points nowhere, is refused with an
// [*fs.PathError].
func WriteFile(path string, objs ...bulkhead.Object) error {
	text, mode, err := marshalAll(objs)
	if err != nil {
		return err
	}
	target, err := targetOf(path)
	if err != nil {
		return err
	}
	return replaceFiles([]file{{target, text, mode}})
}

// A WriteError says that an object has no YAML form.
type WriteError struct {
	Index  int          // of the object among the arguments
	Object bulkhead.Ref // empty if the object is nil
	Err    error
}

// Error names the object.
func (e *WriteError) Error() string { return fmt.Sprintf("object %d: %v", e.Index, e.Err) }

// Unwrap returns what is wrong with the object.
func (e *WriteError) Unwrap() error { return e.Err }

// marshalAll also returns the permissions that a new file of the text gets.
func marshalAll(objs []bulkhead.Object) ([]byte, os.FileMode, error) {
	var out bytes.Buffer
	var errs []error
	mode := os.FileMode(0o644)
	for i, obj := range objs {
		text, own, err := marshal(obj)
		if err != nil {
			errs = append(errs, &WriteError{Index: i, Object: bulkhead.RefTo(obj), Err: err})
			continue
		}
		if i > 0 {
			out.WriteString("---\n")
		}
		out.Write(text)
		mode &= own
	}
	return out.Bytes(), mode, errors.Join(errs...)
}
