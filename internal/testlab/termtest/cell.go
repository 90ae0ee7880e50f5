package termtest

import (
	"fmt"
	"image/color"
	"strconv"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Color is the colour of a cell as it was asked for: "" is the terminal's own,
// "0" to "255" a palette entry, "#rrggbb" a true colour.
type Color string

// Style is how a cell is drawn. Styles compare with ==.
type Style struct {
	Foreground    Color
	Background    Color
	Bold          bool
	Faint         bool
	Italic        bool
	Blink         bool
	Reverse       bool
	Conceal       bool
	Strikethrough bool
	// Underline is 0 for none, 1 for a plain one, up to 5 for the other kinds.
	Underline int
	// UnderlineColor is the colour of the underline, if it has one of its own.
	UnderlineColor Color
}

// Cell is one place on a screen. Cells compare with ==.
type Cell struct {
	// Text is a grapheme; empty for the right half of a wide one.
	Text string
	// Width is the number of cells Text fills; 0 for the right half of a wide one.
	Width int
	// Style is how Text is drawn.
	Style Style
	// Link is the address of a hyperlink (OSC 8); no program of ours sets one.
	Link string
}

// CellOf is a cell of ultraviolet, which draws for Bubble Tea; nil is a blank.
func CellOf(c *uv.Cell) Cell {
	if c == nil {
		return Cell{Text: " ", Width: 1}
	}
	return Cell{Text: c.Content, Width: c.Width, Style: newStyle(c.Style), Link: c.Link.URL}
}

func newStyle(s uv.Style) Style {
	return Style{
		Foreground:     newColor(s.Fg),
		Background:     newColor(s.Bg),
		Bold:           s.Attrs&uv.AttrBold != 0,
		Faint:          s.Attrs&uv.AttrFaint != 0,
		Italic:         s.Attrs&uv.AttrItalic != 0,
		Blink:          s.Attrs&(uv.AttrBlink|uv.AttrRapidBlink) != 0,
		Reverse:        s.Attrs&uv.AttrReverse != 0,
		Conceal:        s.Attrs&uv.AttrConceal != 0,
		Strikethrough:  s.Attrs&uv.AttrStrikethrough != 0,
		Underline:      int(s.Underline),
		UnderlineColor: newColor(s.UnderlineColor),
	}
}

func newColor(c color.Color) Color {
	switch c := c.(type) {
	case nil:
		return ""
	case ansi.BasicColor:
		return Color(strconv.Itoa(int(c)))
	case ansi.IndexedColor:
		return Color(strconv.Itoa(int(c)))
	default:
		r, g, b, _ := c.RGBA()
		return Color(fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8))
	}
}
