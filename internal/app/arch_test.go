package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// This file holds the architecture: which package may import which, how long a function and a file may be, and that
// every package says what it is. The rules are data; a new top-level folder needs one line in one of them.

const module = "github.com/sspr-tui/sspr-tui"

// The gates of docs/architecture.md, in lines. Tests and generated files stand aside.
const (
	gateFuncMedian = 10
	gateFuncP99    = 50
	gateFuncMax    = 70
	gateFile       = 400
)

// A rule forbids imports. It names packages by patterns: "internal/core" is that package alone, "internal/core/..." it and
// everything below, "*" stands for one element of a path. Packages of this module are named from its root, all others by
// their import path.
type rule struct {
	of     []string // the packages the rule is about
	except []string // of those, the ones it is not about
	only   []string // if not nil: what they may import beside the standard library
	never  []string // what they may not import
	why    string   // completes "A must not import B: ..."
}

// A family is a set of folders that do not know each other: each is a plug-in.
type family struct {
	members []string    // patterns; a member is the folder itself with everything below, the longest pattern wins
	support []string    // folders inside that are no members
	allowed [][2]string // the exceptions: importer, imported
	why     string
}

// pkg is what the rules see of a package.
type pkg struct {
	path    string // from the module's root
	imports []string
}

var (
	domain      = []string{"internal/core/...", "internal/rbac/..."}
	adapters    = []string{"internal/directory/...", "internal/verify/...", "internal/notify/...", "internal/audit/...", "internal/store/...", "internal/playbook/..."}
	fronts      = []string{"internal/ui/...", "internal/verbs/...", "internal/sshd/..."}
	roots       = []string{"internal/app/...", "cmd/..."}
	testSupport = []string{"internal/core/coretest/...", "internal/directory/directorytest/...", "internal/store/storetest/...", "internal/ui/uitest/...", "internal/testlab/...", "internal/bench/...", "internal/reference/..."}
)

var rules = []rule{
	{
		of:   []string{"internal/core"},
		only: []string{"internal/rbac", "internal/core/policy", "internal/core/password", "internal/dn", "internal/secret", "internal/untrusted", "internal/sentence"},
		why:  "the domain knows the standard library, the roles and the leaves, and reaches everything else through its ports",
	},
	{
		of:   []string{"internal/secret", "internal/untrusted"},
		only: []string{},
		why:  "this leaf imports the standard library alone",
	},
	{
		of:   []string{"internal/dn", "internal/sentence", "internal/text"},
		only: []string{"internal/untrusted", "internal/sentence"},
		why:  "a leaf imports the standard library, internal/untrusted and internal/sentence alone",
	},
	{
		of:   []string{"internal/rbac", "internal/core/policy", "internal/core/password"},
		only: []string{"internal/untrusted", "internal/sentence", "internal/secret", "internal/dn"},
		why:  "a pure package imports the standard library and leaves alone",
	},
	{
		of:   []string{"internal/core/coretest/..."},
		only: []string{"internal/core", "internal/core/policy", "internal/core/password", "internal/rbac", "internal/dn", "internal/secret", "internal/untrusted", "internal/sentence", "internal/core/coretest/..."},
		why:  "the fakes stand in for adapters and import none",
	},
	{
		of:     adapters,
		except: testSupport,
		never:  slices.Concat(fronts, roots, []string{"internal/config/..."}),
		why:    "an adapter imports core and leaves; internal/app hands it its options",
	},
	{
		of:    slices.Concat(domain, []string{"internal/directory/...", "internal/verify/...", "internal/audit/...", "internal/store/...", "internal/playbook/...", "internal/config/...", "internal/sqlitedb/..."}),
		never: []string{"internal/text/..."},
		why:   "it returns sentences as data (internal/sentence); they become words where a person reads them",
	},
	{
		of:     []string{"internal/ui/...", "internal/verbs/..."},
		except: testSupport,
		never:  slices.Concat(adapters, roots, []string{"internal/sshd/...", "internal/config/...", "internal/sqlitedb/..."}),
		why:    "screens and verbs reach everything through internal/core",
	},
	{
		of:     []string{"internal/ui/..."},
		except: testSupport,
		never:  []string{"internal/verbs/..."},
		why:    "screens and verbs are two fronts of one core and do not know each other",
	},
	{
		of:    []string{"internal/verbs/..."},
		never: []string{"internal/ui/..."},
		why:   "screens and verbs are two fronts of one core and do not know each other",
	},
	{
		of:    []string{"internal/ui/kit/...", "internal/ui/theme/...", "internal/ui/lineterm/..."},
		never: slices.Concat(domain, []string{"internal/ui", "internal/ui/screen/..."}),
		why:   "it draws and has no domain knowledge",
	},
	{
		of:    []string{"internal/sshd/..."},
		never: slices.Concat(adapters, roots, []string{"internal/ui", "internal/ui/screen/...", "internal/verbs/...", "internal/config/...", "internal/sqlitedb/..."}),
		why:   "the listener is handed its sessions and its ports by internal/app",
	},
	{
		of:    []string{"internal/config/..."},
		never: slices.Concat(adapters, fronts, roots, []string{"internal/sqlitedb/..."}),
		why:   "the configuration is data; internal/app hands its parts to those they are for",
	},
	{
		of:    []string{"internal/sqlitedb/..."},
		never: slices.Concat(domain, adapters, fronts, roots, []string{"internal/config/..."}),
		why:   "it opens a database and knows nothing of what is in it",
	},
	{
		of:    []string{"internal/app/..."},
		never: []string{"cmd/..."},
		why:   "the commands import the composition root, not the other way round",
	},
	{
		of:    []string{"cmd/..."},
		never: slices.Concat(adapters, fronts, []string{"internal/sqlitedb/..."}),
		why:   "a command goes through internal/app, where everything is put together",
	},
	{
		of:    testSupport,
		never: []string{"cmd/..."},
		why:   "tests start the built program, they do not import it",
	},

	// From here on: rules about everything.
	{
		of:     []string{"..."},
		except: testSupport,
		never:  testSupport,
		why:    "it is there for tests and must not be built into the program",
	},
	{
		of:     []string{"..."},
		except: []string{"internal/directory/ldapconn/...", "internal/testlab/...", "internal/bench/..."},
		never:  []string{"github.com/go-ldap/ldap/v3/..."},
		why:    "only internal/directory/ldapconn speaks LDAP, so that TLS, cancellation and error codes are settled once",
	},
	{
		of:     []string{"..."},
		except: []string{"internal/store/...", "internal/directory/embedded/...", "internal/sqlitedb/..."},
		never:  []string{"modernc.org/..."},
		why:    "only internal/store, internal/directory/embedded and internal/sqlitedb know which database this is",
	},
	{
		of:     []string{"..."},
		except: []string{"cmd/...", "internal/testlab/...", "internal/bench/..."},
		never:  []string{"os/exec"},
		why:    "only cmd, internal/testlab and internal/bench start programs",
	},
}

