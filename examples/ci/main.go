// SPDX-License-Identifier: Apache-2.0

// Command ci shows what a tool for continuous integration is on top of
// watertight: it reads manifests, judges them, and fails the build.
//
//	go run ./examples/staging -out out
//	go run ./examples/ci check out
//	go run ./examples/ci check -o github out
//
// Built with go build -o ci ./examples/ci, it also reads a stream:
//
//	helm template shop ./chart | ./ci check -
//
// Exit status, the worst that applies: 3 for bad input or usage, 1 for a finding
// of severity error, 0 otherwise.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Exit statuses. A finding of severity warning leaves the status at 0.
const (
	statusOK       = 0
	statusFindings = 1
	statusBadInput = 3
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process, so that tests can call it.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:           "ci",
		Short:         "Judge Kubernetes manifests: does staging stay apart from production?",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(checkCommand())
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(context.Background())
	var found *foundError
	switch {
	case err == nil:
		return statusOK
	case errors.As(err, &found):
		return statusFindings
	default:
		fmt.Fprintln(stderr, err)
		return statusBadInput
	}
}

// A foundError says that findings of severity error were printed; there is
// nothing more to say on standard error.
type foundError struct{ errors int }

func (e *foundError) Error() string { return fmt.Sprintf("%d findings of severity error", e.errors) }
