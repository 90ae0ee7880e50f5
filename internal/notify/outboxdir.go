package notify

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

const (
	incoming     = ".incoming-" // begins the name of a file that is being written
	staleAfter   = time.Hour    // a file that is still incoming then belongs to a process that ended
	folderMode   = 0o700
	messageMode  = 0o600
	fileNameTime = "20060102T150405.000000000Z" // of one width, so that names sort by time
)

// OutboxDir is the Transport that writes each message into a folder as one .eml file, for the demo and for mail systems that collect
// files. Only the program's own account can read them. A second try of the same message replaces the first.
type OutboxDir struct {
	folder string
}

// NewOutboxDir makes the folder where there is none, closes it to others, and removes what an ended process left half-written.
func NewOutboxDir(folder string) (*OutboxDir, error) {
	d := &OutboxDir{folder: folder}
	root, err := d.root()
	if err != nil {
		return nil, fmt.Errorf("outbox folder: %w", err)
	}
	defer func() { _ = root.Close() }()
	return d, sweep(root)
}

// root opens the folder. It may have been removed since the last time.
func (d *OutboxDir) root() (*os.Root, error) {
	if err := os.MkdirAll(d.folder, folderMode); err != nil {
		return nil, err
	}
	info, err := os.Stat(d.folder)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm() != folderMode {
		if err := os.Chmod(d.folder, folderMode); err != nil {
			return nil, err
		}
	}
	return os.OpenRoot(d.folder)
}

func sweep(root *os.Root) error {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return fmt.Errorf("outbox folder: %w", err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), incoming) {
			continue
		}
		info, err := e.Info()
		if err != nil || time.Since(info.ModTime()) < staleAfter {
			continue
		}
		if err := root.Remove(e.Name()); err != nil {
			return fmt.Errorf("outbox folder: %w", err)
		}
	}
	return nil
}

// Open implements Transport: the file of the message exists when it returns, so that a folder that cannot be written shows now.
func (d *OutboxDir) Open(_ context.Context, _ Envelope) (Delivery, error) {
	f, err := d.create()
	if err != nil {
		return nil, newFailure(StepFolder, d.folder, err)
	}
	return f, nil
}

// Probe implements Transport.
func (d *OutboxDir) Probe(_ context.Context, _ Address) error {
	f, err := d.create()
	if err != nil {
		return newFailure(StepFolder, d.folder, err)
	}
	f.Abort()
	return nil
}

func (d *OutboxDir) create() (*draft, error) {
	root, err := d.root()
	if err != nil {
		return nil, err
	}
	name := incoming + rand.Text()
	file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, messageMode)
	if err != nil {
		_ = root.Close()
		return nil, err
	}
	return &draft{folder: d.folder, root: root, file: file, name: name}, nil
}

// draft is an .eml file that nobody sees yet.
type draft struct {
	folder string
	root   *os.Root
	file   *os.File
	name   string
}

// Send implements Delivery: the file appears whole or not at all.
func (d *draft) Send(_ context.Context, m Message) error {
	if err := d.fill(m.Content); err != nil {
		d.Abort()
		return newFailure(StepFolder, d.folder, err)
	}
	defer func() { _ = d.root.Close() }()
	if err := d.root.Rename(d.name, fileName(m)); err != nil {
		_ = d.root.Remove(d.name)
		return newFailure(StepFolder, d.folder, err)
	}
	return d.settle()
}

func (d *draft) fill(content []byte) error {
	if _, err := d.file.Write(content); err != nil {
		return err
	}
	return errors.Join(d.file.Sync(), d.file.Close())
}

// settle makes the new name durable. The file is there already, so a failure leaves the message neither surely kept nor surely lost.
func (d *draft) settle() error {
	folder, err := d.root.Open(".")
	if err == nil {
		err = errors.Join(folder.Sync(), folder.Close())
	}
	if err == nil {
		return nil
	}
	f := newFailure(StepFolder, d.folder, err)
	f.Lost = true
	return f
}

// fileName sorts by time and tells nothing about the recipient.
func fileName(m Message) string {
	sum := sha256.Sum256([]byte(m.ID))
	return m.At.UTC().Format(fileNameTime) + "-" + hex.EncodeToString(sum[:6]) + ".eml"
}

// Abort implements Delivery.
func (d *draft) Abort() {
	_ = d.file.Close() // closed already after a failed Send
	_ = d.root.Remove(d.name)
	_ = d.root.Close()
}
