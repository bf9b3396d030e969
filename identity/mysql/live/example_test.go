// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	driver "github.com/go-sql-driver/mysql"

	"github.com/watertight-go/watertight/identity/mysql"
	"github.com/watertight-go/watertight/identity/mysql/live"
)

// Take a snapshot, to be checked where no database is.
func ExampleSnapshot() {
	config, err := driver.ParseDSN(os.Getenv("READER_DSN"))
	if err != nil {
		fmt.Println(err)
		return
	}
	connector, err := driver.NewConnector(config)
	if err != nil {
		fmt.Println(err)
		return
	}
	snapshot, err := live.Snapshot(context.Background(), connector)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = json.NewEncoder(os.Stdout).Encode(snapshot)
}

// Make staging, once the statements were reviewed.
func ExampleApply() {
	connector, err := driver.NewConnector(driver.NewConfig()) // with an address, a user and TLS
	if err != nil {
		fmt.Println(err)
		return
	}
	snapshot, err := live.Snapshot(context.Background(), connector)
	if err != nil {
		fmt.Println(err)
		return
	}
	made, err := snapshot.Recipe(mysql.Staging{
		Database: "shop_stg",
		Users:    []mysql.User{{Name: mysql.Name{User: "stg", Host: "%"}, Privileges: mysql.ReadWrite(), MaxUserConnections: 10}}, // made by IAM
		Away:     mysql.Side{Databases: []string{"shop_prod"}, Users: []string{"prod"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	steps, err := live.Apply(context.Background(), connector, made.Statements)
	for _, step := range steps {
		fmt.Println(step.Outcome, step.Statement)
	}
	fmt.Println(made.Proof.Verdict, err)
}
