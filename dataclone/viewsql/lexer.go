// SPDX-License-Identifier: Apache-2.0

package viewsql

import (
	"strings"
	"unicode/utf8"
)

// lexer cuts a text into tokens as GoogleSQL does (BigQuery documentation, "Lexical
// structure and syntax"; ZetaSQL, zetasql/parser/flex_tokenizer.l).
type lexer struct {
	sql    string
	tokens []token
	open   []int // indexes of the brackets that wait for their other end
	at     int
	fault  *Notice
}

// lex returns the tokens of a text with one of endOfText behind them, or what is wrong
// with the text.
func lex(sql string) ([]token, *Notice) {
	l := &lexer{sql: sql}
	if !utf8.ValidString(sql) {
		for i, r := range sql {
			if r == utf8.RuneError && !strings.HasPrefix(sql[i:], "\uFFFD") {
				return nil, &Notice{Reason: InvalidUTF8, Position: Position{Offset: i}, Detail: "the text is not UTF-8"}
			}
		}
	}
	for l.fault == nil && l.skipSpace() {
		l.next()
	}
	if l.fault == nil && len(l.open) > 0 {
		t := l.tokens[l.open[len(l.open)-1]]
		l.refuse(Unbalanced, t.start, t.end, "the bracket is not closed")
	}
	l.at = len(sql)
	l.emit(token{kind: endOfText}, len(sql))
	return l.tokens, l.fault
}

func (l *lexer) refuse(r Reason, start, end int, detail string) {
	if l.fault == nil {
		l.fault = &Notice{Reason: r, Position: Position{Offset: start}, Text: l.sql[start:end], Detail: detail}
	}
}

// emit adds a token that goes from here to end.
func (l *lexer) emit(t token, end int) {
	t.start, t.end = l.at, end
	l.tokens = append(l.tokens, t)
	l.at = end
}

// last returns the nth token from the end, from 1.
func (l *lexer) last(n int) token {
	if n > len(l.tokens) {
		return token{}
	}
	return l.tokens[len(l.tokens)-n]
}

// skipSpace goes to the next token and tells whether there is one.
func (l *lexer) skipSpace() bool {
	for l.at < len(l.sql) {
		rest := l.sql[l.at:]
		switch {
		case strings.HasPrefix(rest, "--"), rest[0] == '#':
			n := strings.IndexAny(rest, "\r\n")
			if n < 0 {
				n = len(rest)
			}
			l.at += n
		case strings.HasPrefix(rest, "/*"):
			n := strings.Index(rest[2:], "*/")
			if n < 0 {
				l.refuse(Unterminated, l.at, l.at+2, "the comment has no end")
				return false
			}
			l.at += n + 4
		default:
			n := spaceLen(rest)
			if n == 0 {
				return true
			}
			l.at += n
		}
	}
	return false
}

// spaceLen returns the length of the white space character that s begins with, or 0.
func spaceLen(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case r == ' ', '\b' <= r && r <= '\r', r == 0xA0, 0x2000 <= r && r <= 0x200A, r == 0x202F, r == 0x205F, r == 0x3000:
		return n
	}
	return 0
}

// next reads the token that begins here.
func (l *lexer) next() {
	c := l.sql[l.at]
	switch {
	case c == '\'' || c == '"':
		l.literal(l.at)
	case c == '`':
		l.quoted()
	case isLetter(c):
		l.word()
	case isDigit(c) || c == '.' && !l.dotFollows() && l.at+1 < len(l.sql) && isDigit(l.sql[l.at+1]):
		l.number()
	case c == '@':
		l.parameter()
	default:
		l.symbol()
	}
}

// dotFollows tells whether a dot here goes on with what the last token ends, rather
// than beginning a number.
func (l *lexer) dotFollows() bool {
	switch t := l.last(1); t.kind {
	case quoted, parameter:
		return true
	case word:
		return !reserved(t.keyword)
	case number:
		return t.continues
	case symbol:
		return strings.IndexByte(")]?", l.sql[t.start]) >= 0
	default:
		return false
	}
}

// afterDot tells whether the next token follows a dot of a path, and so is a name even
// if it looks like a keyword or a number.
func (l *lexer) afterDot() bool {
	t := l.last(1)
	return t.continues && t.kind == symbol
}

