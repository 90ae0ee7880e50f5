package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec" //nolint:depguard // it starts the benchmarks of the older program
	"path/filepath"

	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
)

// Older measures an older revision with its own benchmarks and these arguments, and returns its report. The files of the revision are copied
// to a folder that is removed again.
func Older(ctx context.Context, revision, dir string, progress io.Writer, arguments ...string) (report figure.Report, err error) {
	tree, err := os.MkdirTemp(dir, "older-")
	if err != nil {
		return report, fmt.Errorf("bench: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tree)) }()
	if err := export(ctx, revision, tree); err != nil {
		return report, err
	}
	file := filepath.Join(tree, "figures.json")
	command := append([]string{"run", "./internal/bench/cmd", "-json", file}, arguments...)
	cmd := exec.CommandContext(ctx, "go", command...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = tree, progress, progress
	if err := cmd.Run(); err != nil {
		return report, fmt.Errorf("the benchmarks of %s: %w", revision, err)
	}
	return figure.Load(file)
}

// export writes the files of a revision into a folder.
func export(ctx context.Context, revision, tree string) error {
	archive := filepath.Join(tree, "tree.tar")
	if _, err := git(ctx, "archive", "--format=tar", "-o", archive, revision); err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, "tar", "-xf", archive, "-C", tree).CombinedOutput(); err != nil {
		return fmt.Errorf("unpacking %s: %w: %s", revision, err, out)
	}
	return os.Remove(archive)
}
