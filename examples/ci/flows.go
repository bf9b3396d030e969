// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/watertight-go/watertight/netpol/reach"
)

func flowsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "flows PATH...",
		Short: "List the connections between workloads that policies allow",
		Long: `List the connections between workloads that policies allow, a JSON line for each pair:
{"from":"shop/web","to":"shop/db","ports":"TCP 5432","verdict":"allowed"}.

Ports that may be open have a line of their own, with the verdict unknown.

With --from and --away it lists only what crosses from one side to the other, and the exit
status is 1 if something does.

With --count it prints only {"pods":3,"flows":5}: how many workloads there are, each with all its
pods counted once, and how many ordered pairs of different ones have a port that is surely open.

With -o markdown it prints a comment for a pull request, with a diagram that GitHub draws,
and with -o html a page with a picture. What crosses from one namespace to another is red;
with --from and --away, only what crosses from one side to the other.

` + inputs + "\n\n" + exitStatuses,
		Args: cobra.MinimumNArgs(1),
	}
	profile := profileFlag(cmd)
	by := cmd.Flags().String("by", "", "namespace: a line for each pair of namespaces")
	counted := cmd.Flags().Bool("count", false, "print only the number of workloads, as pods, and of pairs with an open port, as flows")
	var d drawing
	cmd.Flags().StringVarP(&d.output, "output", "o", "json", "json, markdown or html")
	cmd.Flags().StringArrayVar(&d.from, "from", nil, "a namespace that must not reach those of --away; repeats")
	cmd.Flags().StringArrayVar(&d.away, "away", nil, "a namespace that those of --from must not reach; repeats")
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		switch {
		case *by != "" && *by != "namespace":
			return fmt.Errorf("--by %q: want namespace", *by)
		case *by != "" && *counted:
			return errors.New("--by and --count exclude each other")
		}
		if err := d.check(*by != "" || *counted); err != nil {
			return err
		}
		n, err := readNetwork(cmd, paths, *profile)
		if err != nil {
			return err
		}
		buffered := bufio.NewWriter(cmd.OutOrStdout())
		list := n.flows
		switch {
		case d.output != "json":
			list = d.draw(n)
		case d.sides():
			list = d.crossing(n)
		case *counted:
			list = n.count
		case *by != "":
			list = n.byNamespace
		}
		found, err := list(buffered)
		return cmp.Or(errors.Join(err, buffered.Flush()), n.status(found))
	}
	return cmd
}

// A flow is a line of the output of flows.
type flow struct {
	From    string        `json:"from"`
	To      string        `json:"to"`
	Ports   string        `json:"ports"`
	Verdict reach.Verdict `json:"verdict"`
}

func newFlow(f reach.Flow) flow {
	return flow{f.From.String(), f.To.String(), f.Ports.String(), f.Verdict}
}

func (n *network) flows(w io.Writer) (tally, error) { return print(w, n.Flows()) }

// print prints a line for each flow.
func print(w io.Writer, flows iter.Seq[reach.Flow]) (found tally, err error) {
	encoder := lines(w)
	for f := range flows {
		found.add(f.Verdict)
		if err := encoder.Encode(newFlow(f)); err != nil {
			return found, err
		}
	}
	return found, nil
}

func (n *network) count(w io.Writer) (found tally, err error) {
	c := n.Count()
	if c.Unknown {
		found.unknown++
	}
	return found, lines(w).Encode(struct {
		Pods  int `json:"pods"`
		Flows int `json:"flows"`
	}{c.Workloads, c.Flows})
}

// byNamespace adds the flows up by namespaces. Those inside one namespace are a line
// too.
func (n *network) byNamespace(w io.Writer) (found tally, err error) {
	type pair struct{ from, to string }
	type open struct{ allowed, unknown reach.Ports }
	sums := make(map[pair]open)
	for f := range n.Flows() {
		key := pair{f.From.Namespace(), f.To.Namespace()}
		sum := sums[key]
		if f.Verdict == reach.Allowed {
			sum.allowed = add(sum.allowed, f.Ports)
		} else {
			sum.unknown = add(sum.unknown, f.Ports)
		}
		sums[key] = sum
	}
	keys := slices.SortedFunc(maps.Keys(sums), func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	encoder := lines(w)
	for _, key := range keys {
		sum := sums[key]
		for _, line := range []flow{
			{key.from, key.to, sum.allowed.String(), reach.Allowed},
			{key.from, key.to, sum.unknown.Minus(sum.allowed).String(), reach.Unknown},
		} {
			if line.Ports == (reach.Ports{}).String() {
				continue
			}
			found.add(line.Verdict)
			if err := encoder.Encode(line); err != nil {
				return found, err
			}
		}
	}
	return found, nil
}

// add is the union of two sets, most of which are equal.
func add(a, b reach.Ports) reach.Ports {
	if a.Equal(b) || a.All() {
		return a
	}
	return a.Union(b)
}
