package untrusted

const (
	ones  = 0x0101010101010101 // 1 in each of eight bytes
	highs = 0x8080808080808080
)

// plainPrefix returns the length of the longest prefix of printable ASCII. Nearly every value of a directory is
// nothing else, so it looks at eight bytes at once.
func plainPrefix(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if x := load(s[i : i+8]); (x|(x-0x20*ones)|(x+ones))&highs != 0 {
			break // one of them is above 0x7f, below 0x20 or 0x7f
		}
	}
	for i < len(s) && s[i] >= 0x20 && s[i] < 0x7f {
		i++
	}
	return i
}

func load(s string) uint64 {
	_ = s[7] // one bounds check; the compiler makes a single load of the rest
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
