package text_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sspr-tui/sspr-tui/internal/text"
)

// use is one place of the program that says something.
type use struct {
	id     string
	fields []string
	open   bool // fields come from a variable: they cannot be read here
	at     token.Position
}

// uses reads every sentence.Of("id", ...) and Label("id") of the program, tests aside.
func uses(t *testing.T) []use {
	t.Helper()
	var out []use
	program(t, func(fset *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if u, ok := read(call); ok {
					u.at = fset.Position(call.Pos())
					out = append(out, u)
				}
			}
			return true
		})
	})
	return out
}

func read(call *ast.CallExpr) (use, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 {
		return use{}, false
	}
	pkg, _ := sel.X.(*ast.Ident)
	said := sel.Sel.Name == "Of" && pkg != nil && pkg.Name == "sentence"
	if !said && sel.Sel.Name != "Label" {
		return use{}, false
	}
	id, ok := literal(call.Args[0])
	if !ok {
		return use{}, false
	}
	u := use{id: id, open: call.Ellipsis.IsValid()}
	for _, arg := range call.Args[1:] {
		field, ok := arg.(*ast.CallExpr)
		if !ok || len(field.Args) == 0 {
			u.open = true
			continue
		}
		name, ok := literal(field.Args[0])
		u.open = u.open || !ok
		u.fields = append(u.fields, name)
	}
	return u, true
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func TestEverythingTheProgramSaysIsInTheCatalogueWithItsFields(t *testing.T) {
	t.Parallel()
	found := uses(t)
	if len(found) < 100 {
		t.Fatalf("only %d places were found: this test does not read the program", len(found))
	}
	for _, u := range found {
		shown, ok := text.Fields(text.English, u.id)
		if !ok {
			t.Errorf("%s: there is no sentence %q", u.at, u.id)
			continue
		}
		for _, f := range shown {
			if !u.open && !slices.Contains(u.fields, f) {
				t.Errorf("%s: %q shows {%s}, which is not given", u.at, u.id, f)
			}
		}
	}
}

// prefixes begin ids of sentences and nothing else, so that an id that is chosen at run time is found too.
var prefixes = []string{"directory.", "openldap.", "evidence.", "headline.", "error.", "conflict.", "mail.", "front.", "lock.", "letter.", "outcome.", "reconcile."}

func TestIdsThatAreChosenAtRunTimeAreInTheCatalogue(t *testing.T) {
	t.Parallel()
	found := 0
	program(t, func(fset *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			if id, ok := literal(e); ok && looksLikeASentence(id) {
				found++
				if _, ok := text.Fields(text.English, id); !ok {
					t.Errorf("%s: there is no sentence %q", fset.Position(e.Pos()), id)
				}
			}
			return true
		})
	})
	if found < 100 {
		t.Fatalf("%d ids were found: this test does not read the program", found)
	}
}

// looksLikeASentence reports whether a text is the id of a sentence.
func looksLikeASentence(id string) bool {
	if strings.ContainsAny(id, " /:%\n") || strings.HasSuffix(id, ".") || strings.HasSuffix(id, "_") || notASentence(id) {
		return false
	}
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(id, p) })
}

// program reads every source file of the program, tests aside.
func program(t *testing.T, read func(*token.FileSet, *ast.File)) {
	t.Helper()
	fset := token.NewFileSet()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if file, err := parser.ParseFile(fset, path, nil, 0); err == nil { // a file that does not compile fails elsewhere
			read(fset, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// notASentence names verbs, permissions and files that look like ids.
func notASentence(id string) bool {
	return slices.Contains([]string{"directory.import", "mail.transport", "directory.key"}, id) || strings.HasSuffix(id, ".txt")
}

func TestTheLanguagesAgree(t *testing.T) {
	t.Parallel()
	for _, id := range text.IDs(text.Chinese) {
		zh, _ := text.Fields(text.Chinese, id)
		en, ok := text.Fields(text.English, id)
		if !ok {
			t.Errorf("zh-CN has %q, which English has not", id)
			continue
		}
		for _, f := range zh {
			if !slices.Contains(en, f) {
				t.Errorf("zh-CN %q shows {%s}, which English does not", id, f)
			}
		}
	}
}

func TestChineseIsComplete(t *testing.T) {
	t.Parallel()
	have := text.IDs(text.Chinese)
	for _, id := range text.IDs(text.English) {
		if _, found := slices.BinarySearch(have, id); !found {
			t.Errorf("zh-CN lacks %q", id)
		}
	}
}
