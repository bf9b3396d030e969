// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/watertight-go/watertight/bulkhead"
	"github.com/watertight-go/watertight/bulkhead/guard"
	"github.com/watertight-go/watertight/bulkhead/manifest"
	"github.com/watertight-go/watertight/identity"
	"github.com/watertight-go/watertight/identity/secrets"
	"github.com/watertight-go/watertight/netpol"
	"github.com/watertight-go/watertight/netpol/reach"
	"github.com/watertight-go/watertight/quota"
	"github.com/watertight-go/watertight/quota/schedule"
)

func checkCommand() *cobra.Command {
	var format, waiverFile, failOn string
	var profile *string
	cmd := &cobra.Command{
		Use:   "check PATH...",
		Short: "Run all rules over manifests",
		Long:  "Run all rules over manifests, and over the trust policies, federated credentials and conditions in exports.\n\n" + inputs + "\n\n" + exitStatuses,
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			print, ok := formats()[format]
			if !ok {
				return fmt.Errorf("unknown output format %q; want text, json or github", format)
			}
			waivers, err := readWaivers(waiverFile)
			if err != nil {
				return err
			}
			dataplane, err := reach.ParseProfile(*profile)
			if err != nil {
				return err
			}
			var least bulkhead.Severity
			if err := least.UnmarshalText([]byte(failOn)); err != nil {
				return fmt.Errorf("--fail-on: %w", err)
			}
			return check(cmd, paths, print, waivers, dataplane, least)
		},
	}
	cmd.Flags().StringVarP(&format, "output", "o", "text", "text, json or github")
	profile = profileFlag(cmd)
	cmd.Flags().StringVar(&failOn, "fail-on", bulkhead.Error.String(), "the least `severity` of a finding that makes the exit status 1: error or warning")
	cmd.Flags().StringVar(&waiverFile, "waivers", "", "a YAML `file` with a list of waivers: rule, object, reason")
	return cmd
}

// check prints the findings of all that could be read and, beside them, what
// could not, so that one bad document hides nothing.
func check(cmd *cobra.Command, paths []string, print printer, waivers []waiver, dataplane reach.Profile, failOn bulkhead.Severity) error {
	set, err := read(cmd, paths)
	documents, others := unread(err)
	documents, exports := setAside(documents)
	if len(set.Objects) == 0 && len(documents) == 0 && len(exports) == 0 {
		if others == nil { // a pipe whose first command failed looks like this
			others = fmt.Errorf("%s: no object to judge", strings.Join(paths, ", "))
		}
		return others
	}
	rules := slices.Concat(set.Rules(), netpol.Rules(), reach.Rules(reach.Options{Profile: dataplane}), quota.Rules(), schedule.Rules(), identity.Rules(), secrets.Rules(), guard.Rules())
	inExports, parts := judgeExports(exports)
	documents = append(documents, parts...)
	findings := append(once(bulkhead.Check(set.Objects, rules...)), slices.Collect(maps.Keys(inExports))...)
	findings = findings.Waive(matched(waivers, set.Objects, inExports)...)
	if err := print(cmd.OutOrStdout(), judgement{append(documents, locate(findings, set, inExports)...), set.Untyped()}); err != nil {
		return err
	}
	failing := findings.Of(bulkhead.Error)
	if failOn == bulkhead.Warning {
		failing = findings
	}
	switch n := len(failing); {
	case len(documents) == 1:
		return errors.Join(others, errors.New("1 document was not read"))
	case len(documents) > 1:
		return errors.Join(others, fmt.Errorf("%d documents were not read", len(documents)))
	case others != nil:
		return others
	case n > 0:
		return &foundError{n}
	default:
		return nil
	}
}

// once leaves out what is said about the same objects twice: the rule of manifests,
// which knows the places of both, is the better one.
func once(findings bulkhead.Findings) bulkhead.Findings {
	placed := make(map[bulkhead.Ref]bool)
	for _, f := range findings {
		placed[f.Object] = placed[f.Object] || f.Rule == manifest.DuplicateObject
	}
	return slices.DeleteFunc(findings, func(f bulkhead.Finding) bool { return f.Rule == reach.DuplicateObject && placed[f.Object] })
}