var families = []family{
	{
		members: []string{"internal/directory", "internal/directory/*", "internal/verify", "internal/notify", "internal/audit", "internal/store", "internal/playbook"},
		support: testSupport,
		allowed: [][2]string{
			{"internal/store", "internal/audit"},                    // the trail's records go through audit's sink interface
			{"internal/directory", "internal/directory/*"},          // the registry names its backends
			{"internal/directory/*", "internal/directory/ldapconn"}, // the connection the LDAP backends share
		},
		why: "an adapter does not know another adapter; what both need belongs to internal/core",
	},
	{
		members: []string{"internal/ui/screen/*"},
		why:     "a screen does not know another screen; navigation is a message to the root",
	},
}

func TestImportsFollowTheArrowsOfTheArchitecture(t *testing.T) {
	t.Parallel()
	pkgs := listPackages(t)
	for _, v := range violations(pkgs) {
		t.Error(v)
	}
}

func TestEveryWrongImportIsNamedInASentence(t *testing.T) {
	t.Parallel()
	cases := []struct{ from, imported, want string }{
		{"internal/core", "internal/store", "reaches everything else through its ports"},
		{"internal/core", "github.com/google/uuid", "reaches everything else through its ports"},
		{"internal/core", "internal/text", "they become words where a person reads them"},
		{"internal/untrusted", "golang.org/x/text/width", "the standard library alone"},
		{"internal/secret", "internal/untrusted", "the standard library alone"},
		{"internal/text", "internal/core", "internal/untrusted and internal/sentence alone"},
		{"internal/dn", "internal/secret", "internal/untrusted and internal/sentence alone"},
		{"internal/rbac", "internal/core", "the standard library and leaves alone"},
		{"internal/core/password", "internal/core", "the standard library and leaves alone"},
		{"internal/core/coretest", "internal/store", "stand in for adapters"},
		{"internal/store", "internal/ui/kit", "an adapter imports core and leaves"},
		{"internal/verify", "internal/config", "an adapter imports core and leaves"},
		{"internal/store", "internal/directory", "does not know another adapter"},
		{"internal/audit", "internal/store", "does not know another adapter"},
		{"internal/directory/openldap", "internal/directory/embedded", "does not know another adapter"},
		{"internal/directory/ldapconn", "internal/directory/openldap", "does not know another adapter"},
		{"internal/directory/embedded/search", "internal/directory/openldap/acl", "does not know another adapter"},
		{"internal/ui/screen/home", "internal/directory/openldap", "through internal/core"},
		{"internal/ui", "internal/store", "through internal/core"},
		{"internal/verbs", "internal/notify", "through internal/core"},
		{"internal/ui/screen/home", "internal/ui/screen/account", "does not know another screen"},
		{"internal/ui/screen/home/list", "internal/ui/screen/account", "does not know another screen"},
		{"internal/ui", "internal/verbs", "two fronts of one core"},
		{"internal/verbs", "internal/ui/kit", "two fronts of one core"},
		{"internal/ui/kit", "internal/core", "no domain knowledge"},
		{"internal/sshd", "internal/store", "handed its sessions and its ports"},
		{"internal/config", "internal/directory", "the configuration is data"},
		{"internal/sqlitedb", "internal/core", "knows nothing of what is in it"},
		{"internal/app", "cmd/sspr-tui", "not the other way round"},
		{"cmd/sspr-tui", "internal/store", "through internal/app"},
		{"internal/testlab", "cmd/sspr-tui", "they do not import it"},
		{"internal/app", "internal/testlab", "there for tests"},
		{"internal/store", "internal/core/coretest", "there for tests"},
		{"internal/directory/openldap", "github.com/go-ldap/ldap/v3", "only internal/directory/ldapconn speaks LDAP"},
		{"internal/audit", "modernc.org/sqlite", "know which database this is"},
		{"internal/sshd", "os/exec", "only cmd, internal/testlab and internal/bench start programs"},
		{"internal/novelty", "fmt", "stands in no rule"},
	}
	hit := map[string]bool{}
	for _, c := range cases {
		got := violations([]pkg{{path: c.from, imports: []string{c.imported}}})
		i := slices.IndexFunc(got, func(s string) bool { return strings.Contains(s, c.want) })
		if i < 0 {
			t.Errorf("%s imports %s: no sentence says %q, only %q", c.from, c.imported, c.want, got)
			continue
		}
		if !strings.HasPrefix(got[i], c.from+" ") || (c.from != "internal/novelty" && !strings.Contains(got[i], " "+c.imported+":")) {
			t.Errorf("the sentence does not name both packages: %s", got[i])
		}
		hit[got[i][strings.Index(got[i], ": ")+2:]] = true
	}
	for _, r := range rules {
		if !hit[r.why+"."] {
			t.Errorf("no wrong example is caught by the rule %q", r.why)
		}
	}
	for _, f := range families {
		if !hit[f.why+"."] {
			t.Errorf("no wrong example is caught by the rule %q", f.why)
		}
	}
}

