package untrusted

import (
	"fmt"
	"strconv"
)

// Format implements [fmt.Formatter]: no verb prints the raw value. %q quotes readable text readably and anything
// else in ASCII; %x and %X give the exact bytes in hexadecimal.
func (t Text) Format(f fmt.State, verb rune) {
	switch verb {
	case 'v':
		if f.Flag('#') {
			_, _ = fmt.Fprint(f, t.GoString())
			return
		}
		_, _ = fmt.Fprintf(f, fmt.FormatString(plain{f}, 's'), t.Display())
	case 's':
		_, _ = fmt.Fprintf(f, fmt.FormatString(f, 's'), t.Display())
	case 'q':
		_, _ = fmt.Fprint(f, t.quoted())
	case 'x', 'X':
		_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), t.raw)
	default:
		_, _ = fmt.Fprintf(f, "%%!%c(untrusted.Text=%s)", verb, t.Display())
	}
}

// GoString returns an ASCII Go expression of the exact value.
func (t Text) GoString() string { return "untrusted.New(" + strconv.QuoteToASCII(t.raw) + ")" }

func (t Text) quoted() string {
	if isClean(t.raw) {
		return strconv.Quote(t.Display())
	}
	return strconv.QuoteToASCII(t.raw)
}

// plain hides the flags that mean something else to %s than to %v.
type plain struct{ fmt.State }

// Flag reports only the alignment of the wrapped state.
func (p plain) Flag(c int) bool { return c == '-' && p.State.Flag(c) }
