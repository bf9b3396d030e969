// SPDX-License-Identifier: Apache-2.0

// Package live is the part of identity/mysql that talks to a server: [Snapshot] reads
// who may do what, and [Apply] runs the statements of a recipe one by one, up to the
// first surprise. It is the only importer of the driver.
//
// A server is given as a connector of github.com/go-sql-driver/mysql, so that how to
// reach it, with which TLS and as whom, is the caller's:
//
//	config, err := mysql.ParseDSN("reader:...@tcp(10.20.0.5:3306)/?tls=true")
//	connector, err := mysql.NewConnector(config)
//	snapshot, err := live.Snapshot(ctx, connector)
package live
