package untrusted

import (
	"log/slog"
	"strings"
)

// MaxDisplay is the longest form, in bytes, that [Text.Display] returns.
const MaxDisplay = 4096

// Text is one value from outside. The zero value is the empty text. Texts are comparable with == and usable as
// map keys; equality is that of the exact bytes.
type Text struct {
	raw string
}

// New marks s as coming from outside. It never fails and never alters s.
func New(s string) Text { return Text{raw: s} }

// Raw returns the exact value, for comparing and for writing back, never for showing.
func (t Text) Raw() string { return t.raw }

// IsZero reports whether the text is empty.
func (t Text) IsZero() bool { return t.raw == "" }

// EqualFold reports whether both values are equal under simple Unicode case folding. Look-alike characters of
// different scripts stay different.
func (t Text) EqualFold(other Text) bool { return strings.EqualFold(t.raw, other.raw) }

// String returns the same as [Text.Display].
func (t Text) String() string { return t.Display() }

// Display returns the visible form, at most [MaxDisplay] bytes, ending in "…" when it was cut.
func (t Text) Display() string { return t.DisplayMax(MaxDisplay) }

// DisplayMax returns the visible form in at most limit bytes, ending in "…" when it was cut. A limit smaller than
// the ellipsis counts as the size of the ellipsis, so that a cut is never silent.
func (t Text) DisplayMax(limit int) string {
	limit = max(limit, len(ellipsis))
	if len(t.raw) <= limit && isClean(t.raw) {
		return t.raw
	}
	w := newWalker(t.raw)
	return w.visible(limit)
}

// LogValue returns the visible form, so that a log line cannot be forged.
func (t Text) LogValue() slog.Value { return slog.StringValue(t.Display()) }

// Sanitize returns the visible form of a plain string, bounded like [Text.Display]. It is for strings that are not
// yet a Text, such as the message of an error from a library.
func Sanitize(s string) string { return New(s).Display() }
