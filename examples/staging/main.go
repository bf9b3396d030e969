// SPDX-License-Identifier: Apache-2.0

// Command staging runs the whole system on a small shop: it builds a production
// and a staging namespace, walls them off, writes the YAML, reads it back, checks
// it, and prints what stands between the two.
//
//	go run ./examples/staging
//	go run ./examples/staging -break list
//	go run ./examples/staging -break debug-policy   # exit 1
//
// With -break it first makes one of a list of mistakes that people make, and
// prints what the rules say of it. Nothing leaves the machine: the only output
// besides the text is a folder of YAML files.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, onTerminal(os.Stdout)))
}

// run is main without the process, so that tests can call it. It returns the exit
// status: 0, 1 for a finding of severity error, 2 for wrong usage or a failure to
// write.
func run(args []string, stdout, stderr io.Writer, colour bool) int {
	flags := flag.NewFlagSet("staging", flag.ContinueOnError)
	flags.SetOutput(stderr)
	folder := flags.String("out", "out", "write the YAML to this `folder`")
	broken := flags.String("break", "", "make the mistake of this `name` first; \"list\" lists them")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	if *broken == "list" {
		for _, f := range faults() {
			fmt.Fprintf(stdout, "%-20s %s\n", f.name, f.about)
		}
		return 0
	}
	cluster := newCluster()
	if *broken != "" {
		i := slices.IndexFunc(faults(), func(f fault) bool { return f.name == *broken })
		if i < 0 {
			fmt.Fprintf(stderr, "no mistake is called %q; -break list lists them\n", *broken)
			return 2
		}
		faults()[i].inject(cluster)
		fmt.Fprintf(stdout, "mistake: %s\n", faults()[i].about)
	}
	findings, err := writeAndCheck(cluster, *folder, stdout)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	printFindings(stdout, findings, colour)
	if slices.ContainsFunc(findings, func(f placed) bool { return f.Severity == bulkhead.Error }) {
		return 1
	}
	return 0
}

// writeAndCheck writes a file for each bulkhead, reads the folder back, says what
// it holds, and returns what the rules find in it.
func writeAndCheck(c *cluster, folder string, stdout io.Writer) ([]placed, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	var paths []string
	for _, b := range c.bulkheads() {
		path := filepath.Join(folder, b.Namespace+".yaml")
		if err := manifest.WriteFile(path, b.Objects...); err != nil {
			return nil, err
		}
		fmt.Fprintf(stdout, "wrote %s: %d objects\n", path, len(b.Objects))
		paths = append(paths, path)
	}
	set, err := manifest.ReadFiles(paths...)
	if err != nil {
		return nil, err
	}
	printWalls(stdout, set.Objects)
	printShares(stdout, set.Objects)
	if err := errors.Join(printFit(stdout, set.Objects), printRanks(stdout, set.Objects)); err != nil {
		return nil, err
	}
	printIdentities(stdout, set.Objects, c.grants)
	printGuards(stdout, set.Objects)
	rules := append(set.Rules(), c.rules()...)
	return place(bulkhead.Check(set.Objects, rules...), set), nil
}