func TestTheArrowsOfTheArchitectureAreAllowed(t *testing.T) {
	t.Parallel()
	right := []pkg{
		{"cmd/sspr-tui", []string{"internal/app", "os/exec", "github.com/alecthomas/kong"}},
		{"internal/app", []string{"internal/sshd", "internal/ui", "internal/verbs", "internal/store", "internal/directory", "internal/core", "internal/config", "internal/text"}},
		{"internal/core", []string{"context", "internal/rbac", "internal/core/policy", "internal/core/password", "internal/dn", "internal/secret", "internal/untrusted", "internal/sentence"}},
		{"internal/core/coretest", []string{"testing", "internal/core"}},
		{"internal/rbac", []string{"internal/untrusted"}},
		{"internal/text", []string{"embed", "internal/sentence", "internal/untrusted"}},
		{"internal/ui", []string{"internal/ui/screen/home", "internal/ui/screen/account", "internal/core", "internal/text"}},
		{"internal/ui/screen/home", []string{"internal/ui/screen", "internal/ui/kit", "internal/ui/theme", "internal/core"}},
		{"internal/verbs", []string{"internal/core", "internal/text"}},
		{"internal/notify", []string{"internal/core", "internal/text", "github.com/wneessen/go-mail"}},
		{"internal/store", []string{"internal/core", "internal/audit", "internal/store/migrations", "internal/sqlitedb", "modernc.org/sqlite"}},
		{"internal/store/storetest", []string{"internal/core", "testing"}},
		{"internal/directory", []string{"internal/directory/embedded", "internal/directory/openldap", "internal/core"}},
		{"internal/directory/embedded", []string{"internal/core", "internal/sqlitedb", "modernc.org/sqlite"}},
		{"internal/directory/openldap", []string{"internal/core", "internal/dn", "internal/directory/ldapconn"}},
		{"internal/directory/ldapconn", []string{"internal/core", "github.com/go-ldap/ldap/v3", "github.com/go-asn1-ber/asn1-ber"}},
		{"internal/testlab", []string{"os/exec", "github.com/go-ldap/ldap/v3", "internal/core/coretest"}},
		{"internal/bench", []string{"internal/app", "internal/testlab", "github.com/go-ldap/ldap/v3"}},
	}
	for _, v := range violations(right) {
		t.Error(v)
	}
}

