package lineterm

import (
	"strings"

	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// maxPens bounds what one terminal remembers. A theme has some dozens of pens;
// a view that invents new ones for ever only loses the cache.
const maxPens = 512

// palette numbers the pens that a colour profile has for the styles of a view.
// Each SGR sequence is understood once for each pen it is met with; lines are
// made of few.
type palette struct {
	profile colorprofile.Profile
	pens    []pen // 0 is the default one
	numbers map[uv.Style]int32
	changes map[change]int32
}

// pen is one way to draw a glyph.
type pen struct {
	style  uv.Style
	params string // of the SGR sequence that makes it of the default pen
}

// change is an SGR sequence that is met with a pen.
type change struct {
	pen      int32
	sequence string
}

func newPalette(profile colorprofile.Profile) *palette {
	p := &palette{
		profile: profile,
		numbers: make(map[uv.Style]int32), changes: make(map[change]int32),
	}
	p.forget()
	return p
}

// forget drops all pens but the default one.
func (p *palette) forget() {
	clear(p.numbers)
	clear(p.changes)
	p.pens = append(p.pens[:0], pen{})
	p.numbers[uv.Style{}] = 0
}

// trim forgets when too much is remembered. Between two trims numbers are stable.
func (p *palette) trim() {
	if len(p.pens) > maxPens || len(p.changes) > maxPens {
		p.forget()
	}
}

// change is the pen that a sequence "ESC [ ... m" makes of another.
func (p *palette) change(from int32, sequence string) int32 {
	if to, ok := p.changes[change{from, sequence}]; ok {
		return to
	}
	to := p.number(p.convert(read(sequence, p.pens[from].style)))
	p.changes[change{from, strings.Clone(sequence)}] = to // not the whole view the sequence is a part of
	return to
}

// read is the style that a sequence makes of another.
func read(sequence string, style uv.Style) uv.Style {
	parser := ansi.GetParser() // shared: each has a large buffer
	defer ansi.PutParser(parser)
	ansi.DecodeSequence(sequence, ansi.NormalState, parser)
	uv.ReadStyle(parser.Params(), &style)
	return style
}

// convert is the style as far as the terminal can show it.
func (p *palette) convert(style uv.Style) uv.Style {
	if p.profile <= colorprofile.NoTTY {
		return uv.Style{}
	}
	style = uv.ConvertStyle(style, p.profile)
	if p.profile < colorprofile.TrueColor {
		// Old terminals read the kinds and colours of underlines as something else.
		style.Underline = min(style.Underline, uv.UnderlineSingle)
		style.UnderlineColor = nil
	}
	return style
}

func (p *palette) number(style uv.Style) int32 {
	if n, ok := p.numbers[style]; ok {
		return n
	}
	n := int32(len(p.pens))
	params := strings.TrimSuffix(strings.TrimPrefix(style.String(), "\x1b["), "m")
	p.pens = append(p.pens, pen{style: style, params: params})
	p.numbers[style] = n
	return n
}

// append writes what turns one pen into another.
func (p *palette) append(buf []byte, from, to int32) []byte {
	switch {
	case from == to:
		return buf
	case to == 0:
		return append(buf, resetStyle...)
	}
	buf = append(buf, escape, '[')
	if from != 0 {
		buf = append(buf, "0;"...)
	}
	buf = append(buf, p.pens[to].params...)
	return append(buf, 'm')
}
