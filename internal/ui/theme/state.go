package theme

// State is the condition of a thing on the screen. It is drawn as a glyph and
// a colour; the word beside it comes from the caller, so that every state can
// be read without colour and without knowing the glyphs.
type State string

// The states.
const (
	// StateNone draws nothing.
	StateNone State = ""
	// StateGood is "usable", "done", "healthy".
	StateGood State = "good"
	// StateWarn is "expires soon", "delayed".
	StateWarn State = "warn"
	// StateBad is "locked", "failed", "down".
	StateBad State = "bad"
	// StateOff is "not usable", "not yet", "absent".
	StateOff State = "off"
	// StateUnknown is "we do not know", which is said, never hidden.
	StateUnknown State = "unknown"
	// StateBusy is "being asked".
	StateBusy State = "busy"
	// StateCurrent is "this one now".
	StateCurrent State = "current"
)

// Mark returns the glyph and the token a state is drawn with. An unlisted
// state is drawn as unknown: a state we cannot name is not a good one.
func (t *Theme) Mark(s State) (glyph string, token Token) {
	g := t.glyphSet()
	switch s {
	case StateNone:
		return "", Text
	case StateGood:
		return g.Good, Good
	case StateWarn:
		return g.Warn, Warn
	case StateBad:
		return g.Bad, Bad
	case StateOff:
		return g.Off, Dim
	case StateUnknown:
		return g.Unknown, Warn
	case StateBusy:
		return g.Ellipsis, Dim
	case StateCurrent:
		return g.Pointer, Accent
	default:
		return g.Unknown, Warn
	}
}
