package sshd

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// maxLogin is the longest SSH user name in bytes that is looked up; a user principal name fits.
const maxLogin = 128

// checkLogin refuses names that cannot belong to anybody. x/crypto passes on up to 256 KiB of any bytes.
func checkLogin(login string) error {
	if login == "" || len(login) > maxLogin || !utf8.ValidString(login) {
		return fmt.Errorf("%w: malformed login", ErrRefused)
	}
	for _, r := range login {
		if r == ' ' || !unicode.IsPrint(r) {
			return fmt.Errorf("%w: malformed login", ErrRefused)
		}
	}
	return nil
}
