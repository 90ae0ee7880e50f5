package theme

import (
	"fmt"

	"github.com/charmbracelet/colorprofile"
)

// Depth is how many colours the terminal shows. The sequences are made for it
// once, so that nothing has to be translated when a frame is sent.
type Depth string

// The depths. True colour terminals get [Depth256]: its colours are fixed.
const (
	// DepthNone uses bold, underline and reverse only.
	DepthNone Depth = "none"
	// Depth16 uses the terminal's own sixteen colours.
	Depth16 Depth = "16"
	// Depth256 uses the fixed part of the 256-colour palette.
	Depth256 Depth = "256"
)

// DepthOf returns the depth for a terminal's colour profile.
func DepthOf(p colorprofile.Profile) Depth {
	switch {
	case p >= colorprofile.ANSI256:
		return Depth256
	case p == colorprofile.ANSI:
		return Depth16
	default:
		return DepthNone
	}
}

func checkDepth(d Depth) (Depth, error) {
	switch d {
	case "":
		return Depth256, nil
	case DepthNone, Depth16, Depth256:
		return d, nil
	default:
		return "", fmt.Errorf("colour depth %q: %w", string(d), ErrUnknown)
	}
}
