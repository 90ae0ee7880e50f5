package termtest

import (
	"fmt"
	"html"
	"image/color"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// The geometry of a picture, in SVG units.
const (
	cellWidth  = 8.4
	cellHeight = 18.0
	fontSize   = 14.0
	baseline   = 13.5 // of the text, from the top of its row
	margin     = 12.0
	barHeight  = 28.0 // of the window's title bar
)

// Picture says how a Frame is drawn.
type Picture struct {
	// Foreground and Background are the terminal's own colours; "" is light
	// grey on near black.
	Foreground, Background Color
	// Bare leaves out the window's frame and title bar.
	Bare bool
}

func (p Picture) withDefaults() Picture {
	if p.Foreground == "" {
		p.Foreground = "#d8dee9"
	}
	if p.Background == "" {
		p.Background = "#16181d"
	}
	return p
}

// SVG draws a frame as an SVG document. It needs no font but a monospace one,
// and no file but itself; every run of text says how wide it is, so it lines up
// in whatever font there is.
func (p Picture) SVG(f Frame) string {
	p = p.withDefaults()
	d := drawing{picture: p}
	top := margin
	if !p.Bare {
		top += barHeight
	}
	width, height := float64(f.Cols)*cellWidth+2*margin, float64(f.Rows)*cellHeight+top+margin
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%[1]s" height="%[2]s" role="img">`, number(width), number(height))
	d.printf("\n<title>%s</title>\n", escaped(f.Title))
	d.printf(`<rect width="100%%" height="100%%" rx="%s" fill="%s"/>`+"\n", number(p.radius()), p.Background)
	if !p.Bare {
		d.titleBar(f.Title, width)
	}
	d.printf(`<g transform="translate(%s %s)" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="%s" fill="%s" xml:space="preserve">`+"\n",
		number(margin), number(top), number(fontSize), p.Foreground)
	for y := range f.Cells {
		d.row(y, f.Cells[y])
	}
	d.cursor(f)
	d.printf("</g>\n</svg>\n")
	return d.out.String()
}

// HTML is a page of its own that shows the frame.
func (p Picture) HTML(f Frame) string {
	return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(f.Title) +
		"</title></head>\n<body style=\"margin:0\">\n" + p.SVG(f) + "</body></html>\n"
}

func (p Picture) radius() float64 {
	if p.Bare {
		return 0
	}
	return 8
}

// drawing is a picture in the making.
type drawing struct {
	picture Picture
	out     strings.Builder
}

func (d *drawing) printf(format string, args ...any) {
	fmt.Fprintf(&d.out, format, args...)
}

func (d *drawing) titleBar(title string, width float64) {
	for i, color := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		d.printf(`<circle cx="%s" cy="%s" r="5" fill="%s"/>`, number(margin+5+float64(i)*16), number(barHeight/2+2), color)
	}
	d.printf("\n"+`<text x="%s" y="%s" text-anchor="middle" font-family="sans-serif" font-size="12" fill="%s" opacity="0.7">%s</text>`+"\n",
		number(width/2), number(barHeight/2+6), d.picture.Foreground, escaped(title))
}

// row draws one row: first the backgrounds, then the text over them.
func (d *drawing) row(y int, cells []Cell) {
	runs := runsOf(cells)
	for _, r := range runs {
		if fill := d.picture.background(r.style); fill != d.picture.Background {
			d.rect(r.x, y, r.width, fill)
		}
	}
	drawn := false
	for _, r := range runs {
		if strings.TrimSpace(r.text) == "" && !r.style.decorated() {
			continue
		}
		if !drawn {
			d.printf(`<text y="%s">`, number(float64(y)*cellHeight+baseline))
			drawn = true
		}
		d.run(r)
	}
	if drawn {
		d.printf("</text>\n")
	}
}

func (d *drawing) rect(x, y, width int, fill Color) {
	d.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n",
		number(float64(x)*cellWidth), number(float64(y)*cellHeight), number(float64(width)*cellWidth), number(cellHeight), fill)
}

func (d *drawing) run(r run) {
	d.printf(`<tspan x="%s" textLength="%s" lengthAdjust="spacingAndGlyphs"%s>%s</tspan>`,
		number(float64(r.x)*cellWidth), number(float64(r.width)*cellWidth), d.picture.attributes(r.style), escaped(r.text))
}

