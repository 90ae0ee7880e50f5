package theme

// Token names what a piece of text means; the theme decides how it looks. It
// is a small number rather than a string because it indexes the palette on the
// hot path.
type Token uint8

// The tokens. Accent is for the focus only; Good, Warn and Bad are for states
// only and always stand beside a glyph and a word.
const (
	// Text is ordinary text in the terminal's own colour.
	Text Token = iota
	// Strong is a name or a headline.
	Strong
	// Dim is what may be overlooked: units, notes, codes to search for.
	Dim
	// Accent marks the one place that has the focus.
	Accent
	// Good is a state that needs nothing.
	Good
	// Warn is a state that will need something.
	Warn
	// Bad is a state that stops somebody.
	Bad
	// Rule is the line under the header and between panes.
	Rule
	// Heading is the head of a section or a column.
	Heading
	// Label is the name in front of a value.
	Label
	// Input is text being typed.
	Input
	// Placeholder stands where a value will come.
	Placeholder
	// Disabled is a key or button that cannot be used now.
	Disabled
	// Key is the name of a key.
	Key
	// Danger is the button that destroys something.
	Danger
	// Selection is a selected row or the focused button as a whole.
	Selection

	tokenCount = int(Selection) + 1
)

// Ground is what a line is written on.
type Ground uint8

// The grounds.
const (
	// GroundPlain is the terminal's own background.
	GroundPlain Ground = iota
	// GroundSelected is the background of a selected row.
	GroundSelected

	groundCount = int(GroundSelected) + 1
)
