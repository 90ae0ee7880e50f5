// Package serve has the three servers of the SSH benchmarks: the desk as the program puts it together, a plain echo server on x/crypto, and
// the desk's search screen as a stock Bubble Tea program with the stock table. Each runs in a process of its own, see package child.
//
// The echo server is the floor: the same handshake and limits, nothing behind them. The stock server has the desk's door and search, so that
// only the screen and what draws it differ.
package serve