func TestFunctionsAndFilesStayWithinTheGates(t *testing.T) {
	t.Parallel()
	var funcs []place
	for _, f := range parseModule(t) {
		if f.test || ast.IsGenerated(f.ast) {
			continue
		}
		if f.lines > gateFile {
			t.Errorf("%s has %d lines, the gate is %d: one concept per file.", f.path, f.lines, gateFile)
		}
		for _, fn := range functions(f) {
			funcs = append(funcs, fn)
			if fn.lines > gateFuncMax {
				t.Errorf("%s has %d lines, the gate is %d: split it where it changes its subject.", fn.name, fn.lines, gateFuncMax)
			}
		}
	}
	if len(funcs) == 0 {
		t.Fatal("no function was measured")
	}
	slices.SortFunc(funcs, func(a, b place) int { return a.lines - b.lines })
	if m := quantile(funcs, 0.5); m > gateFuncMedian {
		t.Errorf("The median function has %d lines, the gate is %d.", m, gateFuncMedian)
	}
	if p := quantile(funcs, 0.99); p > gateFuncP99 {
		t.Errorf("The 99th percentile of functions is %d lines, the gate is %d; the longest are %v.", p, gateFuncP99, funcs[max(0, len(funcs)-10):])
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	docs := map[string]string{}
	names := map[string]string{}
	for _, f := range parseModule(t) {
		if f.test {
			continue
		}
		dir := filepath.ToSlash(filepath.Dir(f.path))
		names[dir] = f.ast.Name.Name
		docs[dir] += f.ast.Doc.Text()
	}
	for dir, name := range names {
		if complaint := packageDocFault(name, docs[dir]); complaint != "" {
			t.Errorf("%s %s.", dir, complaint)
		}
	}
}

func TestAMissingOrEmptyPackageDocIsAFault(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, doc, want string }{
		{"store", "", "has no package doc"},
		{"store", "Keeps cases.\n", "does not begin with"},
		{"store", "Package storage keeps cases.\n", "does not begin with"},
		{"store", "Package store keeps cases. It never reaches the network.\n", ""},
		{"main", "Sspr-tui serves the desk.\n", ""},
		{"main", "", "has no package doc"},
	}
	for _, c := range cases {
		got := packageDocFault(c.name, c.doc)
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("doc %q of package %s: %q, want %q", c.doc, c.name, got, c.want)
		}
	}
}

func TestALongFunctionIsMeasuredFromItsFirstToItsLastLine(t *testing.T) {
	t.Parallel()
	src := "package p\n\n// F is long.\nfunc F() {\n" + strings.Repeat("\t_ = 0\n", 69) + "}\n\nfunc (t *T) m() {}\n\nfunc external()\n"
	f := parse(t, "p.go", []byte(src))
	got := functions(f)
	want := []place{{71, "p.go: F"}, {1, "p.go: m"}}
	if !slices.Equal(got, want) {
		t.Errorf("functions: %v, want %v", got, want)
	}
	if want := strings.Count(src, "\n"); f.lines != want {
		t.Errorf("file of %d lines, want %d", f.lines, want)
	}
	if q := quantile([]place{{1, ""}, {2, ""}, {3, ""}}, 0.99); q != 2 {
		t.Errorf("quantile: %d, want 2", q)
	}
}

