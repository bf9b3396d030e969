// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol/reach"
)

// A network is a cluster with the manifests that it was read from.
type network struct {
	*reach.Cluster
	set *manifest.Set
	// err is what was not read; the rest is answered all the same.
	err error
	// errors is the number of findings of severity error about the input.
	errors int
}

// profileFlag adds the flag that picks the dataplane.
func profileFlag(cmd *cobra.Command) *string {
	return cmd.Flags().String("profile", reach.Generic.String(),
		"the dataplane: generic, calico, cilium, gke-dataplane-v2, vpc-cni or reference; with generic, what dataplanes differ in is unknown")
}

// readNetwork reads manifests and prints on stderr what is wrong with them. The
// error says that there is nothing to answer from.
func readNetwork(cmd *cobra.Command, paths []string, profile string) (*network, error) {
	set, err := read(cmd, paths)
	documents, others := unread(err)
	documents, exports := setAside(documents)
	if len(set.Objects) == 0 {
		if err == nil || others == nil && len(documents) == 0 && len(exports) > 0 {
			err = &nothingError{paths}
		}
		return nil, err
	}
	for _, row := range documents {
		fmt.Fprintln(cmd.ErrOrStderr(), row.place()+row.finding.String())
	}
	n, err := newNetwork(cmd, set, profile)
	if err != nil {
		return nil, err
	}
	n.err = others
	if len(documents) > 0 {
		n.err = errors.Join(others, errors.New(count(len(documents), "document")+" not read"))
	}
	return n, nil
}

// newNetwork prints on stderr what is wrong with objects that were read.
func newNetwork(cmd *cobra.Command, set *manifest.Set, profile string) (*network, error) {
	p, err := reach.ParseProfile(profile)
	if err != nil {
		return nil, err
	}
	cluster, err := reach.New(set.Objects, reach.Options{Profile: p})
	if err != nil {
		return nil, err
	}
	findings := cluster.Findings()
	for _, row := range locate(findings, set, nil) {
		fmt.Fprintln(cmd.ErrOrStderr(), row.place()+row.finding.String())
	}
	return &network{Cluster: cluster, set: set, errors: len(findings.Of(bulkhead.Error))}, nil
}

// A nothingError says that files and folders hold no object.
type nothingError struct{ paths []string }

func (e *nothingError) Error() string { return strings.Join(e.paths, ", ") + ": no object to judge" }

// isNothing reports whether an error says just that there is nothing to read.
func isNothing(err error) bool {
	_, nothing := errors.AsType[*nothingError](err)
	_, folder := errors.AsType[*manifest.NoManifestsError](err)
	return nothing || folder
}

// A tally counts what was answered, as far as the exit status depends on it.
type tally struct {
	allowed, unknown int
	breaches         int // answers that must not be
}

func (t *tally) add(v reach.Verdict) {
	switch v {
	case reach.Allowed:
		t.allowed++
	case reach.Unknown:
		t.unknown++
	case reach.Denied:
	}
}

// status is the error that gives the exit status of a command which answers.
func (n *network) status(found tally) error {
	switch {
	case n.err != nil:
		return n.err
	case n.errors+found.breaches > 0:
		return &foundError{n.errors + found.breaches}
	case found.unknown > 0:
		return &undeterminedError{}
	default:
		return nil
	}
}

// lines returns an encoder of JSON lines.
func lines(w io.Writer) *json.Encoder {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder
}
