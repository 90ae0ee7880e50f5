// Package figure holds what a benchmark says: figures with their rounds, a report of them, its page in Markdown and its form for programs,
// and the comparison with the report of an older program.
//
// Smaller is better in every figure. The package measures nothing and never rounds a figure away: what was not measured says why.
package figure
