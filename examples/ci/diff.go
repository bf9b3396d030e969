// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"

	"github.com/spf13/cobra"

	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/netpol/reach"
)

func diffCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Show which connections a change opens and closes",
		Long: `Show which connections a change opens and closes:
{"added":[flow],"removed":[flow],"changed":[{"from","to","before":[flow],"after":[flow]}],
"external":[{"workload","direction","before":[open],"after":[open]}],
"exposed":[{"from","to","before":[flow],"after":[flow]}],
"isolation":[{"namespace","direction","before","after"}]}.

A flow from a workload to itself is between its pods. External is what is open to addresses
outside the cluster, as {"addresses":["10.0.0.0/8"],"ports":"TCP 443","verdict":"allowed"}.
Exposed is what pods that are yet to be made could do in the namespaces that the change of policies
is about: "shop/*" is a new pod of shop, "*/*" one of a new namespace. Isolation is whether policies
isolate every pod of such a namespace, the next one too.

OLD and NEW are each a file, a folder or, one of them, - for a YAML stream on standard input;
NAMESPACE=PATH works as for the other commands. An OLD without objects, such as /dev/null or an empty folder, is a cluster without anything.
The exit status is 2 if connections are new that only may be open. Other differences do not
change it, nor does what is wrong in OLD.

` + exitStatuses,
		Args: cobra.ExactArgs(2),
	}
	profile := profileFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		if streams(paths...) > 1 {
			return errors.New("only one of OLD and NEW can be standard input")
		}
		before, err := readNetwork(cmd, paths[:1], *profile)
		if isNothing(err) { // there was nothing before the first manifest
			before, err = newNetwork(cmd, &manifest.Set{}, *profile)
		}
		if err != nil {
			return err
		}
		after, err := readNetwork(cmd, paths[1:], *profile)
		if err != nil {
			return err
		}
		encoder := json.NewEncoder(cmd.OutOrStdout())
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		diff := reach.Diff(before.Cluster, after.Cluster)
		if err := encoder.Encode(newChanges(diff, reach.DiffNamespaces(before.Cluster, after.Cluster))); err != nil {
			return err
		}
		if before.err != nil {
			return before.err
		}
		return after.status(newlyUnknown(diff))
	}
	return cmd
}
