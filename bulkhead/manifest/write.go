// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unicode/utf8"

	"github.com/watertight-go/watertight/bulkhead"
)

// Marshal returns an object as a YAML document: keys in alphabetical order, with
// apiVersion and kind, without status and without the metadata that only the
// server writes (see [bulkhead.Unstructured]). The same object gives the same
// bytes. Text that YAML would not give back as it was, such as a line separator
// of Unicode, makes the document JSON, which is YAML too. The error says that obj
// is nil or has no JSON form.
func Marshal(obj bulkhead.Object) ([]byte, error) {
	content, err := bulkhead.Unstructured(obj)
	if err != nil {
		return nil, err
	}
	want, err := json.Marshal(content.Object)
	if err != nil {
		return nil, err
	}
	if text, err := emit(content.Object); err == nil {
		written := document{text: text}
		if got, _, err := written.toJSON(); err == nil && bytes.Equal(got, want) {
			return text, nil
		}
	}
	return indented(want)
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
	text, err := marshalAll(objs)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// WriteFile writes objects to a file as [Write] does, in one step: to a
// temporary file in the same folder, which then takes the file's name. Whoever
// reads the file sees all of the old text or all of the new. A new file gets the
// permissions 0644, less the umask; an old one keeps its own.
func WriteFile(path string, objs ...bulkhead.Object) error {
	text, err := marshalAll(objs)
	if err != nil {
		return err
	}
	return replaceFile(path, text)
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

func marshalAll(objs []bulkhead.Object) ([]byte, error) {
	var out bytes.Buffer
	var errs []error
	for i, obj := range objs {
		text, err := Marshal(obj)
		if err != nil {
			errs = append(errs, &WriteError{Index: i, Object: bulkhead.RefTo(obj), Err: err})
			continue
		}
		if i > 0 {
			out.WriteString("---\n")
		}
		out.Write(text)
	}
	return out.Bytes(), errors.Join(errs...)
}

// replaceFile writes text under a temporary name, makes it durable and renames it.
func replaceFile(path string, text []byte) (err error) {
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}()
	_, err = temp.Write(text)
	err = errors.Join(err, temp.Chmod(mode), temp.Sync(), temp.Close())
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
