package untrusted

import (
	"encoding/json"
	"fmt"
	"unicode/utf16"
)

// MarshalJSON returns a JSON string in which every character that must not be shown is written as \uXXXX: a reader
// gets the exact value back, a terminal that shows the document stays safe. Bytes that are not UTF-8 cannot be
// carried by JSON and become U+FFFD.
func (t Text) MarshalJSON() ([]byte, error) {
	out := make([]byte, 0, len(t.raw)+2)
	out = append(out, '"')
	w := newWalker(t.raw)
	for u, ok := w.next(); ok; u, ok = w.next() {
		out = appendJSON(out, t.raw, u)
	}
	return append(out, '"'), nil
}

func appendJSON(out []byte, s string, u unit) []byte {
	switch {
	case u.bad:
		return append(out, `\ufffd`...)
	case u.r == '"', u.r == '\\':
		return append(out, '\\', byte(u.r))
	case u.shown && u.r != '<' && u.r != '>' && u.r != '&':
		return append(out, s[u.from:u.to]...)
	case u.r > 0xffff:
		high, low := utf16.EncodeRune(u.r)
		return fmt.Appendf(out, `\u%04x\u%04x`, high, low)
	default:
		return fmt.Appendf(out, `\u%04x`, u.r)
	}
}

// UnmarshalJSON takes a JSON string as the raw value. A JSON null leaves the text unchanged, as is the custom of
// encoding/json; anything else is an error.
func (t *Text) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("untrusted: a JSON string is expected: %w", err)
	}
	t.raw = s
	return nil
}
