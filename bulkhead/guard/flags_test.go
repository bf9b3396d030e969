// SPDX-License-Identifier: Apache-2.0

package guard_test

import "flag"

var _ = flag.Bool("update", false, "rewrite fixtures and golden files")