// cursor draws the cursor as an outline, so that what is under it can be read.
func (d *drawing) cursor(f Frame) {
	if !f.Cursor.Visible {
		return
	}
	x, y, w, h := float64(f.Cursor.X)*cellWidth, float64(f.Cursor.Y)*cellHeight, cellWidth, cellHeight
	switch f.Cursor.Shape {
	case Bar:
		w = 2
	case Underline:
		y, h = y+h-2, 2
	case Block:
	}
	d.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s" opacity="0.5"/>`+"\n",
		number(x), number(y), number(w), number(h), d.picture.Foreground)
}

// run is a piece of a row with one style.
type run struct {
	x, width int // cells
	text     string
	style    Style
}

// runsOf cuts a row into runs. Graphemes that fonts disagree about are runs of
// their own, so they do not push their neighbours about.
func runsOf(cells []Cell) []run {
	var runs []run
	before := odd
	for x, cell := range cells {
		if cell.Width == 0 {
			continue
		}
		kind := kindOf(cell)
		if last := len(runs) - 1; kind != odd && kind == before && runs[last].style == cell.Style {
			runs[last].text += cell.Text
			runs[last].width++
			continue
		}
		runs = append(runs, run{x: x, width: cell.Width, text: cell.Text, style: cell.Style})
		before = kind
	}
	return runs
}

// kind is a class of graphemes that are as wide as each other in every font.
type kind int

const (
	odd kind = iota
	ascii
	boxes
)

func kindOf(c Cell) kind {
	r, size := utf8.DecodeRuneInString(c.Text)
	switch {
	case size != len(c.Text) || c.Width != 1:
		return odd
	case r < utf8.RuneSelf:
		return ascii
	case r >= '─' && r <= '╿':
		return boxes
	}
	return odd
}

// decorated reports that a blank of the style is seen.
func (s Style) decorated() bool { return s.Underline > 0 || s.Strikethrough }

func (p Picture) attributes(s Style) string {
	var a strings.Builder
	if fill := p.foreground(s); fill != p.Foreground {
		a.WriteString(` fill="` + string(fill) + `"`)
	}
	for _, attribute := range []struct {
		set  bool
		text string
	}{
		{s.Bold, ` font-weight="bold"`},
		{s.Italic, ` font-style="italic"`},
		{s.Faint, ` fill-opacity="0.6"`},
		{s.Conceal, ` visibility="hidden"`},
		{s.Underline > 0, ` text-decoration="underline"`},
		{s.Strikethrough, ` text-decoration="line-through"`},
	} {
		if attribute.set {
			a.WriteString(attribute.text)
		}
	}
	return a.String()
}

func (p Picture) foreground(s Style) Color {
	if s.Reverse {
		return s.Background.rgb(p.Background)
	}
	return s.Foreground.rgb(p.Foreground)
}

func (p Picture) background(s Style) Color {
	if s.Reverse {
		return s.Foreground.rgb(p.Foreground)
	}
	return s.Background.rgb(p.Background)
}

// rgb is a colour as "#rrggbb"; own stands for the terminal's own colour.
func (c Color) rgb(own Color) Color {
	if c == "" {
		return own
	}
	index, err := strconv.ParseUint(string(c), 10, 8)
	if err != nil {
		return c
	}
	if basic := basicColors(); index < uint64(len(basic)) {
		return basic[index]
	}
	return newColor(color.RGBAModel.Convert(ansi.IndexedColor(index)))
}

// basicColors are the sixteen colours every terminal has its own idea of; these
// can be read on a dark background.
func basicColors() [16]Color {
	return [16]Color{
		"#2e3440", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#abb2bf",
		"#5c6370", "#ff7b86", "#b5e08f", "#ffd68a", "#82c4ff", "#dc9bf0", "#7fd6e0", "#ffffff",
	}
}

// number is a coordinate without needless digits.
func number(x float64) string {
	return strconv.FormatFloat(x, 'f', -1, 32)
}

func escaped(text string) string { return html.EscapeString(strings.ToValidUTF8(text, "\ufffd")) }