// violations returns one sentence for each wrong import.
func violations(pkgs []pkg) []string {
	var out []string
	for _, p := range pkgs {
		if !covered(p.path) {
			out = append(out, p.path+" stands in no rule: add its folder to one of the rules of internal/app/arch_test.go.")
		}
		for _, imp := range p.imports {
			for _, r := range rules {
				if r.forbids(p.path, imp) {
					out = append(out, fmt.Sprintf("%s must not import %s: %s.", p.path, imp, r.why))
				}
			}
			for _, f := range families {
				if f.forbids(p.path, imp) {
					out = append(out, fmt.Sprintf("%s must not import %s: %s.", p.path, imp, f.why))
				}
			}
		}
	}
	return out
}

// covered reports whether a rule that is not about everything is about the package.
func covered(path string) bool {
	return slices.ContainsFunc(rules, func(r rule) bool {
		return !slices.Contains(r.of, "...") && matchAny(r.of, path)
	})
}

func (r rule) forbids(from, imp string) bool {
	if !matchAny(r.of, from) || matchAny(r.except, from) {
		return false
	}
	if matchAny(r.never, imp) {
		return true
	}
	return r.only != nil && !standard(imp) && !matchAny(r.only, imp)
}

func (f family) forbids(from, imp string) bool {
	a, b := f.member(from), f.member(imp)
	if a == "" || b == "" || a == b {
		return false
	}
	return !slices.ContainsFunc(f.allowed, func(e [2]string) bool { return match(e[0], a) && match(e[1], b) })
}

// member returns the folder of the family that the package belongs to, or "".
func (f family) member(path string) string {
	if matchAny(f.support, path) {
		return ""
	}
	longest := ""
	elements := strings.Split(path, "/")
	for _, m := range f.members {
		n := strings.Count(m, "/") + 1
		if !match(m+"/...", path) {
			continue
		}
		if folder := strings.Join(elements[:n], "/"); len(folder) > len(longest) {
			longest = folder
		}
	}
	return longest
}

func matchAny(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return match(p, path) })
}

func match(pattern, path string) bool {
	if pattern == "..." {
		return true
	}
	stem, below := strings.CutSuffix(pattern, "/...")
	want, have := strings.Split(stem, "/"), strings.Split(path, "/")
	if len(have) < len(want) || (len(have) > len(want) && !below) {
		return false
	}
	for i, w := range want {
		if w != "*" && w != have[i] {
			return false
		}
	}
	return true
}

// standard reports whether the import is of the standard library: its first element has no dot, and it is not ours.
func standard(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(first, ".") && first != "internal" && first != "cmd"
}

func listPackages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports", "./...")
	cmd.Dir = moduleRoot(t)
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var pkgs []pkg
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the answer of go list: %v", err)
		}
		for i, imp := range p.Imports {
			p.Imports[i] = strings.TrimPrefix(imp, module+"/")
		}
		pkgs = append(pkgs, pkg{path: strings.TrimPrefix(p.ImportPath, module+"/"), imports: p.Imports})
	}
	if len(pkgs) == 0 {
		t.Fatal("go list found no package")
	}
	return pkgs
}

// place is a length and where it was found.
type place struct {
	lines int
	name  string
}

// file is a parsed Go file of the module.
type file struct {
	path  string // from the module's root
	lines int
	test  bool
	ast   *ast.File
	fset  *token.FileSet
}

// parseModule parses every Go file of the module, whatever its build tags.
func parseModule(t *testing.T) []file {
	t.Helper()
	root := os.DirFS(moduleRoot(t))
	var files []file
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || path == "tools" || path == "bin") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		src, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		files = append(files, parse(t, path, src))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func parse(t *testing.T, path string, src []byte) file {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return file{path: path, lines: strings.Count(string(src), "\n"), test: strings.HasSuffix(path, "_test.go"), ast: f, fset: fset}
}

// functions returns the functions of the file with their lines, from "func" to the closing brace.
func functions(f file) []place {
	var out []place
	for _, d := range f.ast.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		lines := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1
		out = append(out, place{lines, f.path + ": " + fn.Name.Name})
	}
	return out
}

func quantile(sorted []place, q float64) int {
	return sorted[int(q*float64(len(sorted)-1))].lines
}

// packageDocFault says what is wrong with the doc of a package, or "".
func packageDocFault(name, doc string) string {
	switch {
	case strings.TrimSpace(doc) == "":
		return "has no package doc: say what it is and what it never does"
	case name != "main" && !strings.HasPrefix(doc, "Package "+name+" "):
		return fmt.Sprintf("has a package doc that does not begin with %q", "Package "+name)
	}
	return ""
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatalf("the module's root is not where this test expects it: %v", err)
	}
	return root
}
