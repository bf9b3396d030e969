// SPDX-License-Identifier: Apache-2.0

package mysql

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"net/netip"
	"strconv"
	"strings"
)

// A Client is where somebody connects from, as the server sees it.
type Client struct {
	Address netip.Addr
	// Host is the name that the server resolves the address to; empty where it resolves
	// none (skip_name_resolve).
	Host string
}

// from reports whether the host of an account or a grant matches a client: a name or
// address with wildcards, case aside, or a network, as in 10.0.0.0/255.0.0.0 or, in
// MySQL, 10.0.0.0/8. An empty host matches any.
func (c Client) from(host string) bool {
	if host == "" {
		return true
	}
	if network, ok := parseNetwork(host); ok {
		return network.contains(c.Address)
	}
	host = strings.ToLower(host)
	return like(host, strings.ToLower(c.Host)) && c.Host != "" || c.Address.IsValid() && like(host, c.Address.String())
}

// A network is a host like 10.0.0.0/255.0.0.0. The mask may have holes.
type network struct{ address, mask uint32 }

func (n network) contains(address netip.Addr) bool {
	return address.Is4() && (number(address)^n.address)&n.mask == 0
}

func number(address netip.Addr) uint32 {
	bytes := address.As4()
	return binary.BigEndian.Uint32(bytes[:])
}

// parseNetwork reads a network of IPv4 addresses.
func parseNetwork(host string) (network, bool) {
	before, after, ok := strings.Cut(host, "/")
	address, err := netip.ParseAddr(before)
	if !ok || err != nil || !address.Is4() {
		return network{}, false
	}
	if mask, err := netip.ParseAddr(after); err == nil && mask.Is4() {
		return network{number(address), number(mask)}, true
	}
	length, err := strconv.Atoi(after)
	if err != nil || length < 0 || length > 32 {
		return network{}, false
	}
	return network{number(address), ^uint32(0) << (32 - length)}, true
}

// overlap reports whether one client may match both hosts. It says so of any two of
// which it cannot tell.
func overlap(a, b string) bool {
	if a == b || a == "" || b == "" || a == "%" || b == "%" {
		return true
	}
	literal := func(host string) bool { return !strings.ContainsAny(host, "%_/") }
	address := func(host string) (Client, bool) {
		parsed, err := netip.ParseAddr(host)
		return Client{Address: parsed, Host: host}, err == nil
	}
	if literal(b) {
		a, b = b, a
	}
	first, known := address(a)
	switch {
	case !literal(a):
		return true
	case !literal(b):
		return first.from(b) || !known // a name may have an address of b
	default:
		_, also := address(b)
		return strings.EqualFold(a, b) || known != also
	}
}

// covers reports whether every client that matches one host matches the other.
func covers(wide, narrow string) bool {
	return wide == "" || wide == "%" || strings.EqualFold(wide, narrow)
}

// loopback reports whether only the server's own machine matches a host.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// compareHosts puts first what the server looks at first: MySQL addresses and networks
// before names, the narrower before the wider (sql/auth/sql_auth_cache.cc of MySQL 8.0,
// ACL_compare), MariaDB by the pattern alone.
func compareHosts(s Server, a, b string) int {
	if s.Product == MySQL {
		if c := cmp.Compare(fixed(b), fixed(a)); c != 0 {
			return c
		}
	}
	return comparePatterns(s, a, b, longestHost)
}

// fixed is how many bits of an address a host fixes, and -1 if it is a name or a pattern.
func fixed(host string) int {
	if network, ok := parseNetwork(host); ok {
		return bits.OnesCount32(network.mask)
	}
	if address, err := netip.ParseAddr(host); err == nil {
		return address.BitLen()
	}
	return -1
}
