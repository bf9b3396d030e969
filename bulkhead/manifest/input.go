// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf16"
	"unicode/utf8"
)

// A source is one stream of the input.
type source struct {
	name string
	open func() (io.ReadCloser, error)
	err  error // why there is no such stream
}

// load reads a source to its end as long as all sources together stay within
// [MaxInput].
func (s source) load(total *atomic.Int64) ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	r, err := s.open()
	if err != nil {
		return nil, err
	}
	text, err := readAll(r, total)
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, &DocumentError{File: s.name, Err: err} // the last document may be cut short
	}
	return decodeUTF16(s.name, text)
}

// readAll reads until the end, an error or the limit. It joins pieces in the end,
// since a buffer that grows takes three times the size of large input.
func readAll(r io.Reader, total *atomic.Int64) ([]byte, error) {
	var pieces [][]byte
	piece := make([]byte, 0, firstPiece(r))
	for {
		n, err := r.Read(piece[len(piece):cap(piece)])
		piece = piece[:len(piece)+n]
		switch {
		case total.Add(int64(n)) > MaxInput:
			return nil, &LimitError{"bytes of input", MaxInput}
		case errors.Is(err, io.EOF) && len(pieces) == 0:
			return piece, nil
		case errors.Is(err, io.EOF):
			return slices.Concat(append(pieces, piece)...), nil
		case err != nil:
			return nil, err
		}
		if len(piece) == cap(piece) {
			pieces = append(pieces, piece)
			piece = make([]byte, 0, 1<<20)
		}
	}
}

// firstPiece returns how much to read at first: all of a file, if its size is known.
func firstPiece(r io.Reader) int {
	if file, ok := r.(fs.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			return int(min(info.Size(), MaxInput)) + bytes.MinRead
		}
	}
	return 16 << 10
}

// decodeUTF16 returns text in UTF-8. Text in UTF-16, which PowerShell writes when
// output is redirected to a file, is told by its byte order mark.
func decodeUTF16(name string, text []byte) ([]byte, error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(text, []byte{0xFF, 0xFE}):
		order = binary.LittleEndian
	case bytes.HasPrefix(text, []byte{0xFE, 0xFF}):
		order = binary.BigEndian
	default:
		return text, nil
	}
	out := make([]byte, 0, len(text)/2)
	for i := 2; i < len(text); i += 2 {
		if i+1 == len(text) {
			return nil, &DocumentError{File: name, Err: errors.New("the last character of the UTF-16 text is cut off")}
		}
		r := rune(order.Uint16(text[i:]))
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(text) {
				low = rune(order.Uint16(text[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r == '\uFFFD' {
				return nil, &DocumentError{File: name, Line: 1 + bytes.Count(out, []byte{'\n'}), Err: errors.New("half a character in UTF-16 text")}
			}
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}

// A folder is a file system that can be walked: that of the system or an fs.FS.
type folder struct {
	stat func(path string) (fs.FileInfo, error)
	walk func(root string, do fs.WalkDirFunc) error
	open func(path string) (io.ReadCloser, error)
}

// sources lists the file at a path, or the manifests in the folder there.
func (f folder) sources(root string) []source {
	info, err := f.stat(root)
	if err != nil {
		return []source{{name: root, err: err}}
	}
	if !info.IsDir() {
		return []source{f.source(root)}
	}
	var out []source
	err = f.walk(root, func(path string, _ fs.DirEntry, err error) error {
		var info fs.FileInfo
		if err == nil && isManifest(path) {
			info, err = f.stat(path) // follows links, as those of a mounted ConfigMap
		}
		switch {
		case err != nil:
			out = append(out, source{name: path, err: err})
		case info != nil && info.Mode().IsRegular():
			out = append(out, f.source(path))
		}
		return nil
	})
	switch {
	case err != nil:
		out = append(out, source{name: root, err: err})
	case len(out) == 0:
		out = append(out, source{name: root, err: &NoManifestsError{root}})
	}
	return out
}

func (f folder) source(path string) source {
	return source{name: path, open: func() (io.ReadCloser, error) { return f.open(path) }}
}

// isManifest reports whether a file in a folder has the name of a manifest.
func isManifest(name string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(path.Ext(name)))
}
