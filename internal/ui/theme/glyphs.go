package theme

// GlyphSet names a set of drawing characters.
type GlyphSet string

// The glyph sets.
const (
	// GlyphsUnicode draws with one-cell Unicode symbols.
	GlyphsUnicode GlyphSet = "unicode"
	// GlyphsASCII is for terminals and fonts without the symbols, and for
	// East Asian terminals that draw ambiguous symbols two cells wide.
	GlyphsASCII GlyphSet = "ascii"
)

// Glyphs are the drawing characters. Every one is a single cell wide, except
// Ellipsis (three in ASCII) and the key names.
type Glyphs struct {
	// Bad, Warn, Good, Off and Unknown stand in front of the word of a state.
	Bad, Warn, Good, Off, Unknown string
	// Pointer stands in front of the selected row or focused button.
	Pointer string
	// Prompt stands in front of a text field.
	Prompt string
	// Crumb separates the steps of the breadcrumb.
	Crumb string
	// Dot separates short facts on one line.
	Dot string
	// Ellipsis ends a cut text and stands where a value will come.
	Ellipsis string
	// Mask hides a character.
	Mask string
	// Slot is a place of a code that is still to be typed.
	Slot string
	// Rule is the piece of a horizontal line, Divider of a vertical one.
	Rule, Divider string
	// More says that a list goes on.
	More string
	// Replacement stands for a character that must not reach the terminal.
	Replacement string
	// Up, Down, Left and Right are the names of the arrow keys.
	Up, Down, Left, Right string
}

func unicodeGlyphs() Glyphs {
	return Glyphs{
		Bad: "■", Warn: "▲", Good: "●", Off: "○", Unknown: "?",
		Pointer: "▸", Prompt: "›", Crumb: "›", Dot: "·",
		Ellipsis: "…", Mask: "•", Slot: "_",
		Rule: "─", Divider: "│", More: "⋮", Replacement: "\uFFFD",
		Up: "↑", Down: "↓", Left: "←", Right: "→",
	}
}

func asciiGlyphs() Glyphs {
	return Glyphs{
		Bad: "#", Warn: "^", Good: "*", Off: "o", Unknown: "?",
		Pointer: ">", Prompt: ">", Crumb: ">", Dot: "-",
		Ellipsis: "...", Mask: "*", Slot: "_",
		Rule: "-", Divider: "|", More: ":", Replacement: "?",
		Up: "up", Down: "down", Left: "left", Right: "right",
	}
}
