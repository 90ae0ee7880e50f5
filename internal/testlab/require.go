package testlab

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Program is an external program that a test cannot do without.
type Program string

// The programs that testlab knows how to name a package for.
const (
	ProgramSlapd      Program = "slapd"
	ProgramLDAPSearch Program = "ldapsearch"
)

// Require skips the test with one sentence when a program is missing. With CI=true it fails instead: there a skipped
// test is a test that nobody runs.
func Require(tb testing.TB, programs ...Program) {
	tb.Helper()
	for _, program := range programs {
		if _, err := findProgram(string(program)); err == nil {
			continue
		}
		report := tb.Skipf
		if os.Getenv("CI") == "true" {
			report = tb.Fatalf
		}
		report("%s is not installed: apt-get install %s.", program, packageOf(program))
	}
}

func packageOf(program Program) string {
	switch program {
	case ProgramSlapd:
		return "slapd ldap-utils"
	case ProgramLDAPSearch:
		return "ldap-utils"
	}
	return string(program)
}

// findProgram also looks where Debian keeps servers, which is not in the PATH of an ordinary user.
func findProgram(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		return path, nil
	}
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin", "/sbin"} {
		if found, dirErr := exec.LookPath(filepath.Join(dir, name)); dirErr == nil {
			return found, nil
		}
	}
	return "", err
}