// dashed tells whether the next token continues an unquoted name by a dash without
// space on either side, as in my-project-1.
func (l *lexer) dashed() bool {
	dash, before := l.last(1), l.last(2)
	if dash.kind != symbol || l.sql[dash.start] != '-' || dash.end != l.at || before.end != dash.start {
		return false
	}
	return before.kind == word && before.keyword != "" && !reserved(before.keyword) || before.continues && before.kind != symbol
}

func (l *lexer) word() {
	end := l.at + wordLen(l.sql[l.at:])
	if end < len(l.sql) && (l.sql[end] == '\'' || l.sql[end] == '"') {
		switch strings.ToLower(l.sql[l.at:end]) {
		case "r", "b", "rb", "br":
			l.literal(end)
			return
		}
	}
	t := token{kind: word, continues: l.dashed()}
	keyword := strings.ToUpper(l.sql[l.at:end])
	switch {
	case !l.afterDot():
		t.keyword = keyword
	case l.last(2).kind == number && reserved(keyword):
		// a-1.from: the number may as well end with the dot.
		l.refuse(UnknownSyntax, l.at, end, "a keyword follows a number and a dot without space")
	}
	l.emit(t, end)
}

// number reads a number. One that continues an unquoted name, as in my-project-1.dataset,
// leaves the dot alone.
func (l *lexer) number() {
	end, s := l.at, l.sql
	switch {
	case l.afterDot() && s[end] != '.':
		l.emit(token{kind: word}, end+wordLen(s[end:]))
		return
	case l.dashed():
		l.emit(token{kind: number, continues: true}, end+wordLen(s[end:]))
		return
	case strings.HasPrefix(s[end:], "0x"), strings.HasPrefix(s[end:], "0X"):
		l.emit(token{kind: number}, end+wordLen(s[end:]))
		return
	}
	end += digitsLen(s[end:])
	if end < len(s) && s[end] == '.' {
		end += 1 + digitsLen(s[end+1:])
	}
	if end < len(s) && s[end]|0x20 == 'e' {
		exponent := end + 1
		if exponent < len(s) && (s[exponent] == '+' || s[exponent] == '-') {
			exponent++
		}
		if n := digitsLen(s[exponent:]); n > 0 {
			end = exponent + n
		}
	}
	if end < len(s) && isLetter(s[end]) && s[end-1] != '.' {
		l.refuse(UnknownSyntax, l.at, end+wordLen(s[end:]), "a number and a name without space between them")
	}
	l.emit(token{kind: number}, end)
}

func (l *lexer) parameter() {
	end := l.at + 1
	if end < len(l.sql) && l.sql[end] == '@' {
		end++
	}
	if end < len(l.sql) && isLetter(l.sql[end]) {
		l.emit(token{kind: parameter}, end+wordLen(l.sql[end:]))
		return
	}
	if end-l.at == 2 {
		l.refuse(UnknownSyntax, l.at, end, "the name of a system variable has to follow at once and without backticks")
	}
	l.emit(token{kind: symbol}, end) // of a hint, or of @`name`
}

func (l *lexer) symbol() {
	c := l.sql[l.at]
	switch {
	case strings.HasPrefix(l.sql[l.at:], "|>"), strings.HasPrefix(l.sql[l.at:], "||"):
		l.emit(token{kind: symbol}, l.at+2)
	case strings.IndexByte("([{", c) >= 0:
		l.open = append(l.open, len(l.tokens))
		l.emit(token{kind: symbol}, l.at+1)
	case strings.IndexByte(")]}", c) >= 0:
		l.closing(c)
	case c == '.':
		l.emit(token{kind: symbol, continues: l.dotFollows()}, l.at+1)
	case strings.IndexByte("~^&|*/+-<>=!%:;,?", c) >= 0:
		l.emit(token{kind: symbol}, l.at+1)
	default:
		_, n := utf8.DecodeRuneInString(l.sql[l.at:])
		l.refuse(UnknownCharacter, l.at, l.at+n, "no token begins with this character")
	}
}

func (l *lexer) closing(c byte) {
	n := len(l.open) - 1
	if n < 0 || strings.IndexByte("([{", l.sql[l.tokens[l.open[n]].start]) != strings.IndexByte(")]}", c) {
		l.refuse(Unbalanced, l.at, l.at+1, "the bracket closes none")
		return
	}
	l.tokens[l.open[n]].match = len(l.tokens)
	l.open = l.open[:n]
	l.emit(token{kind: symbol}, l.at+1)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }

func digitsLen(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// wordLen returns how many bytes of letters, digits and underscores s begins with.
func wordLen(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || isDigit(s[n])) {
		n++
	}
	return n
}
