// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"strings"

	"github.com/np-guard/netpol-analyzer/pkg/logger"
	"github.com/np-guard/netpol-analyzer/pkg/netpol/connlist"
	corev1 "k8s.io/api/core/v1"

	"github.com/watertight-go/watertight/internal/conformance/peers/cases"
)

// list works out all connections of a folder's cluster, as its command list does,
// and does not format them.
func list(folder string) ([]connlist.Peer2PeerConnection, []connlist.Peer, error) {
	quiet := logger.NewDefaultLoggerWithVerbosity(logger.LowVerbosity)
	analyzer := connlist.NewConnlistAnalyzer(connlist.WithLogger(quiet), connlist.WithMuteErrsAndWarns())
	return analyzer.ConnlistFromDirPath(folder)
}

// lister looks connections up in the list. An address is in the list as a part of a
// range, so these are searched.
func lister(folder string) (func(cases.Query) (bool, error), error) {
	connections, _, err := list(folder)
	if err != nil {
		return nil, err
	}
	between := make(map[[2]string]connlist.Peer2PeerConnection)
	var outside []connlist.Peer2PeerConnection
	for _, c := range connections {
		if c.Src().IsPeerIPType() || c.Dst().IsPeerIPType() {
			outside = append(outside, c)
		} else {
			between[[2]string{name(c.Src()), name(c.Dst())}] = c
		}
	}
	return func(q cases.Query) (bool, error) {
		if c, found := between[[2]string{q.From, q.To}]; found {
			return opens(c, q), nil
		}
		for _, c := range outside {
			if is(c.Src(), q.From) && is(c.Dst(), q.To) && opens(c, q) {
				return true, nil
			}
		}
		return false, nil
	}, nil
}

func name(p connlist.Peer) string { return p.Namespace() + "/" + p.Name() }

// is reports whether a peer of the list is the end of a question.
func is(p connlist.Peer, end string) bool {
	address, err := netip.ParseAddr(end)
	if !p.IsPeerIPType() || err != nil {
		return !p.IsPeerIPType() && err != nil && name(p) == end
	}
	for _, part := range strings.Split(p.IP(), ",") {
		first, last, _ := strings.Cut(strings.TrimSpace(part), "-")
		if last == "" {
			last = first
		}
		low, errLow := netip.ParseAddr(first)
		high, errHigh := netip.ParseAddr(last)
		if errLow == nil && errHigh == nil && low.Compare(address) <= 0 && address.Compare(high) <= 0 {
			return true
		}
	}
	return false
}

func opens(c connlist.Peer2PeerConnection, q cases.Query) bool {
	if c.AllProtocolsAndPorts() {
		return true
	}
	for _, ports := range c.ProtocolsAndPorts()[corev1.Protocol(q.Protocol)] {
		// The ranges go over all ports. Whether one is open is known to a type only
		// that cannot be named here.
		open, known := ports.(interface{ InSet() bool })
		if known && open.InSet() && ports.Start() <= int64(q.Port) && int64(q.Port) <= ports.End() {
			return true
		}
	}
	return false
}

// count prints how many pods there are, and how many ordered pairs of different ones
// have a port open.
func count(folder string) error {
	connections, peers, err := list(folder)
	if err != nil {
		return err
	}
	flows := 0
	for _, c := range connections {
		if isFlow(c) {
			flows++
		}
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]int{"pods": len(peers), "flows": flows})
}

// pairs prints those pairs.
func pairs(folder string) error {
	connections, _, err := list(folder)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	for _, c := range connections {
		if isFlow(c) {
			fmt.Fprintln(out, name(c.Src()), name(c.Dst()))
		}
	}
	return out.Flush()
}

func isFlow(c connlist.Peer2PeerConnection) bool {
	return !c.Src().IsPeerIPType() && !c.Dst().IsPeerIPType() && name(c.Src()) != name(c.Dst())
}
