// Package serve has the servers of the SSH benchmarks: the desk as the program puts it together, a plain echo server on x/crypto, and the desk's
// search screen twice on a directory in memory, once as it is and once as a stock Bubble Tea program with the stock table. Each runs in a
// process of its own, see package child.
//
// The echo server is the floor of the desk: the same handshake and limits, nothing behind them. The two screens have the same door and the same
// search, which takes microseconds, so that only the screen and what draws it differ.
package serve
