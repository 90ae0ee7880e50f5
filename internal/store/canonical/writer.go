package canonical

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// timeLayout is RFC 3339 with nine digits of a second, always in UTC.
const timeLayout = "2006-01-02T15:04:05.000000000Z"

// writer writes one JSON object. Its callers name the keys in sorted order; fields that are empty are left out.
type writer struct {
	out   []byte
	comma bool
	err   error
}

func newWriter() *writer { return &writer{out: append(make([]byte, 0, 1024), '{')} }

func (w *writer) end() ([]byte, error) { return append(w.out, '}'), w.err }

func (w *writer) key(name string) {
	if w.comma {
		w.out = append(w.out, ',')
	}
	w.out = append(quote(w.out, name), ':')
	w.comma = true
}

func (w *writer) text(name, value string) {
	if value == "" {
		return
	}
	w.key(name)
	w.out = quote(w.out, value)
}

func (w *writer) number(name string, value int64) {
	if value == 0 {
		return
	}
	w.key(name)
	w.out = strconv.AppendInt(w.out, value, 10)
}

func (w *writer) flag(name string, value bool) {
	if !value {
		return
	}
	w.key(name)
	w.out = append(w.out, "true"...)
}

func (w *writer) time(name string, value time.Time) {
	if value.IsZero() {
		return
	}
	if y := value.UTC().Year(); y < 1 || y > 9999 {
		w.err = fmt.Errorf("%w: the year %d", ErrForm, y)
		return
	}
	w.key(name)
	w.out = append(w.out, '"')
	w.out = value.UTC().AppendFormat(w.out, timeLayout)
	w.out = append(w.out, '"')
}

// object writes a nested object, and nothing when it would be empty.
func (w *writer) object(name string, fields func()) {
	start, comma := len(w.out), w.comma
	w.key(name)
	w.out = append(w.out, '{')
	w.comma = false
	inner := len(w.out)
	fields()
	w.comma = true
	if len(w.out) == inner {
		w.out, w.comma = w.out[:start], comma
		return
	}
	w.out = append(w.out, '}')
}

func (w *writer) list(name string, values []string) {
	if len(values) == 0 {
		return
	}
	w.key(name)
	for i, v := range values {
		w.out = quote(append(w.out, "[,"[min(i, 1)]), v)
	}
	w.out = append(w.out, ']')
}

// texts writes a map. Keys that differ only in bytes that are not UTF-8 would be equal when written: such keys are refused.
func (w *writer) texts(name string, values map[string]string) {
	w.object(name, func() {
		for _, k := range slices.Sorted(maps.Keys(values)) {
			if !utf8.ValidString(k) || k == "" {
				w.err = fmt.Errorf("%w: a key of %s", ErrForm, name)
				return
			}
			w.text(k, values[k])
		}
	})
}

const hexDigits = "0123456789abcdef"

// quote appends a JSON string as RFC 8785 section 3.2.2.2 writes it. Bytes that are not UTF-8 become U+FFFD.
func quote(out []byte, s string) []byte {
	s = strings.ToValidUTF8(s, "\ufffd")
	out = append(out, '"')
	for i := range len(s) {
		switch b := s[i]; {
		case b == '"' || b == '\\':
			out = append(out, '\\', b)
		case b >= 0x20:
			out = append(out, b)
		case strings.IndexByte("\b\t\n\f\r", b) >= 0:
			out = append(out, '\\', "btn?fr"[b-'\b'])
		default:
			out = append(out, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
		}
	}
	return append(out, '"')
}

// decode reads data into a value and accepts it only if writing the value again gives the same bytes: that is what canonical means.
func decode(data []byte, into any, limit int, again func() ([]byte, error)) error {
	if len(data) > limit {
		return fmt.Errorf("%w: it has %d bytes, the limit is %d", ErrForm, len(data), limit)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: %w", ErrForm, err)
	}
	written, err := again()
	if err != nil {
		return err
	}
	if !bytes.Equal(written, data) {
		return fmt.Errorf("%w: it is not written as it should be", ErrForm)
	}
	return nil
}
