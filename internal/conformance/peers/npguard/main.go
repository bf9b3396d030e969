// SPDX-License-Identifier: Apache-2.0

// Command npguard answers with netpol-analyzer of np-guard.
//
//	npguard eval ROOT      the questions of case folders, each asked of its policy engine
//	npguard list ROOT      the same questions, looked up in its list of all connections
//	npguard count FOLDER   how many pods and connected pairs of different pods there are
//	npguard pairs FOLDER   these pairs, a line each
//
// It deletes and writes a file cacheHitsLog.txt in the current directory.
package main

import (
	"fmt"
	"os"

	"github.com/watertight-go/watertight/internal/conformance/peers/cases"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: npguard eval|list ROOT, npguard count|pairs FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(command, path string) error {
	switch command {
	case "eval":
		return cases.Answer(path, "npguard-eval", evaluator)
	case "list":
		return cases.Answer(path, "npguard-list", lister)
	case "count":
		return count(path)
	case "pairs":
		return pairs(path)
	default:
		return fmt.Errorf("command %q: want eval, list, count or pairs", command)
	}
}
