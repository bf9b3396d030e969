// SPDX-License-Identifier: Apache-2.0

// Command ci shows what a tool for continuous integration is on top of
// watertight: it reads manifests, judges them, and fails the build.
//
//	go run ./examples/staging -out out
//	go run ./examples/ci check out
//	go run ./examples/ci check -o github out
//	go run ./examples/ci flows -o markdown --from staging --away prod out
//	go run ./examples/ci fit out
//
// Built with go build -o ci ./examples/ci, it also reads a stream, and its exit
// status is what a pipeline needs (go run turns every failure into 1): the worst
// that applies of 3 for bad input or usage, 1 for a finding of severity error, 2 for
// an answer that is unknown, and 0 otherwise, warnings included.
//
//	helm template shop ./chart | ./ci check --namespace shop --waivers waivers.yaml -
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
	statusOK           = 0
	statusFindings     = 1
	statusUndetermined = 2
	statusBadInput     = 3
)

const exitStatuses = "Exit status, the worst that applies: 3 bad input or usage, 1 a finding of severity error, 2 an unknown answer, 0 otherwise."

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process, so that tests can call it.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:           "ci",
		Short:         "Judge Kubernetes manifests by the rules of watertight",
		Long:          "Judge Kubernetes manifests by the rules of watertight.\n\n" + exitStatuses,
		Args:          cobra.NoArgs,
		RunE:          func(*cobra.Command, []string) error { return errors.New("no command; try ci check PATH") },
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	namespaceFlag(root)
	root.AddCommand(checkCommand(), askCommand(), flowsCommand(), diffCommand(), fitCommand())
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(context.Background())
	var found *foundError
	var undetermined *undeterminedError
	switch {
	case err == nil:
		return statusOK
	case errors.As(err, &found):
		return statusFindings
	case errors.As(err, &undetermined):
		return statusUndetermined
	default:
		fmt.Fprintln(stderr, err)
		return statusBadInput
	}
}

// A foundError says that findings of severity error were printed; there is
// nothing more to say on standard error.
type foundError struct{ errors int }

func (e *foundError) Error() string { return fmt.Sprintf("%d findings of severity error", e.errors) }

// An undeterminedError says that some answer was unknown; the answer says why.
type undeterminedError struct{}

func (e *undeterminedError) Error() string { return "an answer is unknown" }
