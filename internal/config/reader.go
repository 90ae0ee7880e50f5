package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sspr-tui/sspr-tui/internal/secret"
)

// maxFile bounds files that are read, in bytes.
const maxFile = 1 << 20

// reader takes values out of a decoded file and notes what is wrong with them. A key nobody asked for is wrong at the end.
type reader struct {
	file     string
	at       lines
	problems Problems
}

// table is one table of the file with its dotted name.
type table struct {
	r     *reader
	name  string
	left  map[string]any
	asked []string
}

func (r *reader) wrong(key, expected string) {
	r.problems = append(r.problems, Problem{File: r.file, Line: r.at.find(key), Key: key, Expected: expected})
}

func (r *reader) table(name string, values map[string]any) *table {
	return &table{r: r, name: name, left: maps.Clone(values)}
}

func (t *table) key(k string) string { return join(t.name, k) }

func (t *table) wrong(k, expected string) { t.r.wrong(t.key(k), expected) }

// take removes a value, so that what is left at the end is unknown.
func (t *table) take(k string) (any, bool) {
	t.asked = append(t.asked, k)
	v, ok := t.left[k]
	delete(t.left, k)
	return v, ok
}

// done notes every key that nobody asked for.
func (t *table) done() {
	slices.Sort(t.asked)
	for _, k := range slices.Sorted(maps.Keys(t.left)) {
		t.wrong(k, "no such key; known here: "+strings.Join(t.asked, ", "))
	}
}

// text is a string; fallback when the key is not there.
func (t *table) text(k, fallback string) string {
	v, ok := t.take(k)
	if !ok {
		return fallback
	}
	s, ok := v.(string)
	if !ok {
		t.wrong(k, `text in quotation marks`)
		return fallback
	}
	return s
}

// need is a string that must be there and not empty.
func (t *table) need(k, expected string) string {
	s := t.text(k, "")
	if s == "" {
		t.wrong(k, expected)
	}
	return s
}

// one is a string out of a list.
func (t *table) one(k, fallback string, of ...string) string {
	s := t.text(k, fallback)
	if !slices.Contains(of, s) {
		t.wrong(k, "one of "+strings.Join(of, ", "))
		return fallback
	}
	return s
}

func (t *table) yes(k string, fallback bool) bool {
	v, ok := t.take(k)
	if !ok {
		return fallback
	}
	b, ok := v.(bool)
	if !ok {
		t.wrong(k, "true or false")
	}
	return b
}

func (t *table) number(k string, fallback, lo, hi int) int {
	v, ok := t.take(k)
	if !ok {
		return fallback
	}
	n, ok := v.(int64)
	if !ok || n < int64(lo) || n > int64(hi) {
		t.wrong(k, fmt.Sprintf("a whole number from %d to %d", lo, hi))
		return fallback
	}
	return int(n)
}

func (t *table) list(k string) []string {
	v, ok := t.take(k)
	if !ok {
		return nil
	}
	items, ok := v.([]any)
	out := make([]string, 0, len(items))
	for _, item := range items {
		s, isText := item.(string)
		ok = ok && isText && s != ""
		out = append(out, s)
	}
	if !ok {
		t.wrong(k, "a list of texts")
		return nil
	}
	return out
}

func (t *table) texts(k string) map[string]string {
	v, ok := t.take(k)
	if !ok {
		return nil
	}
	values, ok := v.(map[string]any)
	out := map[string]string{}
	for name, item := range values {
		s, isText := item.(string)
		ok = ok && isText
		out[name] = s
	}
	if !ok {
		t.wrong(k, "a table of texts")
		return nil
	}
	return out
}

// sub is a table inside this one; an empty one when it is not there.
func (t *table) sub(k string) *table {
	v, _ := t.take(k)
	values, ok := v.(map[string]any)
	if v != nil && !ok {
		t.wrong(k, "a table ["+t.key(k)+"]")
	}
	return t.r.table(t.key(k), values)
}

// subs are the tables of an array.
func (t *table) subs(k string) []*table {
	v, ok := t.take(k)
	if !ok {
		return nil
	}
	list, ok := v.([]map[string]any)
	if !ok {
		t.wrong(k, "tables [["+t.key(k)+"]]")
	}
	out := make([]*table, 0, len(list))
	for i, values := range list {
		out = append(out, t.r.table(fmt.Sprintf("%s[%d]", t.key(k), i), values))
	}
	return out
}

// path is a file or folder, relative to the configuration file.
func (t *table) path(k, fallback string) string {
	p := t.text(k, fallback)
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(filepath.Dir(t.r.file), p)
}

// file is the content of a file that must exist; nil when the key is not there.
func (t *table) file(k string) []byte {
	p := t.path(k, "")
	if p == "" {
		return nil
	}
	raw, err := readFile(p)
	if err != nil {
		t.wrong(k, "a file that can be read: "+err.Error())
	}
	return raw
}

// secret is the content of a credential file: only its owner may read it. Trailing line breaks are not part of it.
func (t *table) secret(k string) *secret.Text {
	p := t.path(k, "")
	if p == "" {
		return nil
	}
	info, err := os.Stat(p)
	if err != nil {
		t.wrong(k, "a credential file that can be read: "+reason(err))
		return nil
	}
	if info.Mode().Perm()&forbiddenBits(p) != 0 {
		t.wrong(k, fmt.Sprintf("a credential file that only its owner can read (chmod 600); %s has mode %04o", p, info.Mode().Perm()))
		return nil
	}
	raw, err := readFile(p)
	if err != nil {
		t.wrong(k, "a credential file that can be read: "+reason(err))
		return nil
	}
	trimmed := len(strings.TrimRight(string(raw), "\r\n"))
	if trimmed == 0 {
		t.wrong(k, "a credential file that is not empty")
		return nil
	}
	return secret.New(raw[:trimmed])
}

// forbiddenBits are the permissions a credential file must not have. In the folder that systemd makes for a service (systemd.exec(5),
// CREDENTIALS_DIRECTORY) the group's bits are those of an access list for the service itself.
func forbiddenBits(path string) fs.FileMode {
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" && filepath.Dir(path) == filepath.Clean(dir) {
		return 0o037
	}
	return 0o077
}

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, errors.New(reason(err))
	}
	if info.IsDir() || info.Size() > maxFile {
		return nil, fmt.Errorf("%s is a folder or larger than 1 MiB", path)
	}
	return os.ReadFile(path)
}

// reason is why a file cannot be read, without the operation's name.
func reason(err error) string {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Path + ": " + p.Err.Error()
	}
	return err.Error()
}
