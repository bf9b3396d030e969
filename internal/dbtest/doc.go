// SPDX-License-Identifier: Apache-2.0

// Package dbtest starts the database servers of this machine for tests: each on a free
// port of the loopback interface, with a folder of its own, and only while the test
// runs. The script install beside it puts them on a machine.
//
// A test runs once for each server that is there. Without any it is skipped, and fails
// if WATERTIGHT_REQUIRE_DATABASES is set.
package dbtest
