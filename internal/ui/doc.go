// Package ui is the terminal program of one operator: the root model with its stack of screens, the chrome around them (header, footer,
// dialogs, toasts, help, palette), the lock, and the registry of screens.
//
// The root is the only tea.Model. It routes keys to the dialog, then to the screen on top, then to its own keys; it routes results to the
// screen that asked for them, or drops them. The package reaches the domain only through core.Desk, and never imports a store, a directory or
// a channel.
package ui
