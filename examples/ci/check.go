// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol"
)

func checkCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "check PATH...",
		Short: "Run all rules over files, folders, or - for a YAML stream on standard input",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			print, ok := formats()[format]
			if !ok {
				return fmt.Errorf("unknown output format %q; want text, json or github", format)
			}
			return check(paths, cmd.InOrStdin(), cmd.OutOrStdout(), print)
		},
	}
	cmd.Flags().StringVarP(&format, "output", "o", "text", "text, json or github")
	return cmd
}

// check prints the findings of all that could be read, then returns what could
// not, so that one bad document hides nothing.
func check(paths []string, stdin io.Reader, stdout io.Writer, print printer) error {
	sets, badInput := read(paths, stdin)
	var objs []bulkhead.Object
	var findings bulkhead.Findings
	for _, set := range sets {
		objs = append(objs, set.Objects...)
		findings = append(findings, set.Findings()...)
	}
	findings = append(findings, bulkhead.Check(objs, netpol.Rules()...)...).Sorted()
	if err := print(stdout, locate(findings, sets)); err != nil {
		return err
	}
	if badInput != nil {
		return badInput
	}
	if n := len(findings.Of(bulkhead.Error)); n > 0 {
		return &foundError{n}
	}
	return nil
}

// read reads the paths and, for "-", standard input.
func read(paths []string, stdin io.Reader) ([]*manifest.Set, error) {
	var sets []*manifest.Set
	var errs []error
	files := slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return path == "-" })
	if len(files) > 0 {
		set, err := manifest.ReadFiles(files...)
		sets, errs = append(sets, set), append(errs, err)
	}
	if len(files) < len(paths) {
		set, err := manifest.Read("stdin", stdin)
		sets, errs = append(sets, set), append(errs, err)
	}
	return sets, errors.Join(errs...)
}
