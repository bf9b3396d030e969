// SPDX-License-Identifier: Apache-2.0

package manifest

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/watertight-go/watertight/bulkhead"
)

// maxFileName is how many bytes a file name may have on the file systems of
// Linux, macOS and Windows. A kind of 63, a namespace of 63 and a name of 253
// have more.
const maxFileName = 255

// fileName returns the name of the file of an object. No two objects of one kind
// share it, not even where case does not count: it has lower-case letters only,
// and "__", which stands between namespace and name, can be in neither. A name
// that is too long ends in a hash of all of it.
func fileName(number int, ref bulkhead.Ref) string {
	name := escape(ref.Name)
	if ref.Namespace != "" {
		name = escape(ref.Namespace) + "__" + name
	}
	name = fmt.Sprintf("%02d-%s-%s", number, escape(strings.ToLower(ref.Kind)), name)
	if len(name)+len(".yaml") > maxFileName {
		hash := fmt.Sprintf("__%x", sha256.Sum256([]byte(name)))
		name = name[:maxFileName-len(hash)-len(".yaml")] + hash
	}
	return name + ".yaml"
}

// escape writes each byte that is no lower-case letter, digit, "-" or "." as "_"
// and two hexadecimal digits.
func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	return b.String()
}
