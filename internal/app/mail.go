package app

import (
	"fmt"
	"log/slog"

	"github.com/sspr-tui/sspr-tui/internal/config"
	"github.com/sspr-tui/sspr-tui/internal/core"
	"github.com/sspr-tui/sspr-tui/internal/notify"
)

// openMail puts mail together as the configuration says: the courier of letters, and what makes the dispatcher of an outbox. It connects to
// nothing; Courier.Probe does.
func openMail(m config.Mail, l look, clock core.Clock, log *slog.Logger) (*notify.Courier, func(core.Outbox) *notify.Dispatcher, error) {
	transport, err := mailTransport(m)
	if err != nil {
		return nil, nil, err
	}
	room, err := notify.NewMailroom(notify.Options{
		Transport: transport, From: m.From, HelpLine: m.HelpLine, Language: l.language, Zone: l.zone, Clock: clock, Log: log,
	})
	if err != nil {
		return nil, nil, err
	}
	return room.Courier(), room.Dispatcher, nil
}

func mailTransport(m config.Mail) (notify.Transport, error) {
	switch m.Transport {
	case "smtp":
		return notify.NewSMTP(notify.SMTPOptions{
			Host: m.Host, Port: m.Port, Security: notify.Security(m.Security), User: m.User, Password: m.Password, CA: m.CA,
		})
	case "outbox":
		return notify.NewOutboxDir(m.Folder)
	default:
		return nil, fmt.Errorf("mail: there is no transport %q", m.Transport)
	}
}
