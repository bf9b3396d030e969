// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/api/validation"

	"github.com/watertight-go/watertight/bulkhead/manifest"
)

const inputs = `PATH is a file, a folder, or - for a YAML stream on standard input. NAMESPACE=PATH puts objects that
leave their namespace out into that one, as --namespace does for all: helm template leaves it out.
Files of JSON that aws, az and gcloud printed may stand among manifests; only check judges them.`

// stdinName stands for standard input where a file would be named.
const stdinName = "stdin"

// namespaceFlag adds the flag that says where objects go that do not say it.
func namespaceFlag(cmd *cobra.Command) {
	cmd.PersistentFlags().StringP("namespace", "n", "", "the `namespace` of objects that leave theirs out, as helm template does")
}

// An input is something to read, and the namespace of objects that leave theirs out.
type input struct{ namespace, path string }

// inputOf reads PATH or NAMESPACE=PATH. What is there as a file is a path, whatever its
// name.
func inputOf(argument, namespace string) input {
	before, after, found := strings.Cut(argument, "=")
	if _, err := os.Stat(argument); err == nil || !found || after == "" || wrongNamespace(before) != nil {
		return input{namespace, argument}
	}
	return input{before, after}
}

func (i input) isStream() bool { return i.path == "-" }

func wrongNamespace(name string) error {
	if wrong := validation.ValidateNamespaceName(name, false); len(wrong) > 0 {
		return fmt.Errorf("namespace %q: %s", name, strings.Join(wrong, "; "))
	}
	return nil
}

// streams counts the arguments that stand for standard input.
func streams(arguments ...string) int {
	n := 0
	for _, argument := range arguments {
		if inputOf(argument, "").isStream() {
			n++
		}
	}
	return n
}

// read reads the inputs as one set.
func read(cmd *cobra.Command, arguments []string) (*manifest.Set, error) {
	namespace, err := cmd.Flags().GetString("namespace")
	if err != nil {
		return &manifest.Set{}, err
	}
	if namespace != "" {
		if err := wrongNamespace(namespace); err != nil {
			return &manifest.Set{}, err
		}
	}
	if streams(arguments...) > 1 {
		return &manifest.Set{}, errors.New("standard input can be read once")
	}
	groups := make(map[string][]string)
	var order []string
	for _, argument := range arguments {
		in := inputOf(argument, namespace)
		if !slices.Contains(order, in.namespace) {
			order = append(order, in.namespace)
		}
		groups[in.namespace] = append(groups[in.namespace], in.path)
	}
	var sets []*manifest.Set
	var errs []error
	for _, namespace := range order {
		set, err := readPaths(cmd.InOrStdin(), groups[namespace])
		if namespace != "" {
			set = set.In(namespace)
		}
		sets, errs = append(sets, set), append(errs, err)
	}
	return manifest.Merge(sets...), errors.Join(errs...)
}

// readPaths reads files and folders, each file once, and then standard input.
func readPaths(stdin io.Reader, paths []string) (*manifest.Set, error) {
	var sets []*manifest.Set
	var errs []error
	files := slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return path == "-" })
	if len(files) > 0 {
		set, err := manifest.ReadFiles(files...)
		sets, errs = append(sets, set), append(errs, err)
	}
	if len(files) < len(paths) {
		set, err := manifest.Read(stdinName, stdin)
		if err == nil && len(set.Objects) == 0 {
			err = &nothingError{[]string{stdinName}}
		}
		sets, errs = append(sets, set), append(errs, err)
	}
	return manifest.Merge(sets...), errors.Join(errs...)
}

// unread splits what reading returned into a row for each document that was not
// read, and the errors about anything else.
func unread(err error) (documents []located, others error) {
	switch e := err.(type) { //nolint:errorlint // the tree is walked here
	case nil:
		return nil, nil
	case *manifest.DocumentError:
		return []located{newRow(e.Finding(), manifest.Position{File: e.File, Line: e.Line})}, nil
	case interface{ Unwrap() []error }:
		for _, part := range e.Unwrap() {
			rows, rest := unread(part)
			documents, others = append(documents, rows...), errors.Join(others, rest)
		}
		return documents, others
	default:
		return nil, err
	}
}
