// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// WrittenMark is the first line of each file that [WriteDir] writes, for whoever
// opens one. It does not make a file one of WriteDir's: a copy has it too.
const WrittenMark = "# Written by watertight; the next run replaces this file."

// WrittenList is the file in which [WriteDir] lists the files that it wrote to a
// folder, a name a line. It belongs with them, under version control too: without
// it they count as somebody else's.
const WrittenList = ".watertight"

// A ForeignFileError says that a file which [WriteDir] did not write has the name
// of one that it would write.
type ForeignFileError struct {
	Path string
}

// Error names the file.
func (e *ForeignFileError) Error() string {
	return e.Path + ": not written here, so not replaced; rename or remove it"
}

// written is the files of a folder that WriteDir wrote, by name.
type written map[string]bool

// readWritten reads the list of a folder. There is none before the first call.
func readWritten(dir string) (written, error) {
	path := filepath.Join(dir, WrittenList)
	exists, marked, err := inspect(path)
	switch {
	case err != nil || !exists:
		return nil, err
	case !marked:
		return nil, &ForeignFileError{path}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	names := make(written)
	for name := range strings.Lines(string(text)) {
		name = strings.TrimRight(name, "\r\n")
		if name == filepath.Base(name) { // a list may be edited, but not to reach other folders
			names[name] = true
		}
	}
	return names, nil
}

// save writes the list of a folder.
func (w written) save(dir string) error {
	lines := append([]string{WrittenMark}, slices.Sorted(maps.Keys(w))...)
	text := strings.Join(lines, "\n") + "\n"
	return replaceFiles([]file{{filepath.Join(dir, WrittenList), []byte(text), 0o644}})
}

// refuse returns the error about a file that WriteDir must not replace, since it
// is not in the list or somebody has put another in its place.
func (w written) refuse(path string) error {
	exists, marked, err := inspect(path)
	if ours := marked && w[filepath.Base(path)]; err == nil && exists && !ours {
		return &ForeignFileError{path}
	}
	return err
}

// removeExcept removes the files of the list that are not to be kept. It returns
// the names that are still to be removed, because that failed.
func (w written) removeExcept(dir string, keep written) (left written, err error) {
	left = make(written)
	for _, name := range slices.Sorted(maps.Keys(w)) {
		if keep[name] {
			continue
		}
		path := filepath.Join(dir, name)
		_, marked, failed := inspect(path)
		if marked {
			failed = os.Remove(path)
		}
		if failed != nil {
			left[name] = true
			err = errors.Join(err, failed)
		}
	}
	return left, err
}

// inspect reports whether there is something at a path, and whether it is a file,
// not a link to one, whose first line is [WrittenMark].
func inspect(path string) (exists, marked bool, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return false, false, err
	}
	if !info.Mode().IsRegular() {
		return true, false, nil
	}
	in, err := os.Open(path)
	if err != nil {
		return true, false, err
	}
	defer in.Close()                                   //nolint:errcheck // nothing was written
	head := make([]byte, len(WrittenMark)+len("\r\n")) // of a checkout on Windows
	n, err := io.ReadFull(in, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // a shorter file has no mark
	}
	line, _, ended := strings.Cut(string(head[:n]), "\n")
	return true, ended && strings.TrimSuffix(line, "\r") == WrittenMark, err
}
