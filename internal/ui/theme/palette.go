package theme

import (
	"strconv"
	"strings"
)

// look is how one token is drawn. Colours are indices: c256 into the 256-colour
// palette (0 means the terminal's own colour; index 0 itself is never used) and
// c16 a complete SGR parameter (31, 94 ...; 0 means none). b256 is a background.
type look struct {
	c256, b256, c16 uint8
	bold, underline bool
}

// fills says whether the look shows on a blank as well. Sixteen colours have no
// quiet tint: there a row is bold and pointed at instead.
func (l look) fills(d Depth) bool {
	return l.underline || d == Depth256 && l.b256 != 0
}

// sgr returns the SGR parameters of the look at a colour depth, without the
// introducer and the final byte; empty means the terminal's own look.
func (l look) sgr(d Depth) string {
	var p []string
	if l.bold {
		p = append(p, "1")
	}
	if l.underline {
		p = append(p, "4")
	}
	return strings.Join(append(p, l.colours(d)...), ";")
}

func (l look) colours(d Depth) []string {
	var p []string
	if d == Depth256 && l.c256 != 0 {
		p = append(p, "38;5;"+strconv.Itoa(int(l.c256)))
	}
	if d == Depth256 && l.b256 != 0 {
		p = append(p, "48;5;"+strconv.Itoa(int(l.b256)))
	}
	if d == Depth16 && l.c16 != 0 {
		p = append(p, strconv.Itoa(int(l.c16)))
	}
	return p
}

// over lays the look on a ground: its own colours win.
func (l look) over(g look) look {
	if l.b256 == 0 {
		l.b256 = g.b256
	}
	l.bold = l.bold || g.bold
	return l
}

// palette is one theme's looks, and the look of a selected row's ground, which
// the token Selection takes as well.
type palette struct {
	tokens   [tokenCount]look
	selected look
}

func darkPalette() palette {
	p := palette{selected: look{b256: 237}}
	p.tokens = [tokenCount]look{
		Strong:      {bold: true},
		Dim:         {c256: 247, c16: 37},
		Accent:      {c256: 75, c16: 96, bold: true},
		Good:        {c256: 114, c16: 32},
		Warn:        {c256: 221, c16: 33},
		Bad:         {c256: 210, c16: 91, bold: true},
		Rule:        {c256: 240, c16: 90},
		Heading:     {c256: 247, c16: 37},
		Label:       {c256: 247, c16: 37},
		Input:       {c256: 255, c16: 97},
		Placeholder: {c256: 245, c16: 37},
		Disabled:    {c256: 245, c16: 37},
		Key:         {bold: true},
		Danger:      {c256: 210, c16: 91, bold: true},
	}
	return p
}

func lightPalette() palette {
	p := palette{selected: look{b256: 254}}
	p.tokens = [tokenCount]look{
		Strong:      {bold: true},
		Dim:         {c256: 241, c16: 90},
		Accent:      {c256: 25, c16: 34, bold: true},
		Good:        {c256: 22, c16: 32},
		Warn:        {c256: 94, c16: 35},
		Bad:         {c256: 124, c16: 31, bold: true},
		Rule:        {c256: 250, c16: 90},
		Heading:     {c256: 241, c16: 90},
		Label:       {c256: 241, c16: 90},
		Input:       {c256: 16, c16: 30},
		Placeholder: {c256: 242, c16: 90},
		Disabled:    {c256: 242, c16: 90},
		Key:         {bold: true},
		Danger:      {c256: 124, c16: 31, bold: true},
	}
	return p
}

// highContrastPalette is for a dark terminal: nothing below 7:1 (WCAG 2.2,
// 1.4.6), and the selected row is tinted visibly.
func highContrastPalette() palette {
	p := palette{selected: look{b256: 18}}
	p.tokens = [tokenCount]look{
		Text:        {c256: 231, c16: 97},
		Strong:      {c256: 231, c16: 97, bold: true},
		Dim:         {c256: 252, c16: 97},
		Accent:      {c256: 51, c16: 96, bold: true},
		Good:        {c256: 120, c16: 92},
		Warn:        {c256: 227, c16: 93, bold: true},
		Bad:         {c256: 217, c16: 91, bold: true},
		Rule:        {c256: 252, c16: 97},
		Heading:     {c256: 231, c16: 97, underline: true},
		Label:       {c256: 252, c16: 97},
		Input:       {c256: 231, c16: 97, underline: true},
		Placeholder: {c256: 252, c16: 97},
		Disabled:    {c256: 250, c16: 37},
		Key:         {c256: 231, c16: 97, bold: true},
		Danger:      {c256: 217, c16: 91, bold: true},
	}
	return p
}

// colourBlindPalette keeps good, warn and bad apart for protanopia,
// deuteranopia and tritanopia: blue, pale yellow, orange; for a dark terminal.
func colourBlindPalette() palette {
	p := darkPalette()
	p.tokens[Accent] = look{c256: 231, c16: 97, bold: true}
	p.tokens[Good] = look{c256: 75, c16: 94}
	p.tokens[Warn] = look{c256: 229, c16: 93}
	p.tokens[Bad] = look{c256: 208, c16: 33, bold: true}
	p.tokens[Danger] = look{c256: 208, c16: 33, bold: true}
	return p
}
