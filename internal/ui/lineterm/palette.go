package lineterm

import (
	"image/color"
	"strconv"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// maxStyles bounds the style cache of one terminal. A theme has some dozens of
// styles; a view that invents new ones for ever only loses the cache.
const maxStyles = 256

// style is one SGR sequence as the terminal shall get it.
type style struct {
	text  string // empty: nothing is to be sent
	plain bool   // it leaves the default pen
}

// palette translates SGR sequences to what a colour profile can show. Each
// sequence is translated once; lines are made of few different ones.
type palette struct {
	profile colorprofile.Profile
	known   map[string]style
}

func newPalette(profile colorprofile.Profile) *palette {
	return &palette{profile: profile, known: make(map[string]style)}
}

// style translates one complete sequence "ESC [ ... m".
func (p *palette) style(sequence string) style {
	if s, ok := p.known[sequence]; ok {
		return s
	}
	if len(p.known) >= maxStyles {
		clear(p.known)
	}
	s := p.translate(sequence)
	p.known[strings.Clone(sequence)] = s // not the whole view the sequence is a part of
	return s
}

func (p *palette) translate(sequence string) style {
	if p.profile <= colorprofile.NoTTY {
		return style{}
	}
	parser := ansi.NewParser()
	ansi.DecodeSequence(sequence, ansi.NormalState, parser)
	params := parser.Params()
	if len(params) == 0 {
		return style{text: resetStyle, plain: true}
	}
	out := attributes{profile: p.profile}
	for len(params) > 0 {
		params = params[out.read(params):]
	}
	return out.style()
}

// attributes collects the parameters of a translated sequence.
type attributes struct {
	profile colorprofile.Profile
	codes   []string
	plain   bool
}

func (a *attributes) style() style {
	switch {
	case len(a.codes) == 0:
		return style{}
	case a.plain:
		return style{text: resetStyle, plain: true}
	default:
		return style{text: "\x1b[" + strings.Join(a.codes, ";") + "m"}
	}
}

func (a *attributes) add(code string) {
	a.codes, a.plain = append(a.codes, code), false
}

// read translates the first attribute of params and returns how many
// parameters it took.
func (a *attributes) read(params ansi.Params) int {
	code := params[0].Param(0)
	switch {
	case code == 0:
		a.codes, a.plain = []string{"0"}, true
		return 1
	case code == 38 || code == 48 || code == 58:
		return a.extended(code, params)
	case code == 4 && params[0].HasMore() && len(params) > 1:
		a.underline(params[1].Param(0))
		return 2
	case code < 30:
		a.add(strconv.Itoa(code))
	case code < 60 || (code >= 90 && code < 108):
		a.basic(code)
	}
	return 1
}

// extended reads a 256-colour or true-colour parameter group (ITU-T T.416).
func (a *attributes) extended(code int, params ansi.Params) int {
	var c color.Color
	n := max(ansi.ReadStyleColor(params, &c), 1)
	if c != nil {
		a.colour(code, a.profile.Convert(c))
	}
	return min(n, len(params))
}

// basic passes on one of the sixteen colours, or the default colour.
func (a *attributes) basic(code int) {
	if a.profile >= colorprofile.ANSI {
		a.add(strconv.Itoa(code))
	}
}

// underline passes on an underline style; terminals without them get a plain
// underline, because the colon form is misread by old ones.
func (a *attributes) underline(kind int) {
	switch {
	case kind == 0:
		a.add("24")
	case a.profile == colorprofile.TrueColor:
		a.add("4:" + strconv.Itoa(kind))
	default:
		a.add("4")
	}
}

func (a *attributes) colour(code int, c color.Color) {
	if c == nil {
		return
	}
	var style ansi.Style
	switch code {
	case 38:
		style = style.ForegroundColor(c)
	case 48:
		style = style.BackgroundColor(c)
	default:
		style = style.UnderlineColor(c)
	}
	for _, s := range style {
		a.add(s)
	}
}
