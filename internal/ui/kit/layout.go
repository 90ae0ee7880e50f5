package kit

// Layout is how much a terminal can show.
type Layout string

// The layouts.
const (
	// LayoutTiny is below 60x16: only a friendly sentence fits.
	LayoutTiny Layout = "tiny"
	// LayoutCompact is one pane, made for 80x24.
	LayoutCompact Layout = "compact"
	// LayoutWide is a list beside a card, from 100 columns.
	LayoutWide Layout = "wide"
)

// Pick returns the layout for a terminal of w columns and h lines.
func Pick(w, h int) Layout {
	switch {
	case w < 60 || h < 16:
		return LayoutTiny
	case w < 100:
		return LayoutCompact
	default:
		return LayoutWide
	}
}
