// SPDX-License-Identifier: Apache-2.0

package manifest

// A jsonReader makes nodes of a valid JSON text, in one go over it.
type jsonReader struct {
	text []byte
	i    int   // of the next byte
	seen int   // bytes before at
	at   place // of the byte behind those seen
	size int
}

// here returns the place of the next byte.
func (r *jsonReader) here() place {
	r.at, r.seen = r.at.after(r.text[r.seen:r.i]), r.i
	return r.at
}

// next passes over space and any of the bytes of filler, and returns the byte behind.
func (r *jsonReader) next(filler byte) byte {
	r.i = skipSpace(r.text, r.i)
	if r.text[r.i] == filler {
		r.i = skipSpace(r.text, r.i+1)
	}
	return r.text[r.i]
}

// read fills n with the value that begins at the next byte.
func (r *jsonReader) read(n *node) {
	r.size++
	switch r.text[r.i] {
	case '{':
		n.kind = mapping
		r.i++
		for r.next(',') != '}' {
			child := node{at: r.here()}
			end := stringEnd(r.text, r.i)
			child.name = stringOf(r.text[r.i:end])
			r.i = end
			r.next(':')
			r.read(&child)
			n.children = append(n.children, child)
		}
		r.i++
	case '[':
		n.kind = sequence
		r.i++
		for r.next(',') != ']' {
			child := node{at: r.here()}
			r.read(&child)
			n.children = append(n.children, child)
		}
		r.i++
	default:
		r.i = jsonEnd(r.text, r.i)
	}
}
