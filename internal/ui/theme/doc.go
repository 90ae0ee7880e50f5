// Package theme holds how everything looks: colours by meaning, glyphs, the
// width of text in terminal cells, and the pen that writes styled lines.
//
// What it gives:
//   - [Theme]: one immutable look (palette and glyph set), made once with
//     [New] and shared by any number of sessions. Every token is a pair of
//     precomputed escape sequences; painting is string concatenation.
//   - [Token] and [State]: colours are named after what they mean, never after
//     what they are. A state has a glyph as well as a colour.
//   - [Width], [Truncate], [Fit], [Wrap]: measuring and cutting in cells, in
//     agreement with the x/vt emulator and with terminals of Unicode mode 2027.
//   - [Pen]: writes a block of exactly h lines of at most w cells. It cannot
//     write past the edge and lets no control byte of its input through.
//
// What it never does: it knows no screen and no domain, reads no clock and no
// environment, and does no I/O. The background is always the terminal's own.
package theme
