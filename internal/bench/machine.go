package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec" //nolint:depguard // the benchmarks start their own servers; nothing of this is in the program
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/sspr-tui/sspr-tui/internal/bench/figure"
)

// describe says what machine this is and where state lies.
func describe(state string) figure.Machine {
	return figure.Machine{
		CPU: field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(), Memory: memory(), Kernel: kernel(), Go: runtime.Version(),
		State: fileSystem(state), Scratch: fileSystem("/dev/shm"),
	}
}

// field reads "name : value" from a file of /proc.
func field(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return "unknown"
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if k, v, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

func memory() string {
	kib, _, _ := strings.Cut(field("/proc/meminfo", "MemTotal"), " ")
	n, err := strconv.ParseInt(kib, 10, 64)
	if err != nil {
		return "unknown memory"
	}
	return fmt.Sprintf("%.0f GiB", float64(n)/(1<<20))
}

func kernel() string {
	raw, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return runtime.GOOS
	}
	return "Linux " + strings.TrimSpace(string(raw))
}

func loadAverage() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(raw))[:3], " ")
}

// fileSystem names the kind of file system a folder is on (statfs(2)).
func fileSystem(dir string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return "unknown"
	}
	names := map[int64]string{0xef53: "ext4", 0x01021994: "tmpfs", 0x58465342: "xfs", 0x9123683e: "btrfs", 0x794c7630: "overlayfs"}
	if n, ok := names[s.Type]; ok {
		return n
	}
	return fmt.Sprintf("file system %#x", s.Type)
}

// commit names the revision that is measured, and says when files differ from it.
func commit(ctx context.Context) string {
	id, err := git(ctx, "rev-parse", "--short=12", "HEAD")
	if err != nil {
		return "unknown"
	}
	if changed, err := git(ctx, "status", "--porcelain", "--untracked-files=no"); err != nil || changed != "" {
		id += " with uncommitted changes"
	}
	return id
}

func git(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", args...).Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// module is the folder of the module that holds the working folder.
func module(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(out))), nil
}
