package secret

import (
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
)

// Format implements [fmt.Formatter] for every verb.
func (t *Text) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// String returns [Redacted].
func (t *Text) String() string { return Redacted }

// GoString returns [Redacted].
func (t *Text) GoString() string { return Redacted }

// LogValue returns [Redacted].
func (t *Text) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalJSON returns [Redacted] as a JSON string.
func (t *Text) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalText returns [Redacted].
func (t *Text) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// MarshalXML writes an element that contains [Redacted].
func (t *Text) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(Redacted, start)
}

// GobEncode returns [Redacted].
func (t *Text) GobEncode() ([]byte, error) { return []byte(Redacted), nil }
