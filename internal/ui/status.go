package ui

import "github.com/sspr-tui/sspr-tui/internal/ui/kit"

// Status is how the things the desk depends on are, as the header shows it.
type Status struct {
	Cells []kit.Cell
}
