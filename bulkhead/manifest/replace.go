// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// A file is a text and the path where it is to stand.
type file struct {
	path string
	text []byte
	mode os.FileMode // of a new file, less the umask
}

// replaceFiles puts the files in their places, each in one step. All of them are
// written under temporary names first, so that a full disk changes none.
func replaceFiles(files []file) (err error) {
	var temps []string
	defer func() {
		for _, temp := range temps {
			err = errors.Join(err, os.Remove(temp))
		}
	}()
	for _, f := range files {
		temp, err := f.stage()
		if err != nil {
			return err
		}
		temps = append(temps, temp)
	}
	for _, f := range files {
		if err := os.Rename(temps[0], f.path); err != nil {
			return err
		}
		temps = temps[1:]
	}
	return nil
}

// stage writes the text under a temporary name in the same folder. The name is
// short, whatever the file is called, and no reader takes it for a manifest.
func (f file) stage() (temp string, err error) {
	mode := f.mode
	old, missing := os.Stat(f.path)
	if missing == nil {
		mode = 0o600 // until it has the permissions of the old file
	}
	temp = filepath.Join(filepath.Dir(f.path), "."+rand.Text()+".tmp")
	out, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return "", err
	}
	if missing == nil {
		err = out.Chmod(old.Mode().Perm())
	}
	_, failed := out.Write(f.text)
	// Sync comes before the rename, or a crash of the machine could leave an empty
	// file under the name. No test here can see that.
	err = errors.Join(err, failed, out.Sync(), out.Close())
	if err != nil {
		return "", errors.Join(err, os.Remove(temp))
	}
	return temp, nil
}

// targetOf follows the symbolic links of a path to the file to replace. It
// refuses what is no regular file, since a rename would put one in its place.
func targetOf(path string) (string, error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", &fs.PathError{Op: "write", Path: path, Err: errors.New("not a regular file")}
	}
	return filepath.EvalSymlinks(path)
}
