package theme

import (
	"errors"
	"fmt"
)

// Name names a theme.
type Name string

// The themes. All but None draw on the terminal's own background; Dark,
// HighContrast and ColourBlind expect it to be dark, Light to be light.
const (
	Dark         Name = "dark"
	Light        Name = "light"
	HighContrast Name = "high-contrast"
	ColourBlind  Name = "colour-blind"
	// None writes no escape sequence at all (NO_COLOR).
	None Name = "none"
)

// Names returns every theme in the order in which a menu shows them.
func Names() []Name { return []Name{Dark, Light, HighContrast, ColourBlind, None} }

// ErrUnknown is wrapped by the errors of [New]: a theme, depth or glyph set of
// that name does not exist.
var ErrUnknown = errors.New("unknown")

// Options say which theme to make. Empty fields mean Dark, Depth256 and
// GlyphsUnicode.
type Options struct {
	Name   Name
	Depth  Depth
	Glyphs GlyphSet
}

// sequence is what switches a token on: from the plain look, and from the look
// of another token.
type sequence struct{ open, change string }

// reset returns to the terminal's own look.
const reset = "\x1b[m"

// Theme is one look. It is immutable and safe for concurrent use. A nil theme
// is the theme None with Unicode glyphs.
type Theme struct {
	name   Name
	glyphs Glyphs
	seq    [groundCount][tokenCount]sequence
	fills  [tokenCount]bool
	tinted bool // whether the selected ground shows on blanks
}

// New makes a theme. The error wraps [ErrUnknown].
func New(o Options) (*Theme, error) {
	glyphs, err := glyphsOf(o.Glyphs)
	if err != nil {
		return nil, err
	}
	depth, err := checkDepth(o.Depth)
	if err != nil {
		return nil, err
	}
	t := &Theme{name: o.Name, glyphs: glyphs}
	switch o.Name {
	case "", Dark:
		t.name = Dark
		t.paint(darkPalette(), depth)
	case Light:
		t.paint(lightPalette(), depth)
	case HighContrast:
		t.paint(highContrastPalette(), depth)
	case ColourBlind:
		t.paint(colourBlindPalette(), depth)
	case None:
	default:
		return nil, fmt.Errorf("theme %q: %w", string(o.Name), ErrUnknown)
	}
	return t, nil
}

func glyphsOf(s GlyphSet) (Glyphs, error) {
	switch s {
	case "", GlyphsUnicode:
		return unicodeGlyphs(), nil
	case GlyphsASCII:
		return asciiGlyphs(), nil
	default:
		return Glyphs{}, fmt.Errorf("glyph set %q: %w", string(s), ErrUnknown)
	}
}

// paint computes every sequence of the palette.
func (t *Theme) paint(p palette, d Depth) {
	t.tinted = p.selected.fills(d)
	p.selected.bold = !t.tinted
	p.tokens[Selection] = p.selected
	for i, l := range p.tokens {
		t.fills[i] = l.fills(d)
		t.seq[GroundPlain][i] = sequenceOf(l.sgr(d))
		if i == int(Selection) {
			l = look{}
		}
		t.seq[GroundSelected][i] = sequenceOf(l.over(p.selected).sgr(d))
	}
}

func sequenceOf(params string) sequence {
	if params == "" {
		return sequence{change: reset}
	}
	return sequence{open: "\x1b[" + params + "m", change: "\x1b[0;" + params + "m"}
}

// Name returns the theme's name.
func (t *Theme) Name() Name {
	if t == nil {
		return None
	}
	return t.name
}

// Glyphs returns a copy of the theme's drawing characters.
func (t *Theme) Glyphs() Glyphs { return *t.glyphSet() }

func (t *Theme) glyphSet() *Glyphs {
	if t == nil {
		g := unicodeGlyphs()
		return &g
	}
	return &t.glyphs
}

// Paint returns s in the look of the token, ending in the terminal's own look.
// It does not clean s; a [Pen] does.
func (t *Theme) Paint(token Token, s string) string {
	open := t.sequence(GroundPlain, token).open
	if open == "" || s == "" {
		return s
	}
	return open + s + reset
}

func (t *Theme) sequence(g Ground, token Token) sequence {
	if t == nil || int(token) >= tokenCount || int(g) >= groundCount {
		return sequence{}
	}
	return t.seq[g][token]
}
