package password

import "time"

// Rules are what a directory demands of a password. The zero Rules demand nothing. Lengths are in code points.
type Rules struct {
	MinLength  int
	MaxLength  int // 0: no limit of the directory
	MinClasses int // how many of the five classes of characters: capital, small, digit, symbol, other letter

	HistoryLength int           // how many former passwords are refused; cannot be checked here
	MinAge        time.Duration // how long a password must be kept; cannot be checked here
	MaxAge        time.Duration // how long a password may be kept, 0 for ever; cannot be checked here

	Banned               []string // terms banned as Microsoft Entra Password Protection does
	ForbidNames          bool     // login and parts of the display name, as Active Directory does
	ForbidDisguisedNames bool     // given name and surname also as "p0ll", as Microsoft Entra does
	ASCIIOnly            bool     // only what every keyboard can type
}

// Person is whose password it is. Empty fields forbid nothing.
type Person struct {
	Login       string
	GivenName   string
	Surname     string
	DisplayName string
}
