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
	p, err := reach.ParseProfile(profile)
	if err != nil {
		return nil, err
	}
	set, err := read(cmd, paths)
	documents, others := unread(err)
	if len(set.Objects) == 0 {
		if err == nil {
			err = fmt.Errorf("%s: no object to judge", strings.Join(paths, ", "))
		}
		return nil, err
	}
	cluster, err := reach.New(set.Objects, reach.Options{Profile: p})
	if err != nil {
		return nil, err
	}
	n := &network{Cluster: cluster, set: set, err: others}
	findings := cluster.Findings()
	n.errors = len(findings.Of(bulkhead.Error))
	rows := append(documents, locate(findings, set)...)
	for _, row := range rows {
		fmt.Fprintln(cmd.ErrOrStderr(), row.place()+row.finding.String())
	}
	if len(documents) > 0 {
		n.err = errors.Join(others, errors.New(count(len(documents), "document")+" not read"))
	}
	return n, nil
}

// status is the error that gives the exit status of a command which answers.
func (n *network) status(unknown bool) error {
	switch {
	case n.err != nil:
		return n.err
	case n.errors > 0:
		return &foundError{n.errors}
	case unknown:
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
