package app

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"

	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/rbac"
)

// slowDirectory says when a password is about to be set, and waits.
type slowDirectory struct {
	core.Directory
	under chan<- struct{}
	goOn  <-chan struct{}
}

func (d *slowDirectory) SetPassword(ctx context.Context, g rbac.Grant, c core.PasswordChange) error {
	d.under <- struct{}{}
	<-d.goOn
	return d.Directory.SetPassword(ctx, g, c)
}

// holdLock keeps the write lock of a database until standard input ends.
func holdLock(path string) int {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return 1
	}
	db.SetMaxOpenConns(1) // the lock belongs to a connection
	if _, err := db.ExecContext(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		return 1
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = db.Close()
	return 0
}
