// SPDX-License-Identifier: Apache-2.0

package dbtest_test

import (
	"net"
	"testing"

	"github.com/watertight-go/watertight/internal/dbtest"
)

func TestServersStartAndStop(t *testing.T) {
	for name, servers := range map[string]func(*testing.T, func(*testing.T, dbtest.Server)){
		"PostgreSQL": dbtest.PostgreSQL, "MySQL": dbtest.MySQL, "Redis": dbtest.Redis,
	} {
		t.Run(name, func(t *testing.T) {
			var addresses []string
			t.Cleanup(func() {
				for _, address := range addresses {
					if conn, err := net.Dial("tcp4", address); err == nil {
						_ = conn.Close()
						t.Errorf("%s still listens after its test", address)
					}
				}
			})
			servers(t, func(t *testing.T, s dbtest.Server) {
				addresses = append(addresses, s.Address())
				conn, err := net.Dial("tcp4", s.Address())
				if err != nil {
					t.Fatal(err)
				}
				_ = conn.Close()
			})
		})
	}
}
