package app

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/notify"
	"github.com/sspr-tui/sspr-tui/internal/text"
)

// post carries secrets to their owners, and notices from the outbox.
type post struct {
	courier    *notify.Courier
	dispatcher *notify.Dispatcher
}

func openPost(cfg config.Config, outbox core.Outbox, clock core.Clock, log *slog.Logger) (post, error) {
	transport, err := openTransport(cfg.Mail)
	if err != nil {
		return post{}, fmt.Errorf("mail: %w", err)
	}
	room, err := notify.NewMailroom(notify.Options{
		Transport: transport, From: cfg.Mail.From, HelpLine: cfg.Mail.HelpLine, Language: text.Language(cfg.Desk.Language),
		Zone: cfg.Desk.Zone, Clock: clock, Log: log,
	})
	if err != nil {
		return post{}, fmt.Errorf("mail: %w", err)
	}
	return post{courier: room.Courier(), dispatcher: room.Dispatcher(outbox)}, nil
}

func openTransport(m config.Mail) (notify.Transport, error) {
	if m.Transport == "outbox" {
		return notify.NewOutboxDir(m.Folder)
	}
	return notify.NewSMTP(notify.SMTPOptions{
		Host: m.Host, Port: m.Port, Security: notify.Security(m.Security), User: m.User, Password: m.Password, CA: m.CA,
	})
}

func (p post) run(ctx context.Context) { p.dispatcher.Run(ctx) }

// bell implements core.Events: open terminals are told, and the dispatcher looks for new notices.
type bell struct {
	*hub
	wake func()
}

// Changed implements core.Events.
func (b bell) Changed(e core.Event) {
	b.hub.Changed(e)
	if e.Kind == core.EventAccount {
		b.wake()
	}
}
