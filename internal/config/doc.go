// Package config reads the desk's configuration file: strict, typed, everything wrong reported at once with file, line and what is expected.
//
// A key the program does not know, a value of the wrong type, a missing file and a secret that others can read are all refused. Secrets never
// stand in the file: it names credential files (systemd credentials or files with mode 0600). The package opens no connection and changes nothing.
package config
