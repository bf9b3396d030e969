// SPDX-License-Identifier: Apache-2.0

// Package cases is how programs of this module exchange clusters, questions and
// answers with the tests that compare them: through files.
//
// A root has a folder for each cluster. In it, [Manifests] holds the cluster and
// [Queries] the questions, a JSON line each. A program adds a file of answers, a
// line for each question in the same order: allowed, denied, or refused with a
// reason.
package cases

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// The files of a cluster's folder. Answers are in the peer's name and Suffix.
const (
	Manifests = "cluster.yaml"
	Queries   = "queries.jsonl"
	Suffix    = ".txt"
)

// A Query asks whether a connection can be opened. An end is namespace/name of a
// pod, or an address.
type Query struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Port     int    `json:"port"`
	Protocol string `json:"protocol"`
}

// An Engine answers for the cluster of one folder.
type Engine func(folder string) (func(Query) (bool, error), error)

// Answer writes the answers of an engine beside every cluster below a root. An
// engine that cannot read a cluster refuses all its questions.
func Answer(root, peer string, engine Engine) error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		folder := filepath.Join(root, entry.Name())
		if err := answer(folder, peer, engine); err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
	}
	return nil
}

func answer(folder, peer string, engine Engine) error {
	queries, err := os.Open(filepath.Join(folder, Queries))
	if err != nil {
		return err
	}
	defer func() { _ = queries.Close() }()
	out, err := os.Create(filepath.Join(folder, peer+Suffix))
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(out)
	ask, err := engine(folder)
	if err != nil {
		refusal := err
		ask = func(Query) (bool, error) { return false, refusal }
	}
	err = answerAll(buffered, queries, ask)
	return errors.Join(err, buffered.Flush(), out.Close())
}

func answerAll(out io.Writer, queries io.Reader, ask func(Query) (bool, error)) error {
	decoder := json.NewDecoder(queries)
	for {
		var q Query
		if err := decoder.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		allowed, err := ask(q)
		line := "denied"
		if allowed {
			line = "allowed"
		}
		if err != nil {
			line = fmt.Sprintf("refused: %q", err.Error())
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
}
