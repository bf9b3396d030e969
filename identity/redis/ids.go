// SPDX-License-Identifier: Apache-2.0

package redis

// What a breach is an instance of.
const (
	ReadsKeys       = "redis/reads-keys"       // a key pattern matches keys of production, and a command reads them
	WritesKeys      = "redis/writes-keys"      // the same for commands that change or delete them
	ProbesKeys      = "redis/probes-keys"      // the same for commands that only tell whether a key is there, or of which type
	ReadsChannels   = "redis/reads-channels"   // a channel pattern receives what production publishes
	WritesChannels  = "redis/writes-channels"  // a channel pattern lets messages be sent to production, or to Sentinel
	SeesKeyEvents   = "redis/sees-key-events"  // a channel pattern receives the names of keys that production changes
	ListsKeys       = "redis/lists-keys"       // a command lists the names of all keys
	WatchesKeys     = "redis/watches-keys"     // client-side caching reports the names of keys that production changes
	WatchesCommands = "redis/watches-commands" // a command shows what production executes
	ListsChannels   = "redis/lists-channels"   // a command lists the channels that production uses
	DeletesData     = "redis/deletes-data"     // a command empties or swaps whole databases
	CopiesData      = "redis/copies-data"      // a replica gets everything
	ChangesCode     = "redis/changes-code"     // a command replaces or deletes functions and scripts that production calls
	StopsServer     = "redis/stops-server"     // a command stops, blocks or reroutes the server or its clients
	Administers     = "redis/administers"      // a command changes users, configuration or code of the server, or shows its secrets
	LogsIn          = "redis/logs-in"          // another user can be logged in as, which crosses the boundary
)

// What [Snapshot.Lint] finds.
const (
	NoisyNeighbour = "redis/noisy-neighbour" // memory, evictions and the one thread are shared
	ShowsMetadata  = "redis/shows-metadata"  // a command tells of the server, its clients or its functions, and no key
	LoadsPayloads  = "redis/loads-payloads"  // a command takes serialized values, which the server's parser has to survive
	OutsidePrefix  = "redis/outside-prefix"  // a pattern matches what is neither staging's nor production's
	NoPassword     = "redis/no-password"     // anybody who reaches the server is staging
	DefaultUser    = "redis/default-user"    // the default user is on
	FutureCommands = "redis/future-commands" // what a module brings later is allowed
)
