package sshd

import (
	"net"
	"net/netip"
)

// addressOf is the client's address without a zone; an IPv4 address is never in IPv6 clothes. It is the zero address
// for anything but TCP, which is then one source.
func addressOf(remote net.Addr) netip.Addr {
	tcp, ok := remote.(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap().WithZone("")
}

// sourceOf is what limits and penalties are counted for: the address, or the /64 that a client of IPv6 usually has to
// itself.
func sourceOf(addr netip.Addr) netip.Prefix {
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
